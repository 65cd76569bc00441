import { release } from '../agent/agent.ts';
import type { PauseReason } from '../callback/ticket.ts';
import { valueAt, valuesInOrder, withEntry, withoutEntry } from '../collections/ordered-map.ts';
import type { EpochMs, QueueId, SkillId } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import type { EntryId, Floor, FloorEvent, FloorStep } from './floor.ts';
import { changeAgent, placed, restAgent } from './floor-agents.ts';
import { assignEntry } from './floor-match.ts';
import { comparePlaces, type Entry, joinLine, leaveLine, type Place, passOver } from './line.ts';

export function enter(
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
export function replace(
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

export function move(floor: Floor, entryId: EntryId, place: Place, now: EpochMs): FloorStep {
  const { entry, agentId, pause } = placed(floor, entryId);
  const { arrivedAt, arrivalSequence } = place;
  if (agentId !== undefined || comparePlaces(entry, place) === 0) return { floor, effects: [] };
  const left = withoutPlace(floor, entryId);
  return enter(left, { ...entry, arrivedAt, arrivalSequence }, pause, now);
}

export function defer(
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

/** `toCall`: a ticket's customer has to be called; not one who is on the telephone already. */
export function becomeEligible(
  floor: Floor,
  entryId: EntryId,
  now: EpochMs,
  toCall: boolean,
): FloorStep {
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

export function leave(floor: Floor, entryId: EntryId, now: EpochMs): FloorStep {
  const { agentId } = placed(floor, entryId);
  const left = withoutPlace(floor, entryId);
  if (agentId === undefined) return { floor: left, effects: [] };
  return changeAgent(left, agentId, (agent) => release(agent, now), now);
}

export function withoutPlace(floor: Floor, entryId: EntryId): Floor {
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

function queueOf(floor: Floor, queueId: QueueId) {
  const queue = floor.queues.get(queueId);
  if (queue === undefined)
    throw new IllegalMove('floor', `without queue ${queueId}`, 'entry event');
  return queue;
}
