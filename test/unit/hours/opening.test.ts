import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closesAt,
  type DayRange,
  isOpen,
  localTime,
  nextOpening,
  type OpeningHours,
  WEEKDAYS,
  type Week,
} from '../../../src/domain/hours/hours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

function everyDay(...ranges: readonly DayRange[]): Week {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, ranges])) as unknown as Week;
}

function hours(timeZone: string, week: Week, holidays: readonly string[] = []): OpeningHours {
  return { id: 'test', timeZone, week, holidays: new Set(holidays) };
}

function hour(from: number, to: number): DayRange {
  return { fromMinute: from * 60, toMinute: to * 60 };
}

function text(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

const NEW_YORK = 'America/New_York';
const OFFICE = hours(NEW_YORK, { ...everyDay(hour(8, 18)), sat: [], sun: [] }, ['2026-11-26']);

describe('the next opening', () => {
  it.each([
    ['2026-11-25T15:00:00Z', '2026-11-25T15:00:00Z', 'now, while open'],
    ['2026-11-25T05:00:00Z', '2026-11-25T13:00:00Z', 'this morning'],
    ['2026-11-25T23:00:00Z', '2026-11-27T13:00:00Z', 'past a holiday'],
    ['2026-11-27T23:00:00Z', '2026-11-30T13:00:00Z', 'past a weekend'],
    ['2026-10-30T22:00:00Z', '2026-11-02T13:00:00Z', 'past the end of daylight saving'],
    ['2026-03-06T23:00:00Z', '2026-03-09T12:00:00Z', 'past its beginning'],
  ])('from %s is at %s: %s', (from, opening) => {
    expect(text(nextOpening(OFFICE, Date.parse(from)))).toBe(
      new Date(Date.parse(opening)).toISOString(),
    );
  });

  it('is never where nothing ever opens', () => {
    expect(nextOpening(hours(NEW_YORK, everyDay()), 0)).toBeUndefined();
  });

  it('skips a day on which the clock jumps over the hours', () => {
    const within = hours(NEW_YORK, everyDay({ fromMinute: 135, toMinute: 165 }));
    const saturday = Date.parse('2026-03-07T12:00:00Z');
    expect(text(nextOpening(within, saturday))).toBe('2026-03-09T06:15:00.000Z');
  });

  it('is the moment of the jump for hours that begin within it', () => {
    const early = hours(NEW_YORK, everyDay({ fromMinute: 150, toMinute: 300 }));
    const midnight = Date.parse('2026-03-08T05:00:00Z');
    expect(text(nextOpening(early, midnight))).toBe('2026-03-08T07:00:00.000Z');
  });

  it('comes twice on the day of the hour that comes twice', () => {
    const night = hours(NEW_YORK, everyDay({ fromMinute: 75, toMinute: 105 }));
    const first = nextOpening(night, Date.parse('2026-11-01T04:00:00Z'));
    expect(text(first)).toBe('2026-11-01T05:15:00.000Z');
    expect(text(nextOpening(night, (first ?? 0) + 30 * MINUTE_MS))).toBe(
      '2026-11-01T06:15:00.000Z',
    );
  });
});

describe('the closing', () => {
  it.each<[from: string, closing: string | undefined, why: string]>([
    ['2026-11-25T15:00:00Z', '2026-11-25T23:00:00.000Z', 'this evening'],
    ['2026-11-25T23:00:00Z', undefined, 'none, closed already'],
    ['2026-11-25T12:59:59Z', undefined, 'none, not open yet'],
  ])('from %s is at %s: %s', (from, closing) => {
    expect(text(closesAt(OFFICE, Date.parse(from)))).toBe(closing);
  });

  it('passes over midnight where the next day goes on', () => {
    const night: Week = { ...everyDay(), fri: [hour(20, 24)], sat: [hour(0, 2)] };
    const friday = Date.parse('2026-11-28T03:00:00Z');
    expect(text(closesAt(hours(NEW_YORK, night), friday))).toBe('2026-11-28T07:00:00.000Z');
  });

  it('does not come for hours that never close', () => {
    expect(closesAt(hours(NEW_YORK, everyDay(hour(0, 24))), 0)).toBeUndefined();
  });

  it('comes with a holiday', () => {
    const always = hours(NEW_YORK, everyDay(hour(0, 24)), ['2026-11-26']);
    const before = Date.parse('2026-11-23T12:00:00Z');
    expect(text(closesAt(always, before))).toBe('2026-11-26T05:00:00.000Z');
  });
});

/** Both ways of changing clocks, none at all, half an hour, three quarters, and odd moments. */
const ZONES = [
  'America/New_York',
  'America/Phoenix',
  'America/St_Johns',
  'America/Anchorage',
  'Pacific/Honolulu',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Europe/Dublin',
  'Pacific/Chatham',
];

const zone = fc.constantFrom(...ZONES);
const moment = fc.integer({
  min: Date.UTC(2020, 0) / MINUTE_MS,
  max: Date.UTC(2035, 0) / MINUTE_MS,
});
const range = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([a, b]) => ({ fromMinute: Math.min(a, b), toMinute: Math.max(a, b) }))
  .filter(({ fromMinute, toMinute }) => fromMinute < toMinute);
