import {
  type Agent,
  answer,
  choose,
  comeBack,
  endWrapUp,
  isFree,
  isSoonFree,
  isStaffed,
  missCall,
  release,
  restAfterFault,
  ring,
  shortenRest,
  wrapUp,
} from '../agent/agent.ts';
import type { PauseReason } from '../callback/ticket.ts';
import { valueAt, valuesInOrder, withEntry, withoutEntry } from '../collections/ordered-map.ts';
import type { AgentId, EpochMs, QueueId, SkillId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import type {
  EntryId,
  Floor,
  FloorEffect,
  FloorEvent,
  MissReason,
  PlacedEntry,
  StaffedAgent,
} from './floor.ts';
import { configure } from './floor-configure.ts';
import { allowCalls, assignAgent, assignAhead, assignEntry, idleFor } from './floor-match.ts';
import { comparePlaces, type Entry, joinLine, leaveLine, type Place, passOver } from './line.ts';

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
      return enter(floor, event.entry, event.pause, now);
    case 'replaced':
      return replace(floor, event.callId, event.entry, event.pause, now);
    case 'returned':
      return replace(floor, event.ticketId, event.entry, undefined, now);
    case 'moved':
      return move(floor, event.entryId, event.place, now);
    case 'deferred':
      return defer(floor, event, now);
    case 'due':
      return becomeEligible(floor, event.entryId, now, true);
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
    case 'wrapUpEndsSoon':
      return whenWrapUpEndsSoon(floor, event.agentId, now);
    case 'leadMeasured':
      return { floor: withLead(floor, event.queue, event.leadMs), effects: [] };
    case 'callsAllowed':
      return allowCalls(floor, event.queue, event.calls, now);
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

function enter(
  floor: Floor,
  asked: Entry,
  pause: PauseReason | undefined,
  now: EpochMs,
): FloorStep {
  if (valueAt(floor.entries, asked.id) !== undefined) {
    throw new IllegalMove('floor', `with ${asked.id} in line`, 'entered');
  }
  const queue = queueOf(floor, asked.queue);
  const entry = { ...asked, skills: skillsToBeFound(floor, asked) };
  const entered: Floor = {
    ...floor,
    entries: withEntry(floor.entries, entry.id, { entry, agentId: undefined, pause }),
    queues: new Map(floor.queues).set(entry.queue, {
      ...queue,
      line: joinLine(queue.line, entry, pause, entry.kind === 'ticket'),
    }),
  };
  return pause === undefined ? assignEntry(entered, entry, now) : { floor: entered, effects: [] };
}

/** A skill that no agent of the queue has is not waited for: somebody is better than nobody. */
function skillsToBeFound(floor: Floor, entry: Entry): readonly SkillId[] {
  if (entry.skills.length === 0) return entry.skills;
  const found = new Set<SkillId>();
  for (const { queues, skills } of valuesInOrder(floor.agents)) {
    if (!queues.includes(entry.queue)) continue;
    for (const skill of skills) found.add(skill);
  }
  return entry.skills.filter((skill) => found.has(skill)).toSorted();
}

/** One entry takes over from another: a ticket from its caller, or the caller from the ticket. */
function replace(
  floor: Floor,
  leaving: EntryId,
  entry: Entry,
  pause: PauseReason | undefined,
  now: EpochMs,
): FloorStep {
  const left = leave(floor, leaving, now);
  const entered = enter(left.floor, entry, pause, now);
  return { floor: entered.floor, effects: [...left.effects, ...entered.effects] };
}

function move(floor: Floor, entryId: EntryId, place: Place, now: EpochMs): FloorStep {
  const { entry, agentId, pause } = placed(floor, entryId);
  const { arrivedAt, arrivalSequence } = place;
  if (agentId !== undefined || comparePlaces(entry, place) === 0) return { floor, effects: [] };
  const left = withoutPlace(floor, entryId);
  return enter(left, { ...entry, arrivedAt, arrivalSequence }, pause, now);
}

function defer(
  floor: Floor,
  { entryId, pause }: Extract<FloorEvent, { type: 'deferred' }>,
  now: EpochMs,
): FloorStep {
  const { entry, agentId } = placed(floor, entryId);
  const queue = queueOf(floor, entry.queue);
  const deferred: Floor = {
    ...floor,
    entries: withEntry(floor.entries, entryId, { entry, agentId: undefined, pause }),
    queues: new Map(floor.queues).set(entry.queue, {
      ...queue,
      line: passOver(queue.line, entry, pause),
    }),
  };
  if (agentId === undefined) return { floor: deferred, effects: [] };
  return pause === 'fault'
    ? restAgent(deferred, agentId, now)
    : changeAgent(deferred, agentId, (agent) => release(agent, now), now);
}

/** Lets a fault of ours pass before the agent is tried again. */
function restAgent(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const until = now + FAULT_REST_MS;
  const rested = changeAgent(floor, agentId, (agent) => restAfterFault(agent, until), now);
  return {
    floor: rested.floor,
    effects: [...rested.effects, { type: 'startWrapUp', agentId, until, soonAt: undefined }],
  };
}

/** `toCall`: a ticket's customer has to be called; not one who is on the telephone already. */
function becomeEligible(floor: Floor, entryId: EntryId, now: EpochMs, toCall: boolean): FloorStep {
  const known = valueAt(floor.entries, entryId);
  if (known === undefined || known.agentId !== undefined) return { floor, effects: [] };
  const { entry } = known;
  const queue = queueOf(floor, entry.queue);
  const eligible: Floor = {
    ...floor,
    entries: withEntry(floor.entries, entryId, { ...known, pause: undefined }),
    queues: new Map(floor.queues).set(entry.queue, {
      ...queue,
      line: joinLine(queue.line, entry, undefined, toCall && entry.kind === 'ticket'),
    }),
  };
  return assignEntry(eligible, entry, now);
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
  const { pause } = event;
  const unassigned = {
    ...floor,
    entries: withEntry(floor.entries, entry.id, { entry, agentId: undefined, pause }),
  };
  if (pause !== undefined) return whenMissed(unassigned, agentId, event.reason, now);
  // First the caller is in line again: the agent, if ready at once, must not take who stands behind.
  const again = becomeEligible(unassigned, entry.id, now, false);
  const missed = whenMissed(again.floor, agentId, event.reason, now);
  return { floor: missed.floor, effects: [...again.effects, ...missed.effects] };
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
  const wrapUpSeconds = floor.queues.get(queueId)?.settings.wrapUpSeconds ?? 0;
  const until = now + wrapUpSeconds * 1000;
  const rested = changeAgent(floor, agentId, (agent) => wrapUp(agent, now, until), now);
  return {
    floor: rested.floor,
    effects: [
      ...rested.effects,
      { type: 'startWrapUp', agentId, until, soonAt: soonAt(rested.floor, agentId, until, now) },
    ],
  };
}

/** When to think of calling ahead: the longest lead of the agent's queues before the end. */
function soonAt(floor: Floor, agentId: AgentId, until: EpochMs, now: EpochMs): EpochMs | undefined {
  const leads = (valueAt(floor.agents, agentId)?.queues ?? []).map(
    (id) => floor.queues.get(id)?.leadMs ?? 0,
  );
  const leadMs = Math.max(0, ...leads);
  return leadMs === 0 ? undefined : Math.max(now, until - leadMs);
}

function withLead(floor: Floor, queueId: QueueId, leadMs: number): Floor {
  const queue = floor.queues.get(queueId);
  if (queue === undefined || queue.leadMs === leadMs) return floor;
  return { ...floor, queues: new Map(floor.queues).set(queueId, { ...queue, leadMs }) };
}

function whenWrapUpEndsSoon(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const known = valueAt(floor.agents, agentId);
  if (known === undefined || !isSoonFree(known.agent)) return { floor, effects: [] };
  return assignAhead(floor, known, now);
}

function whenWrapUpEnds(floor: Floor, agentId: AgentId, now: EpochMs): FloorStep {
  const known = valueAt(floor.agents, agentId);
  // The agent may have ended the rest early.
  if (known?.agent.activity.name !== 'wrapUp') return { floor, effects: [] };
  if (known.agent.activity.until <= now) {
    return changeAgent(floor, agentId, (agent) => endWrapUp(agent, now), now);
  }
  // Or have begun another since; and a timer may come a moment early. A clock that was set back
  // makes no rest longer than they are.
  const until = Math.min(known.agent.activity.until, now + longestRestMs(floor, known));
  const rested = changeAgent(floor, agentId, (agent) => shortenRest(agent, until), now);
  const again = { type: 'startWrapUp', agentId, until, soonAt: undefined } as const;
  return { floor: rested.floor, effects: [...rested.effects, again] };
}

function longestRestMs(floor: Floor, { queues }: StaffedAgent): number {
  const wrapUps = queues.map((id) => floor.queues.get(id)?.settings.wrapUpSeconds ?? 0);
  return Math.max(FAULT_REST_MS, ...wrapUps.map((seconds) => seconds * 1000));
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
  const changed = placeAgent(floor, known, agent);
  const effects = [...presenceEffects(known.agent, agent), ...readyEffects(known.agent, agent)];
  if (!isFree(agent)) return { floor: changed, effects };
  const matched = assignAgent(changed, { ...known, agent }, now);
  return { floor: matched.floor, effects: [...effects, ...matched.effects] };
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

function moveAgentOf(floor: Floor, entryId: EntryId, move: (agent: Agent) => Agent): Floor {
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
