import { type Agent, isFree, isSoonFree, reserve, reserveAhead } from '../agent/agent.ts';
import { valueAt, valuesInOrder, withEntry, withoutEntry } from '../collections/ordered-map.ts';
import type { EpochMs, QueueId } from '../ids.ts';
import type { Floor, FloorEffect, IdleAgent, QueueOnFloor, StaffedAgent } from './floor.ts';
import {
  comparePlaces,
  countAhead,
  countServableAhead,
  type Entry,
  nextInLine,
  passOver,
} from './line.ts';

interface Match {
  readonly floor: Floor;
  readonly effects: readonly FloorEffect[];
}

/** Gives a newly eligible entry to the best free agent of its queue, if there is one who can serve it. */
export function assignEntry(floor: Floor, entry: Entry, now: EpochMs): Match {
  const queue = floor.queues.get(entry.queue);
  const staffed = queue === undefined ? undefined : freeAgentFor(floor, queue, entry);
  if (queue === undefined || staffed === undefined) return { floor, effects: [] };
  // An agent free for this entry means that nobody before it can be served by them: they would have been.
  return pair(floor, staffed, nextInLine(queue.line, staffed.skills) ?? entry, now);
}

/** Gives a newly free agent the earliest arrival over all queues they serve, if there is one. */
export function assignAgent(floor: Floor, staffed: StaffedAgent, now: EpochMs): Match {
  const entry = earliest(floor, staffed);
  return entry === undefined ? { floor, effects: [] } : pair(floor, staffed, entry, now);
}

/**
 * Has the first in line called while the agent is still in wrap-up, so that they are on the line
 * when it ends. Only a ticket, since a holder is there already; and only while its turn is next.
 */
export function assignAhead(floor: Floor, staffed: StaffedAgent, now: EpochMs): Match {
  const { agent } = staffed;
  const entry = earliest(floor, staffed);
  const queue = entry === undefined ? undefined : floor.queues.get(entry.queue);
  if (entry?.kind !== 'ticket' || queue === undefined) return { floor, effects: [] };
  if (!isSoonFree(agent) || agent.activity.name !== 'wrapUp') return { floor, effects: [] };
  const { callback } = queue.settings;
  const isInTime = agent.activity.until - now <= queue.leadMs;
  if (callback.dial.order !== 'customerFirst' || !isInTime) return { floor, effects: [] };
  return pair(floor, staffed, entry, now);
}

function freeAgentFor(floor: Floor, queue: QueueOnFloor, entry: Entry): StaffedAgent | undefined {
  for (const idle of valuesInOrder(queue.free)) {
    const staffed = valueAt(floor.agents, idle.id);
    if (staffed !== undefined && entry.skills.every((skill) => staffed.skills.has(skill))) {
      return staffed;
    }
  }
  return undefined;
}

function earliest(floor: Floor, { queues, skills }: StaffedAgent): Entry | undefined {
  let first: Entry | undefined;
  for (const queueId of queues) {
    const queue = floor.queues.get(queueId);
    const entry = queue === undefined ? undefined : nextInLine(queue.line, skills);
    if (entry !== undefined && (first === undefined || comparePlaces(entry, first) < 0)) {
      first = entry;
    }
  }
  return first;
}

function pair(floor: Floor, staffed: StaffedAgent, entry: Entry, now: EpochMs): Match {
  const { agent } = staffed;
  const ready = isFree(agent);
  const queues = new Map(floor.queues);
  for (const queueId of staffed.queues) {
    const queue = queues.get(queueId);
    if (queue !== undefined) {
      const idle = idleFor(agent, staffed, queueId);
      queues.set(queueId, { ...queue, free: withoutEntry(queue.free, idle) });
    }
  }
  const queue = queues.get(entry.queue);
  const count = queue === undefined ? 0 : countAhead(queue.line, entry);
  const unexplained =
    queue === undefined ? 0 : countServableAhead(queue.line, entry, staffed.skills);
  if (queue !== undefined) {
    queues.set(entry.queue, { ...queue, line: passOver(queue.line, entry, undefined) });
  }
  const kept = ready ? reserve(agent, entry.id, now) : reserveAhead(agent, entry.id);
  return {
    floor: {
      queues,
      entries: withEntry(floor.entries, entry.id, {
        entry,
        agentId: agent.id,
        pause: undefined,
      }),
      agents: withEntry(floor.agents, agent.id, { ...staffed, agent: kept }),
    },
    effects: [
      {
        type: 'assigned',
        agentId: agent.id,
        entry,
        ready,
        overtook: { count, unexplained },
      },
    ],
  };
}

/** Where an agent stands among the free of a queue. */
export function idleFor(agent: Agent, { levels }: StaffedAgent, queueId: QueueId): IdleAgent {
  return { level: levels.get(queueId) ?? 1, idleSince: agent.idleSince, id: agent.id };
}