const week = fc
  .array(fc.array(range, { maxLength: 2 }), { minLength: 7, maxLength: 7 })
  .map(
    (days) =>
      Object.fromEntries(WEEKDAYS.map((day, index) => [day, days[index] ?? []])) as unknown as Week,
  );

/** A second way to reckon local time, minute by minute. */
function isOpenByIntl({ timeZone, week: days }: OpeningHours, at: number): boolean {
  const [weekday = '', time = ''] = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(at)
    .split(' ');
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const day = WEEKDAYS.find((name) => weekday.toLowerCase().startsWith(name)) ?? 'mon';
  return days[day].some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute);
}

describe('in any zone, at any moment, with any week', () => {
  it('hours are open when the clock on the wall says so', () => {
    fc.assert(
      fc.property(zone, week, moment, (timeZone, days, minute) => {
        const any = hours(timeZone, days);
        const at = minute * MINUTE_MS;
        expect(isOpen(any, at)).toBe(isOpenByIntl(any, at));
      }),
      { numRuns: 2_000 },
    );
  });

  it('the next opening is open, and nothing is before it', () => {
    fc.assert(
      fc.property(zone, week, moment, (timeZone, days, minute) => {
        const any = hours(timeZone, days);
        const at = minute * MINUTE_MS;
        const opening = nextOpening(any, at);
        const end = Math.min(opening ?? Number.POSITIVE_INFINITY, at + 9 * DAY_MS);
        for (let before = at; before < end; before += 7 * MINUTE_MS) {
          expect(isOpen(any, before)).toBe(false);
        }
        if (opening === undefined) return;
        expect(isOpenByIntl(any, opening)).toBe(true);
        if (opening > at) expect(isOpenByIntl(any, opening - MINUTE_MS)).toBe(false);
      }),
    );
  });

  it('from the moment until the closing it is open, and not after', () => {
    fc.assert(
      fc.property(zone, week, moment, (timeZone, days, minute) => {
        const any = hours(timeZone, days);
        const at = minute * MINUTE_MS;
        const closing = closesAt(any, at);
        if (!isOpen(any, at)) {
          expect(closing).toBeUndefined();
          return;
        }
        const end = Math.min(closing ?? Number.POSITIVE_INFINITY, at + 9 * DAY_MS);
        for (let during = at; during < end; during += 7 * MINUTE_MS) {
          expect(isOpen(any, during)).toBe(true);
        }
        if (closing === undefined) return;
        expect(isOpenByIntl(any, closing - MINUTE_MS)).toBe(true);
        expect(isOpenByIntl(any, closing)).toBe(false);
      }),
    );
  });

  it('the date is that of the calendar there', () => {
    fc.assert(
      fc.property(zone, moment, (timeZone, minute) => {
        const at = minute * MINUTE_MS;
        const [date = '', time = ''] = new Date(at)
          .toLocaleString('sv-SE', { timeZone })
          .split(' ');
        const local = localTime(timeZone, at);
        expect(local.date).toBe(date);
        expect(local.minute).toBe(Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)));
      }),
    );
  });
});
