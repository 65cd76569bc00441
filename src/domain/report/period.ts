import { DAY_MS, type DayNumber, dateText, offsetAt } from '../hours/zone-clock.ts';
import type { EpochMs } from '../ids.ts';

export const GRAINS = ['hour', 'day', 'queue'] as const;
/** How finely a report tells: each hour, each day, or one row for the whole. */
export type Grain = (typeof GRAINS)[number];

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * The period of a moment in a zone, as text that sorts by time: `2026-11-01T01:00-04:00` for an hour
 * (when clocks go back, one hour comes twice with two offsets), `2026-11-01` for a day, and nothing
 * for the whole.
 * @throws RangeError if Node does not know the zone
 */
export function periodOf(grain: Grain, timeZone: string, at: EpochMs): string {
  if (grain === 'queue') return '';
  const offsetMs = offsetAt(timeZone, at);
  const { date, sinceMidnightMs } = wallClock(at + offsetMs);
  if (grain === 'day') return date;
  const hour = Math.floor(sinceMidnightMs / HOUR_MS);
  return `${date}T${twoDigits(hour)}:00${offsetText(offsetMs)}`;
}

/** A moment in a zone to the second, with the offset: `2026-11-01 01:30:05 -04:00`. */
export function localTimeText(timeZone: string, at: EpochMs): string {
  const offsetMs = offsetAt(timeZone, at);
  const { date, sinceMidnightMs } = wallClock(at + offsetMs);
  const second = Math.floor(sinceMidnightMs / 1000);
  const time = [second / 3600, (second / 60) % 60, second % 60].map((part) =>
    twoDigits(Math.floor(part)),
  );
  return `${date} ${time.join(':')} ${offsetText(offsetMs)}`;
}

/** The moment at which a day begins in a zone. @throws RangeError if Node does not know the zone */
export function startOfDay(timeZone: string, day: DayNumber): EpochMs {
  const utc = day * DAY_MS;
  // The offset just after the beginning: looked for twice, since the first look may be a day's change off.
  const near = utc - offsetAt(timeZone, utc);
  return utc - offsetAt(timeZone, near);
}

function wallClock(localMs: number): { readonly date: string; readonly sinceMidnightMs: number } {
  const day = Math.floor(localMs / DAY_MS);
  return { date: dateText(day), sinceMidnightMs: localMs - day * DAY_MS };
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  const sign = offsetMs < 0 ? '-' : '+';
  return `${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
