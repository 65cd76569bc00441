import type { EpochMs, HoursId } from '../ids.ts';

/** Minutes after local midnight, `from` included, `to` excluded; at most 1440. */
export interface DayRange {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When a number or queue is open, in its own time zone. */
export interface OpeningHours {
  readonly id: HoursId;
  /** IANA name, e.g. America/New_York. */
  readonly timeZone: string;
  readonly week: Readonly<Record<Weekday, readonly DayRange[]>>;
  /** Local dates (YYYY-MM-DD) on which nothing is open. */
  readonly holidays: ReadonlySet<string>;
}

interface LocalTime {
  readonly date: string;
  readonly weekday: Weekday;
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the hours are open at that moment. */
export function isOpen(hours: OpeningHours, at: EpochMs): boolean {
  const local = localTime(hours.timeZone, at);
  if (hours.holidays.has(local.date)) return false;
  return hours.week[local.weekday].some(
    (range) => local.minute >= range.fromMinute && local.minute < range.toMinute,
  );
}

function localTime(timeZone: string, at: EpochMs): LocalTime {
  const parts = new Map<string, string>();
  for (const part of formatFor(timeZone).formatToParts(at)) parts.set(part.type, part.value);
  const text = (type: string) => parts.get(type) ?? '';
  const weekday = WEEKDAYS.find((day) => day === text('weekday').toLowerCase());
  if (weekday === undefined) throw new RangeError(`no weekday for time zone ${timeZone}`);
  return {
    date: `${text('year')}-${text('month')}-${text('day')}`,
    weekday,
    minute: Number(text('hour')) * 60 + Number(text('minute')),
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}
