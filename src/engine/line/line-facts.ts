import { valueAt } from '../../domain/collections/ordered-map.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { EntryId, Floor, FloorEffect, FloorEvent } from '../../domain/queue/floor.ts';
import type { LedgerFact } from '../ports.ts';

/**
 * What the ledger says of the line after an event on the floor, so that it can be proved from the
 * ledger alone who went before whom and why (`domain/queue/overtake.ts`).
 */
export function lineFacts(
  before: Floor,
  after: Floor,
  event: FloorEvent,
  effects: readonly FloorEffect[],
  at: EpochMs,
): readonly LedgerFact[] {
  return [
    ...eventFacts(before, after, event, at),
    ...effects.flatMap((effect) =>
      effect.type === 'assigned' ? [assigned(after, effect, at)] : [],
    ),
  ];
}

function eventFacts(
  before: Floor,
  after: Floor,
  event: FloorEvent,
  at: EpochMs,
): readonly LedgerFact[] {
  switch (event.type) {
    case 'entered':
      // As after a start: the pause that the ledger knows of has ended meanwhile.
      return event.entry.kind === 'ticket' && event.pause === undefined
        ? about(after, event.entry.id, 'ticketDue', {}, at)
        : [];
    case 'left':
    case 'agentAnswered':
      return about(before, event.entryId, 'leftLine', {}, at);
    case 'agentMissed':
      return about(before, event.entryId, 'agentMissed', {}, at);
    case 'deferred':
      return about(before, event.entryId, 'ticketPaused', { because: event.pause }, at);
    case 'due':
      return becameDue(before, after, event.entryId, at);
    default:
      return [];
  }
}

function becameDue(
  before: Floor,
  after: Floor,
  entryId: EntryId,
  at: EpochMs,
): readonly LedgerFact[] {
  const waited = valueAt(before.entries, entryId)?.agentId === undefined;
  const isStill = valueAt(after.entries, entryId) !== undefined;
  return waited && isStill ? about(before, entryId, 'ticketDue', {}, at) : [];
}

function about(
  floor: Floor,
  entryId: EntryId,
  what: string,
  more: LedgerFact['detail'],
  at: EpochMs,
): readonly LedgerFact[] {
  const queue = valueAt(floor.entries, entryId)?.entry.queue;
  return queue === undefined ? [] : [{ at, about: entryId, what, detail: { queue, ...more } }];
}

/** With what the agent knows: who needed more may be passed over. */
function assigned(
  floor: Floor,
  { entry, agentId, overtook, held }: Extract<FloorEffect, { type: 'assigned' }>,
  at: EpochMs,
): LedgerFact {
  const { id, queue, arrivedAt, arrivalSequence } = entry;
  const skills = [...(valueAt(floor.agents, agentId)?.skills ?? [])];
  const detail = {
    queue,
    agentId,
    arrivedAt,
    arrivalSequence,
    overtook: overtook.count,
    unexplained: overtook.unexplained,
    ...(skills.length === 0 ? {} : { skills: skills.join(' ') }),
    ...(held === undefined ? {} : { held }),
  };
  return { at, about: id, what: 'assigned', detail };
}
