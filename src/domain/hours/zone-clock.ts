import type { EpochMs } from '../ids.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Days since 1970-01-01, of a local calendar. */
export type DayNumber = number;

/** A stretch of time with one offset; `from` included, `to` excluded. */
export interface OffsetSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Local time less UTC. */
  readonly offsetMs: number;
}

/**
 * Clocks change on quarters of an hour in UTC: so it is in every zone from 2015 on, save for a minute
 * at one station in Antarctica.
 */
const BUCKET_MS = 900_000;
/** Offsets kept of one zone: six weeks of quarter hours. */
const MAX_KEPT_OFFSETS = 4_096;

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  readonly offsets: Map<number, number>;
}

const clocks = new Map<string, ZoneClock>();

/**
 * Local time less UTC in a zone at a moment, daylight saving included. Rules of the zone: Node's ICU.
 * @throws RangeError if Node does not know the zone; configuration is checked for that.
 */
export function offsetAt(timeZone: string, at: EpochMs): number {
  const clock = clockOf(timeZone);
  const bucket = Math.floor(at / BUCKET_MS);
  const known = clock.offsets.get(bucket);
  if (known !== undefined) return known;
  const start = bucket * BUCKET_MS;
  const offset = localMs(clock.format, start) - start;
  if (clock.offsets.size >= MAX_KEPT_OFFSETS) clock.offsets.clear();
  clock.offsets.set(bucket, offset);
  return offset;
}

/**
 * The stretches of one offset between two moments, in order. No zone changes its clocks twice
 * within a day, so at most a day may be asked for.
 */
export function offsetSpans(timeZone: string, from: EpochMs, to: EpochMs): readonly OffsetSpan[] {
  const before = offsetAt(timeZone, from);
  const after = offsetAt(timeZone, to - 1);
  if (before === after) return [{ from, to, offsetMs: before }];
  const change = changeBetween(timeZone, from, to);
  return [
    { from, to: change, offsetMs: before },
    { from: change, to, offsetMs: after },
  ];
}

/** The moment at which the offset of `from` ends; it does before `to`. */
function changeBetween(timeZone: string, from: EpochMs, to: EpochMs): EpochMs {
  const before = offsetAt(timeZone, from);
  let low = Math.floor(from / BUCKET_MS);
  let high = Math.floor((to - 1) / BUCKET_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timeZone, middle * BUCKET_MS) === before) low = middle;
    else high = middle;
  }
  return high * BUCKET_MS;
}

/** The date as YYYY-MM-DD. Algorithm: H. Hinnant, civil_from_days. */
export function dateText(day: DayNumber): string {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}`;
}

/** The day of a date. Algorithm: H. Hinnant, days_from_civil. */
function dayNumber(year: number, month: number, dayOfMonth: number): DayNumber {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * fromMarch + 2) / 5) + dayOfMonth - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

function localMs(format: Intl.DateTimeFormat, at: EpochMs): number {
  const parts = new Map<string, string>();
  for (const part of format.formatToParts(at)) parts.set(part.type, part.value);
  const number = (type: string) => Number(parts.get(type));
  const day = dayNumber(number('year'), number('month'), number('day'));
  const seconds = (number('hour') * 60 + number('minute')) * 60 + number('second');
  return day * DAY_MS + seconds * 1_000;
}

function clockOf(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const clock: ZoneClock = { format, offsets: new Map() };
  clocks.set(timeZone, clock);
  return clock;
}
