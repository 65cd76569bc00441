import { localTime } from '../hours/hours.ts';
import type { EpochMs } from '../ids.ts';
import type { SpokenDay, SpokenSlot, TimeOfDay } from './languages/language.ts';
import { zoneName } from './zone-name.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** In minutes after midnight. */
const NOON = 720;
/** From here on a weekday alone could be taken for the one before. */
const DATES_FROM_DAYS = 7;

/** A span of time, and the moment and place in which it is told. */
export interface ToldSlot {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** IANA name of the zone in which the clock is read. */
  readonly timeZone: string;
  readonly now: EpochMs;
}

/** A slot as it is said; its day is the one on which it begins. @throws RangeError for an unknown zone */
export function spokenSlot({ from, to, timeZone, now }: ToldSlot): SpokenSlot {
  const start = localTime(timeZone, from);
  return {
    day: spokenDay(start, datesFrom(timeZone, now)),
    from: timeOfDay(start.minute),
    to: timeOfDay(localTime(timeZone, to).minute),
    zone: zoneName(timeZone),
  };
}

/** The local dates of today and the days after it, as far as a weekday alone says which is meant. */
function datesFrom(timeZone: string, now: EpochMs): readonly string[] {
  const noon = now + (NOON - localTime(timeZone, now).minute) * MINUTE_MS;
  // Counted from noon to noon, days of 23 and 25 hours change nothing.
  return Array.from(
    { length: DATES_FROM_DAYS },
    (_, days) => localTime(timeZone, noon + days * DAY_MS).date,
  );
}

function spokenDay(start: ReturnType<typeof localTime>, days: readonly string[]): SpokenDay {
  const { date, weekday } = start;
  const ahead = days.indexOf(date);
  if (ahead === 0) return { kind: 'today' };
  if (ahead === 1) return { kind: 'tomorrow' };
  if (ahead > 1) return { kind: 'weekday', weekday };
  const [, month, dayOfMonth] = date.split('-').map(Number);
  return { kind: 'date', weekday, month: month ?? 1, dayOfMonth: dayOfMonth ?? 1 };
}

function timeOfDay(minute: number): TimeOfDay {
  return { hour: Math.trunc(minute / 60), minute: minute % 60 };
}
