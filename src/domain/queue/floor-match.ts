import { type Agent, isFree, isSoonFree, reserve, reserveAhead } from '../agent/agent.ts';
import {
  sizeOf,
  valueAt,
  valuesInOrder,
  withEntry,
  withoutEntry,
} from '../collections/ordered-map.ts';
import type { EpochMs, QueueId } from '../ids.ts';
import type {
  CallsAllowed,
  Floor,
  FloorEffect,
  IdleAgent,
  Overtaking,
  QueueOnFloor,
  StaffedAgent,
} from './floor.ts';
import {
  comparePlaces,
  countAhead,
  countServableAhead,
  type Entry,
  isToBeCalled,
  nextInLine,
  passOver,
  type Servable,
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
  const next = nextInLine(queue.line, staffed.skills, servableOf(queue));
  return next === undefined ? { floor, effects: [] } : pair(floor, staffed, next, now);
}

/** As many customers of a queue may be called from now on; agents who are free call them. */
export function allowCalls(
  floor: Floor,
  queueId: QueueId,
  calls: CallsAllowed,
  now: EpochMs,
): Match {
  const known = floor.queues.get(queueId);
  if (known === undefined) return { floor, effects: [] };
  const effects: FloorEffect[] = [];
  let allowed: Floor = {
    ...floor,
    queues: new Map(floor.queues).set(queueId, { ...known, calls }),
  };
  for (const { id } of valuesInOrder(known.free)) {
    const queue = allowed.queues.get(queueId);
    if (queue === undefined || sizeOf(queue.line.eligible) === 0 || queue.calls.left <= 0) break;
    const staffed = valueAt(allowed.agents, id);
    if (staffed === undefined) continue;
    const match = assignAgent(allowed, staffed, now);
    allowed = match.floor;
    effects.push(...match.effects);
  }
  return { floor: allowed, effects };
}

function servableOf({ calls }: QueueOnFloor): Servable {
  return calls.left > 0 ? 'all' : 'onLine';
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
    const entry =
      queue === undefined ? undefined : nextInLine(queue.line, skills, servableOf(queue));
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
  if (queue === undefined) return { floor, effects: [] };
  queues.set(entry.queue, served(queue, entry));
  const kept = ready ? reserve(agent, entry.id, now) : reserveAhead(agent, entry.id);
  return {
    floor: {
      queues,
      entries: withEntry(floor.entries, entry.id, { entry, agentId: agent.id, pause: undefined }),
      agents: withEntry(floor.agents, agent.id, { ...staffed, agent: kept }),
    },
    effects: [
      {
        type: 'assigned',
        agentId: agent.id,
        entry,
        ready,
        overtook: overtaking(queue, entry, staffed),
        held: queue.calls.left > 0 ? undefined : queue.calls.because,
      },
    ],
  };
}

function overtaking(queue: QueueOnFloor, entry: Entry, { skills }: StaffedAgent): Overtaking {
  return {
    count: countAhead(queue.line, entry),
    unexplained: countServableAhead(queue.line, entry, skills, servableOf(queue)),
  };
}

/** The entry keeps its place until talk begins; a call that it needs is one less that is allowed. */
function served(queue: QueueOnFloor, entry: Entry): QueueOnFloor {
  const { left, because } = queue.calls;
  const calls = isToBeCalled(queue.line, entry) ? { left: left - 1, because } : queue.calls;
  return { ...queue, calls, line: passOver(queue.line, entry, undefined) };
}

/** Where an agent stands among the free of a queue. */
export function idleFor(agent: Agent, { levels }: StaffedAgent, queueId: QueueId): IdleAgent {
  return { level: levels.get(queueId) ?? 1, idleSince: agent.idleSince, id: agent.id };
}
