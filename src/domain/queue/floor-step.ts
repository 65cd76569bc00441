import {
  type Agent,
  answer,
  choose,
  comeBack,
  endWrapUp,
  isFree,
  isStaffed,
  missCall,
  release,
  restAfterFault,
  ring,
  wrapUp,
} from '../agent/agent.ts';
import { valueAt, withEntry, withoutEntry } from '../collections/ordered-map.ts';
import type { AgentId, EpochMs, QueueId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import { withHandleTime } from '../wait/handle-time.ts';
import type { EntryId, Floor, FloorEffect, FloorEvent, MissReason, PlacedEntry } from './floor.ts';
import { configure } from './floor-configure.ts';
import { assignAgent, assignEntry } from './floor-match.ts';
import { type Entry, joinLine, leaveLine, passOver } from './line.ts';

/** How long an agent rests after a fault of ours, so that an outage is not dialled against. */
const FAULT_REST_MS = 5_000;

export interface FloorStep {
  readonly floor: Floor;
  readonly effects: readonly FloorEffect[];
}

/**
 * Moves the floor by one event and matches whoever can be matched: the first in line with the
 * longest idle agent.
 * @throws IllegalMove for an event that its subject cannot take.
 */
export function stepFloor(floor: Floor, event: FloorEvent, now: EpochMs): FloorStep {
  switch (event.type) {
    case 'configured':
      return configure(floor, event, now);
    case 'entered':
      return enter(floor, event.entry, event.eligible, now);
    case 'replaced':
      return replace(floor, event.callId, event.entry, now);
    case 'deferred':
      return defer(floor, event, now);
    case 'due':
      return becomeEligible(floor, event.entryId, now);
    case 'left':
      return leave(floor, event.entryId, now);
    case 'agentRinging':
      return { floor: moveAgentOf(floor, event.entryId, (agent) => ring(agent, now)), effects: [] };
    case 'agentAnswered':
      return startTalk(floor, event.entryId, now);
    case 'agentMissed':
      return missedBy(floor, event, now);
    case 'conversationEnded':
      return endConversation(floor, event.agentId, event.queue, now);
    case 'wrapUpEnded':
      return whenWrapUpEnds(floor, event.agentId, now);
    case 'chose':
      return changeAgent(floor, event.agentId, (agent) => choose(agent, event.presence, now), now);
    case 'reachable':
      return changeAgent(
        floor,
        event.agentId,
        (agent) => (event.reachable ? comeBack(agent, now) : { ...agent, reachable: false }),
        now,
      );
  }
}

function enter(floor: Floor, entry: Entry, eligible: boolean, now: EpochMs): FloorStep {
  if (valueAt(floor.entries, entry.id) !== undefined) {
    throw new IllegalMove('floor', `with ${entry.id} in line`, 'entered');
  }
  const queue = queueOf(floor, entry.queue);
  const entered: Floor = {
    ...floor,
    entries: withEntry(floor.entries, entry.id, { entry, agentId: undefined }),
    queues: new Map(floor.queues).set(entry.queue, {
      ...queue,
      line: joinLine(queue.line, entry, eligible),
    }),
  };
  return eligible ? assignEntry(entered, entry, now) : { floor: entered, effects: [] };
}

function replace(floor: Floor, callId: EntryId, entry: Entry, now: EpochMs): FloorStep {
  const left = leave(floor, callId, now);
  const entered = enter(left.floor, entry, false, now);
  return { floor: entered.floor, effects: [...left.effects, ...entered.effects] };
}

function defer(
  floor: Floor,
  { entryId, afterFault }: Extract<FloorEvent, { type: 'deferred' }>,
  now: EpochMs,
): FloorStep {
  const { entry, agentId } = placed(floor, entryId);
  const queue = queueOf(floor, entry.queue);
  const deferred: Floor = {
    ...floor,
    entries: withEntry(floor.entries, entryId, { entry, agentId: undefined }),
    queues: new Map(floor.queues).set(entry.queue, {
      ...queue,
      line: passOver(queue.line, entry),
    }),
  };
  if (agentId === undefined) return { floor: deferred, effects: [] };
  return afterFault
    ? restAgent(deferred, agentId, now)
    : changeAgent(deferred, agentId, (agent) => release(agent, now), now);
}

/** Lets a fault of ours pass before the agent is tried again. */
function restAgent(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const until = now + FAULT_REST_MS;
  const rested = changeAgent(floor, agentId, (agent) => restAfterFault(agent, until), now);
  return {
    floor: rested.floor,
    effects: [...rested.effects, { type: 'startWrapUp', agentId, until }],
  };
}

function becomeEligible(floor: Floor, entryId: EntryId, now: EpochMs): FloorStep {
  const known = valueAt(floor.entries, entryId);
  if (known === undefined || known.agentId !== undefined) return { floor, effects: [] };
  const queue = queueOf(floor, known.entry.queue);
  const eligible: Floor = {
    ...floor,
    queues: new Map(floor.queues).set(known.entry.queue, {
      ...queue,
      line: joinLine(queue.line, known.entry, true),
    }),
  };
  return assignEntry(eligible, known.entry, now);
}

function leave(floor: Floor, entryId: EntryId, now: EpochMs): FloorStep {
  const { agentId } = placed(floor, entryId);
  const left = withoutPlace(floor, entryId);
  if (agentId === undefined) return { floor: left, effects: [] };
  return changeAgent(left, agentId, (agent) => release(agent, now), now);
}

function startTalk(floor: Floor, entryId: EntryId, now: EpochMs): FloorStep {
  const talking = moveAgentOf(floor, entryId, (agent) => answer(agent, now));
  return { floor: withoutPlace(talking, entryId), effects: [] };
}

function missedBy(
  floor: Floor,
  event: Extract<FloorEvent, { type: 'agentMissed' }>,
  now: EpochMs,
): FloorStep {
  const { entry, agentId } = placed(floor, event.entryId);
  if (agentId === undefined) throw new IllegalMove('floor', 'without agent', event.type);
  const unassigned = {
    ...floor,
    entries: withEntry(floor.entries, entry.id, { entry, agentId: undefined }),
  };
  const missed = whenMissed(unassigned, agentId, event.reason, now);
  const again = becomeEligible(missed.floor, entry.id, now);
  return { floor: again.floor, effects: [...missed.effects, ...again.effects] };
}

function whenMissed(floor: Floor, agentId: AgentId, reason: MissReason, now: EpochMs): FloorStep {
  return reason === 'ourFault'
    ? restAgent(floor, agentId, now)
    : changeAgent(floor, agentId, (agent) => missCall(agent, reason, now), now);
}

function endConversation(
  floor: Floor,
  agentId: AgentId,
  queueId: QueueId,
  now: EpochMs,
): FloorStep {
  const known = valueAt(floor.agents, agentId);
  if (known?.agent.activity.name !== 'talking') {
    throw new IllegalMove('agent', known?.agent.activity.name ?? 'unknown', 'conversationEnded');
  }
  const talkSeconds = (now - known.agent.activity.since) / 1000;
  const queue = floor.queues.get(queueId);
  const wrapUpSeconds = queue?.settings.wrapUpSeconds ?? 0;
  const until = now + wrapUpSeconds * 1000;
  const measured: Floor =
    queue === undefined
      ? floor
      : {
          ...floor,
          queues: new Map(floor.queues).set(queueId, {
            ...queue,
            handleTime: withHandleTime(queue.handleTime, talkSeconds + wrapUpSeconds),
          }),
        };
  const rested = changeAgent(measured, agentId, (agent) => wrapUp(agent, now, until), now);
  return {
    floor: rested.floor,
    effects: [...rested.effects, { type: 'startWrapUp', agentId, until }],
  };
}

function whenWrapUpEnds(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const known = valueAt(floor.agents, agentId);
  // The agent may have ended the rest early.
  if (known?.agent.activity.name !== 'wrapUp') return { floor, effects: [] };
  // Or have begun another since; and a timer may come a moment early.
  const { until } = known.agent.activity;
  if (until > now) return { floor, effects: [{ type: 'startWrapUp', agentId, until }] };
  return changeAgent(floor, agentId, (agent) => endWrapUp(agent, now), now);
}

/** Changes an agent, keeps the index of free agents and the presence in step, and matches. */
function changeAgent(
  floor: Floor,
  agentId: AgentId,
  change: (agent: Agent) => Agent,
  now: EpochMs,
): FloorStep {
  const known = valueAt(floor.agents, agentId);
  if (known === undefined) return { floor, effects: [] };
  const agent = change(known.agent);
  if (agent === known.agent) return { floor, effects: [] };
  const changed = placeAgent(floor, known.agent, agent, known.queues);
  const effects = presenceEffects(known.agent, agent);
  if (!isFree(agent)) return { floor: changed, effects };
  const matched = assignAgent(changed, { agent, queues: known.queues }, now);
  return { floor: matched.floor, effects: [...effects, ...matched.effects] };
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

function moveAgentOf(floor: Floor, entryId: EntryId, move: (agent: Agent) => Agent): Floor {
  const { agentId } = placed(floor, entryId);
  const known = agentId === undefined ? undefined : valueAt(floor.agents, agentId);
  if (known === undefined) throw new IllegalMove('floor', 'without agent', 'agent event');
  return placeAgent(floor, known.agent, move(known.agent), known.queues);
}

/** The floor with `after` in place of `before`, in the indexes of all its queues. */
function placeAgent(
  floor: Floor,
  before: Agent,
  after: Agent,
  queueIds: readonly QueueId[],
): Floor {
  const queues = new Map(floor.queues);
  const staffing = Number(isStaffed(after)) - Number(isStaffed(before));
  for (const queueId of queueIds) {
    const queue = queues.get(queueId);
    if (queue === undefined) continue;
    const without = withoutEntry(queue.free, before);
    const idle = { idleSince: after.idleSince, id: after.id };
    queues.set(queueId, {
      ...queue,
      staffed: queue.staffed + staffing,
      free: isFree(after) ? withEntry(without, idle, idle) : without,
    });
  }
  const agents = withEntry(floor.agents, after.id, { agent: after, queues: queueIds });
  return { ...floor, queues, agents };
}

function withoutPlace(floor: Floor, entryId: EntryId): Floor {
  const { entry } = placed(floor, entryId);
  const queue = queueOf(floor, entry.queue);
  return {
    ...floor,
    entries: withoutEntry(floor.entries, entryId),
    queues: new Map(floor.queues).set(entry.queue, {
      ...queue,
      line: leaveLine(queue.line, entry),
    }),
  };
}

function placed(floor: Floor, entryId: EntryId): PlacedEntry {
  const known = valueAt(floor.entries, entryId);
  if (known === undefined) throw new IllegalMove('floor', `without ${entryId}`, 'entry event');
  return known;
}

function queueOf(floor: Floor, queueId: QueueId) {
  const queue = floor.queues.get(queueId);
  if (queue === undefined)
    throw new IllegalMove('floor', `without queue ${queueId}`, 'entry event');
  return queue;
}
