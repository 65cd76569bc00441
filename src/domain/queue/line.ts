import {
  countBefore,
  emptyOrderedMap,
  firstValue,
  type OrderedMap,
  sizeOf,
  valuesInOrder,
  withEntry,
  withoutEntry,
} from '../collections/ordered-map.ts';
import type { CallId, EpochMs, QueueId, TicketId } from '../ids.ts';

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
}

/**
 * The one line of a queue, holders and tickets together, by arrival. `everyone`
 * gives the place; `eligible` are those who may be served now: not already with an agent, and not
 * a ticket in its pause.
 */
export interface Line {
  readonly everyone: OrderedMap<Place, Entry>;
  readonly eligible: OrderedMap<Place, Entry>;
}

/** Earlier arrivals come first. */
export function comparePlaces(a: Place, b: Place): number {
  return a.arrivedAt - b.arrivedAt || a.arrivalSequence - b.arrivalSequence;
}

export const EMPTY_LINE: Line = {
  everyone: emptyOrderedMap(comparePlaces),
  eligible: emptyOrderedMap(comparePlaces),
};

/** The line with `entry` at its place, eligible or not. */
export function joinLine(line: Line, entry: Entry, eligible: boolean): Line {
  return {
    everyone: withEntry(line.everyone, entry, entry),
    eligible: eligible
      ? withEntry(line.eligible, entry, entry)
      : withoutEntry(line.eligible, entry),
  };
}

/** The line without the entry at `place`. */
export function leaveLine(line: Line, place: Place): Line {
  return {
    everyone: withoutEntry(line.everyone, place),
    eligible: withoutEntry(line.eligible, place),
  };
}

/** The line with the entry kept in its place but not to be served now. */
export function passOver(line: Line, entry: Entry): Line {
  return { everyone: line.everyone, eligible: withoutEntry(line.eligible, entry) };
}

/** The first who may be served now. */
export function nextInLine(line: Line): Entry | undefined {
  return firstValue(line.eligible);
}

/** How many stand before `place`. */
export function countAhead(line: Line, place: Place): number {
  return countBefore(line.everyone, place);
}

/** How many stand in line in all. */
export function lineLength(line: Line): number {
  return sizeOf(line.everyone);
}

/** Everyone in line, first to last. */
export function everyoneInLine(line: Line): Iterable<Entry> {
  return valuesInOrder(line.everyone);
}
