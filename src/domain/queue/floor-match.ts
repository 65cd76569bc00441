import { reserve } from '../agent/agent.ts';
import { firstValue, valueAt, withEntry, withoutEntry } from '../collections/ordered-map.ts';
import type { EpochMs, QueueId } from '../ids.ts';
import type { Floor, FloorEffect, StaffedAgent } from './floor.ts';
import { comparePlaces, type Entry, nextInLine, passOver } from './line.ts';

interface Match {
  readonly floor: Floor;
  readonly effects: readonly FloorEffect[];
}

/** Gives a newly eligible entry to the longest idle free agent of its queue, if there is one. */
export function assignEntry(floor: Floor, entry: Entry, now: EpochMs): Match {
  const queue = floor.queues.get(entry.queue);
  const idle = queue === undefined ? undefined : firstValue(queue.free);
  const staffed = idle === undefined ? undefined : valueAt(floor.agents, idle.id);
  if (queue === undefined || staffed === undefined) return { floor, effects: [] };
  // A free agent means that nobody eligible stands before this entry: they would have been served.
  return pair(floor, staffed, nextInLine(queue.line) ?? entry, now);
}

/** Gives a newly free agent the earliest arrival over all queues they serve, if there is one. */
export function assignAgent(floor: Floor, staffed: StaffedAgent, now: EpochMs): Match {
  const entry = earliest(floor, staffed.queues);
  return entry === undefined ? { floor, effects: [] } : pair(floor, staffed, entry, now);
}

function earliest(floor: Floor, queueIds: readonly QueueId[]): Entry | undefined {
  let first: Entry | undefined;
  for (const queueId of queueIds) {
    const queue = floor.queues.get(queueId);
    const entry = queue === undefined ? undefined : nextInLine(queue.line);
    if (entry !== undefined && (first === undefined || comparePlaces(entry, first) < 0)) {
      first = entry;
    }
  }
  return first;
}

function pair(floor: Floor, staffed: StaffedAgent, entry: Entry, now: EpochMs): Match {
  const { agent } = staffed;
  const queues = new Map(floor.queues);
  for (const queueId of staffed.queues) {
    const queue = queues.get(queueId);
    if (queue !== undefined) {
      queues.set(queueId, { ...queue, free: withoutEntry(queue.free, agent) });
    }
  }
  const queue = queues.get(entry.queue);
  if (queue !== undefined) {
    queues.set(entry.queue, { ...queue, line: passOver(queue.line, entry) });
  }
  return {
    floor: {
      queues,
      entries: withEntry(floor.entries, entry.id, { entry, agentId: agent.id }),
      agents: withEntry(floor.agents, agent.id, {
        agent: reserve(agent, entry.id, now),
        queues: staffed.queues,
      }),
    },
    effects: [{ type: 'assigned', agentId: agent.id, entry }],
  };
}
