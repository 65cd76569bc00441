import type { EpochMs, HoursId } from '../ids.ts';
import { openSpans, weekdayOf } from './open-spans.ts';
import { DAY_MS, type DayNumber, dateText, MINUTE_MS, offsetAt } from './zone-clock.ts';

/** Minutes after local midnight, `from` included, `to` excluded; at most 1440. */
export interface DayRange {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The open ranges of each day of the week. */
export type Week = Readonly<Record<Weekday, readonly DayRange[]>>;

/** When a number or queue is open, in its own time zone. Never changed: what is reckoned is kept. */
export interface OpeningHours {
  readonly id: HoursId;
  /** IANA name, e.g. America/New_York. */
  readonly timeZone: string;
  readonly week: Week;
  /** Local dates (YYYY-MM-DD) on which nothing is open. */
  readonly holidays: ReadonlySet<string>;
}

/** What a clock and a calendar on a wall show. */
export interface LocalTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly weekday: Weekday;
  /** After midnight as the clock shows it. */
  readonly minute: number;
}

/** How far ahead an opening is looked for: the most holidays in a row, and a week. */
const OPENING_DAYS = 410;
/** How far ahead a closing is looked for. */
const CLOSING_DAYS = 15;

/** Whether the hours are open at that moment. */
export function isOpen(hours: OpeningHours, at: EpochMs): boolean {
  return openSpans(hours, dayOf(at)).some(({ from, to }) => from <= at && at < to);
}

/**
 * The first moment, `at` or later, at which the hours are open: `at` itself while they are.
 * Undefined if they are not within 410 days.
 */
export function nextOpening(hours: OpeningHours, at: EpochMs): EpochMs | undefined {
  const today = dayOf(at);
  for (let day = today; day <= today + OPENING_DAYS; day += 1) {
    const span = openSpans(hours, day).find(({ to }) => at < to);
    if (span !== undefined) return Math.max(at, span.from);
  }
  return undefined;
}

/**
 * The moment at which hours that are open at `at` close next. Undefined if they are closed, and if
 * they stay open for a fortnight.
 */
export function closesAt(hours: OpeningHours, at: EpochMs): EpochMs | undefined {
  const today = dayOf(at);
  let openUntil = at;
  for (let day = today; day <= today + CLOSING_DAYS; day += 1) {
    const span = openSpans(hours, day).find(({ from, to }) => from <= openUntil && openUntil < to);
    if (span === undefined) return openUntil === at ? undefined : openUntil;
    openUntil = span.to;
    if (openUntil < (day + 1) * DAY_MS) return openUntil;
  }
  return undefined;
}

/** The time in a zone. @throws RangeError if Node does not know the zone */
export function localTime(timeZone: string, at: EpochMs): LocalTime {
  const local = at + offsetAt(timeZone, at);
  const day = dayOf(local);
  return { date: dateText(day), weekday: weekdayOf(day), minute: minuteOf(local) };
}

function minuteOf(localMs: number): number {
  return Math.floor((localMs - dayOf(localMs) * DAY_MS) / MINUTE_MS);
}

/** The day in UTC. */
function dayOf(at: EpochMs): DayNumber {
  return Math.floor(at / DAY_MS);
}
