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
 * a ticket in its pause. `groups` are the eligible again, by the skills they need and whether they
 * have to be called. `holders` and `tickets` count for the wait of those behind them: not tickets that
 * wait for a later time.
 */
export interface Line {
  readonly everyone: OrderedMap<Place, Entry>;
  readonly holders: OrderedMap<Place, Entry>;
  readonly tickets: OrderedMap<Place, Entry>;
  readonly eligible: OrderedMap<Place, Entry>;
  readonly groups: ReadonlyMap<string, Group>;
}

/** The eligible who need the same skills, and are to be called or not. */
interface Group {
  readonly skills: readonly SkillId[];
  readonly toCall: boolean;
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
  groups: new Map(),
};

/** Pauses that last: nobody behind waits for these tickets. */
const LATER: ReadonlySet<PauseReason> = new Set([
  'choseLater',
  'slot',
  'calledHours',
  'closed',
  'dialling',
]);

/** Whom an agent may be kept for: also customers who have to be called first, or not. */
export type Servable = 'all' | 'onLine';

/**
 * The line with `entry` at its place, to be served now or after its pause. `toCall`: the customer has to
 * be called first.
 */
export function joinLine(
  line: Line,
  entry: Entry,
  pause: PauseReason | undefined,
  toCall: boolean,
): Line {
  const joined = { ...line, everyone: withEntry(line.everyone, entry, entry) };
  if (pause !== undefined) return passOver(joined, entry, pause);
  return withEligible(counted(joined, entry, true), entry, toCall);
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

function withEligible(line: Line, entry: Entry, toCall: boolean): Line {
  const before = withoutEligible(line, entry);
  const key = groupOf(entry, toCall);
  const others = before.groups.get(key)?.eligible ?? NOBODY;
  const eligible = withEntry(others, entry, entry);
  const groups = new Map(before.groups).set(key, { skills: entry.skills, toCall, eligible });
  return { ...before, eligible: withEntry(before.eligible, entry, entry), groups };
}

function withoutEligible(line: Line, entry: Entry): Line {
  if (valueAt(line.eligible, entry) === undefined) return line;
  const eligible = withoutEntry(line.eligible, entry);
  const key = groupOf(entry, isToBeCalled(line, entry));
  const before = line.groups.get(key);
  if (before === undefined) return { ...line, eligible };
  const left = withoutEntry(before.eligible, entry);
  const groups = new Map(line.groups);
  if (sizeOf(left) === 0) groups.delete(key);
  else groups.set(key, { ...before, eligible: left });
  return { ...line, eligible, groups };
}

function groupOf({ skills }: Entry, toCall: boolean): string {
  return [toCall ? 'call' : 'onLine', ...skills].join(' ');
}

/** Whether somebody eligible has to be called before an agent can speak with them. */
export function isToBeCalled({ groups }: Line, entry: Entry): boolean {
  const toCall = groups.get(groupOf(entry, true))?.eligible;
  return toCall !== undefined && valueAt(toCall, entry) !== undefined;
}

/** The first who may be served now by somebody with these skills. */
export function nextInLine(
  line: Line,
  skills: ReadonlySet<SkillId>,
  servable: Servable = 'all',
): Entry | undefined {
  let first: Entry | undefined;
  for (const group of line.groups.values()) {
    if (!mayServe(group, skills, servable)) continue;
    const entry = firstValue(group.eligible);
    if (entry !== undefined && (first === undefined || comparePlaces(entry, first) < 0)) {
      first = entry;
    }
  }
  return first;
}

/** How many before `place` might be served now by somebody with these skills. */
export function countServableAhead(
  line: Line,
  place: Place,
  skills: ReadonlySet<SkillId>,
  servable: Servable,
): number {
  let count = 0;
  for (const group of line.groups.values()) {
    if (mayServe(group, skills, servable)) count += countBefore(group.eligible, place);
  }
  return count;
}

function mayServe(group: Group, skills: ReadonlySet<SkillId>, servable: Servable): boolean {
  if (group.toCall && servable === 'onLine') return false;
  return group.skills.every((skill) => skills.has(skill));
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
export function placeBefore(line: Line, { arrivedAt, arrivalSequence }: Place): Place {
  let free: Place = { arrivedAt, arrivalSequence: arrivalSequence - 1 };
  while (valueAt(line.everyone, free) !== undefined) {
    free = { ...free, arrivalSequence: free.arrivalSequence - 1 };
  }
  return free;
}
