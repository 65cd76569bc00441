import type { PauseReason } from '../callback/ticket.ts';
import {
  countBefore,
  emptyOrderedMap,
  firstValue,
  type OrderedMap,
  sizeOf,
  valueAt,
  valuesInOrder,
  withEntry,
  withoutEntry,
} from '../collections/ordered-map.ts';
import type { CallId, EpochMs, QueueId, SkillId, TicketId } from '../ids.ts';

/** Where a caller stands: by arrival, ties broken by a sequence that never repeats. */
export interface Place {
  readonly arrivedAt: EpochMs;
  readonly arrivalSequence: number;
}

/** A caller in line: on hold, or represented by a ticket. */
export interface Entry extends Place {
  readonly id: CallId | TicketId;
  readonly kind: 'holder' | 'ticket';
  readonly queue: QueueId;
  /** What an agent must know to serve this caller, sorted; mostly nothing. */
  readonly skills: readonly SkillId[];
}

/**
 * The one line of a queue, holders and tickets together, by arrival. `everyone`
 * gives the place; `eligible` are those who may be served now: not already with an agent, and not
 * a ticket in its pause. `bySkills` are the eligible again, by the skills they need. `holders` and
 * `tickets` count for the wait of those behind them: not tickets that wait for a later time.
 */
export interface Line {
  readonly everyone: OrderedMap<Place, Entry>;
  readonly holders: OrderedMap<Place, Entry>;
  readonly tickets: OrderedMap<Place, Entry>;
  readonly eligible: OrderedMap<Place, Entry>;
  readonly bySkills: ReadonlyMap<string, SkillLine>;
}

/** The eligible who need the same skills. */
interface SkillLine {
  readonly skills: readonly SkillId[];
  readonly eligible: OrderedMap<Place, Entry>;
}

/** Earlier arrivals come first. */
export function comparePlaces(a: Place, b: Place): number {
  return a.arrivedAt - b.arrivedAt || a.arrivalSequence - b.arrivalSequence;
}

const NOBODY: OrderedMap<Place, Entry> = emptyOrderedMap(comparePlaces);

export const EMPTY_LINE: Line = {
  everyone: NOBODY,
  holders: NOBODY,
  tickets: NOBODY,
  eligible: NOBODY,
  bySkills: new Map(),
};

/** Pauses that last: nobody behind waits for these tickets. */
const LATER: ReadonlySet<PauseReason> = new Set([
  'choseLater',
  'slot',
  'calledHours',
  'closed',
  'dialling',
]);

/** The line with `entry` at its place, to be served now or after its pause. */
export function joinLine(line: Line, entry: Entry, pause: PauseReason | undefined): Line {
  const joined = { ...line, everyone: withEntry(line.everyone, entry, entry) };
  if (pause !== undefined) return passOver(joined, entry, pause);
  return withEligible(counted(joined, entry, true), entry);
}

/** The line with an entry counted, or not, for the wait of those behind it. */
function counted(line: Line, entry: Entry, counts: boolean): Line {
  const among = entry.kind === 'holder' ? line.holders : line.tickets;
  const changed = counts ? withEntry(among, entry, entry) : withoutEntry(among, entry);
  return entry.kind === 'holder' ? { ...line, holders: changed } : { ...line, tickets: changed };
}

/** The line without the entry. */
export function leaveLine(line: Line, entry: Entry): Line {
  const left = { ...line, everyone: withoutEntry(line.everyone, entry) };
  return withoutEligible(counted(left, entry, false), entry);
}

/** The line with the entry kept in its place but not to be served now: in a pause, or with an agent. */
export function passOver(line: Line, entry: Entry, pause: PauseReason | undefined): Line {
  const counts = pause === undefined || !LATER.has(pause);
  return withoutEligible(counted(line, entry, counts), entry);
}

function withEligible(line: Line, entry: Entry): Line {
  const key = entry.skills.join(' ');
  const before = line.bySkills.get(key)?.eligible ?? NOBODY;
  const bySkills = new Map(line.bySkills).set(key, {
    skills: entry.skills,
    eligible: withEntry(before, entry, entry),
  });
  return { ...line, eligible: withEntry(line.eligible, entry, entry), bySkills };
}

function withoutEligible(line: Line, entry: Entry): Line {
  if (valueAt(line.eligible, entry) === undefined) return line;
  const key = entry.skills.join(' ');
  const before = line.bySkills.get(key);
  const eligible = withoutEntry(line.eligible, entry);
  if (before === undefined) return { ...line, eligible };
  const left = withoutEntry(before.eligible, entry);
  const bySkills = new Map(line.bySkills);
  if (sizeOf(left) === 0) bySkills.delete(key);
  else bySkills.set(key, { ...before, eligible: left });
  return { ...line, eligible, bySkills };
}

/** The first who may be served now by somebody with these skills. */
export function nextInLine(line: Line, skills: ReadonlySet<SkillId>): Entry | undefined {
  let first: Entry | undefined;
  for (const group of line.bySkills.values()) {
    if (!group.skills.every((skill) => skills.has(skill))) continue;
    const entry = firstValue(group.eligible);
    if (entry !== undefined && (first === undefined || comparePlaces(entry, first) < 0)) {
      first = entry;
    }
  }
  return first;
}

/** How many before `place` might be served now by somebody with these skills. */
export function countServableAhead(line: Line, place: Place, skills: ReadonlySet<SkillId>): number {
  let count = 0;
  for (const group of line.bySkills.values()) {
    if (group.skills.every((skill) => skills.has(skill))) {
      count += countBefore(group.eligible, place);
    }
  }
  return count;
}

/** How many stand before `place`, whatever they wait for. */
export function countAhead(line: Line, place: Place): number {
  return countBefore(line.everyone, place);
}

/** Who counts for the wait of somebody at `place`; of the end of the line, if undefined. */
export function countForWait(
  { holders, tickets }: Line,
  place: Place | undefined,
): { readonly holders: number; readonly tickets: number } {
  return place === undefined
    ? { holders: sizeOf(holders), tickets: sizeOf(tickets) }
    : { holders: countBefore(holders, place), tickets: countBefore(tickets, place) };
}

/** How many stand in line in all. */
export function lineLength(line: Line): number {
  return sizeOf(line.everyone);
}

/** How many tickets stand in line, those for a later time too. */
export function ticketsInLine(line: Line): number {
  return sizeOf(line.everyone) - sizeOf(line.holders);
}

/** Everyone in line, first to last. */
export function everyoneInLine(line: Line): Iterable<Entry> {
  return valuesInOrder(line.everyone);
}

/** A place that nobody has, right before `place` or, among arrivals of the same moment, a little further up. */
export function placeBefore(line: Line, place: Place): Place {
  let free: Place = { ...place, arrivalSequence: place.arrivalSequence - 1 };
  while (valueAt(line.everyone, free) !== undefined) {
    free = { ...free, arrivalSequence: free.arrivalSequence - 1 };
  }
  return free;
}
