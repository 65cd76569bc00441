import { type Agent, isFree, isStaffed, restAfterFault } from '../agent/agent.ts';
import { valueAt, withEntry, withoutEntry } from '../collections/ordered-map.ts';
import type { AgentId, EpochMs } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import type { EntryId, Floor, FloorEffect, FloorStep, PlacedEntry, StaffedAgent } from './floor.ts';
import { assignAgent, idleFor } from './floor-match.ts';

/** How long an agent rests after a fault of ours, so that an outage is not dialled against. */
export const FAULT_REST_MS = 5_000;

/** Changes an agent, keeps the index of free agents and the presence in step, and matches. */
export function changeAgent(
  floor: Floor,
  agentId: AgentId,
  change: (agent: Agent) => Agent,
  now: EpochMs,
): FloorStep {
  const known = valueAt(floor.agents, agentId);
  if (known === undefined) return { floor, effects: [] };
  const agent = change(known.agent);
  if (agent === known.agent) return { floor, effects: [] };
  const changed = placeAgent(floor, known, agent);
  const effects = [...presenceEffects(known.agent, agent), ...readyEffects(known.agent, agent)];
  if (!isFree(agent)) return { floor: changed, effects };
  const matched = assignAgent(changed, { ...known, agent }, now);
  return { floor: matched.floor, effects: [...effects, ...matched.effects] };
}

/** Lets a fault of ours pass before the agent is tried again. */
export function restAgent(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const until = now + FAULT_REST_MS;
  const rested = changeAgent(floor, agentId, (agent) => restAfterFault(agent, until), now);
  return {
    floor: rested.floor,
    effects: [...rested.effects, { type: 'startWrapUp', agentId, until, soonAt: undefined }],
  };
}

/** Who was called ahead for this agent can be joined now. */
function readyEffects(before: Agent, after: Agent): readonly FloorEffect[] {
  if (before.ahead === undefined || after.activity.name !== 'reserved') return [];
  return [{ type: 'agentReady', agentId: after.id, entryId: before.ahead }];
}

function presenceEffects(before: Agent, after: Agent): readonly FloorEffect[] {
  const { activity } = after;
  switch (activity.name) {
    case 'loggedOut':
    case 'break':
    case 'ready':
      return before.activity.name === activity.name || returnsToReady(before, after)
        ? []
        : [{ type: 'presenceChanged', agentId: after.id, presence: activity }];
    case 'reserved':
    case 'ringing':
    case 'talking':
    case 'wrapUp':
      return [];
  }
}

/** Ready after a turn with a caller is no change of what the agent had chosen. */
function returnsToReady(before: Agent, after: Agent): boolean {
  return (
    after.activity.name === 'ready' &&
    before.next === undefined &&
    before.activity.name !== 'loggedOut' &&
    before.activity.name !== 'break'
  );
}

export function moveAgentOf(floor: Floor, entryId: EntryId, move: (agent: Agent) => Agent): Floor {
  const { agentId } = placed(floor, entryId);
  const known = agentId === undefined ? undefined : valueAt(floor.agents, agentId);
  if (known === undefined) throw new IllegalMove('floor', 'without agent', 'agent event');
  return placeAgent(floor, known, move(known.agent));
}

/** The floor with the agent changed to `after`, in the indexes of all their queues. */
function placeAgent(floor: Floor, known: StaffedAgent, after: Agent): Floor {
  const { agent: before } = known;
  const queues = new Map(floor.queues);
  const staffing = Number(isStaffed(after)) - Number(isStaffed(before));
  for (const queueId of known.queues) {
    const queue = queues.get(queueId);
    if (queue === undefined) continue;
    const without = withoutEntry(queue.free, idleFor(before, known, queueId));
    const idle = idleFor(after, known, queueId);
    queues.set(queueId, {
      ...queue,
      staffed: queue.staffed + staffing,
      free: isFree(after) ? withEntry(without, idle, idle) : without,
    });
  }
  const agents = withEntry(floor.agents, after.id, { ...known, agent: after });
  return { ...floor, queues, agents };
}

export function placed(floor: Floor, entryId: EntryId): PlacedEntry {
  const known = valueAt(floor.entries, entryId);
  if (known === undefined) throw new IllegalMove('floor', `without ${entryId}`, 'entry event');
  return known;
}
