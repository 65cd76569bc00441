import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DayRange,
  isOpen,
  type OpeningHours,
  WEEKDAYS,
} from '../../../src/domain/hours/hours.ts';

const CLOSED: OpeningHours['week'] = {
  mon: [],
  tue: [],
  wed: [],
  thu: [],
  fri: [],
  sat: [],
  sun: [],
};

function hours(timeZone: string, week: Partial<OpeningHours['week']>, holidays: string[] = []) {
  return { id: 'test', timeZone, week: { ...CLOSED, ...week }, holidays: new Set(holidays) };
}

/** `09:30-17:00` as minutes. */
function range(text: string): DayRange {
  const [from = '', to = ''] = text.split('-');
  const minute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return { fromMinute: minute(from), toMinute: minute(to) };
}

function everyDay(text: string): OpeningHours['week'] {
  const ranges = [range(text)];
  return Object.fromEntries(
    WEEKDAYS.map((day) => [day, ranges]),
  ) as unknown as OpeningHours['week'];
}

const NEW_YORK = 'America/New_York';

describe('the edges of a day', () => {
  const office = hours(NEW_YORK, { mon: [range('08:00-12:00'), range('13:00-18:00')] });

  // 2026-06-01 is a Monday; New York is four hours behind UTC.
  it.each([
    ['2026-06-01T11:59:59.999Z', false, 'a moment before it opens'],
    ['2026-06-01T12:00:00Z', true, 'as it opens'],
    ['2026-06-01T15:59:59.999Z', true, 'a moment before lunch'],
    ['2026-06-01T16:00:00Z', false, 'lunch'],
    ['2026-06-01T17:00:00Z', true, 'after lunch'],
    ['2026-06-01T22:00:00Z', false, 'as it closes'],
    ['2026-06-02T12:00:00Z', false, 'the next day'],
  ])('at %s is open: %s, %s', (at, open) => {
    expect(isOpen(office, Date.parse(at))).toBe(open);
  });

  it('the whole day is open up to midnight and no further', () => {
    const monday = hours(NEW_YORK, { mon: [range('00:00-24:00')] });
    expect(isOpen(monday, Date.parse('2026-06-01T04:00:00Z'))).toBe(true);
    expect(isOpen(monday, Date.parse('2026-06-02T03:59:59.999Z'))).toBe(true);
    expect(isOpen(monday, Date.parse('2026-06-02T04:00:00Z'))).toBe(false);
    expect(isOpen(monday, Date.parse('2026-06-01T03:59:59.999Z'))).toBe(false);
  });
});

describe('the hour that does not exist (2026-03-08, New York, 02:00 to 03:00)', () => {
  const early = hours(NEW_YORK, everyDay('01:30-03:30'));

  it.each([
    ['2026-03-08T06:29:00Z', false, '01:29 standard time'],
    ['2026-03-08T06:30:00Z', true, '01:30 standard time'],
    ['2026-03-08T06:59:59Z', true, '01:59 standard time'],
    ['2026-03-08T07:00:00Z', true, '03:00 daylight time'],
    ['2026-03-08T07:30:00Z', false, '03:30 daylight time'],
  ])('at %s is open: %s, %s', (at, open) => {
    expect(isOpen(early, Date.parse(at))).toBe(open);
  });

  it('never opens for hours that lie wholly within it', () => {
    const within = hours(NEW_YORK, { sun: [range('02:15-02:45')] });
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      expect(isOpen(within, Date.parse('2026-03-08T05:00:00Z') + minute * 60_000)).toBe(false);
    }
  });
});

describe('the hour that comes twice (2026-11-01, New York, 01:00 to 02:00)', () => {
  const night = hours(NEW_YORK, everyDay('01:15-01:45'));

  it.each([
    ['2026-11-01T05:15:00Z', true, '01:15 daylight time'],
    ['2026-11-01T05:45:00Z', false, '01:45 daylight time'],
    ['2026-11-01T06:15:00Z', true, '01:15 standard time'],
    ['2026-11-01T06:45:00Z', false, '01:45 standard time'],
  ])('at %s is open: %s, %s', (at, open) => {
    expect(isOpen(night, Date.parse(at))).toBe(open);
  });

  it('office hours follow the clock on the wall, not UTC', () => {
    const office = hours(NEW_YORK, { fri: [range('08:00-09:00')], mon: [range('08:00-09:00')] });
    expect(isOpen(office, Date.parse('2026-10-30T12:00:00Z'))).toBe(true);
    expect(isOpen(office, Date.parse('2026-11-02T12:00:00Z'))).toBe(false);
    expect(isOpen(office, Date.parse('2026-11-02T13:00:00Z'))).toBe(true);
  });
});

describe('holidays', () => {
  const closedAtChristmas = hours(NEW_YORK, everyDay('00:00-24:00'), ['2026-12-25']);

  it.each([
    ['2026-12-25T04:59:59.999Z', true, 'the evening before'],
    ['2026-12-25T05:00:00Z', false, 'its first moment, local time'],
    ['2026-12-26T04:59:59.999Z', false, 'its last moment'],
    ['2026-12-26T05:00:00Z', true, 'the next day'],
  ])('at %s is open: %s, %s', (at, open) => {
    expect(isOpen(closedAtChristmas, Date.parse(at))).toBe(open);
  });

  it('are days of the zone: it may be another day elsewhere', () => {
    const honolulu = hours('Pacific/Honolulu', everyDay('00:00-24:00'), ['2026-12-25']);
    const at = Date.parse('2026-12-25T08:00:00Z');
    expect(isOpen(closedAtChristmas, at)).toBe(false);
    expect(isOpen(honolulu, at)).toBe(true);
  });
});

describe('other zones', () => {
  it.each([
    ['Asia/Kathmandu', '2026-06-01T02:15:00Z', 'an offset of 5:45'],
    ['Pacific/Kiritimati', '2026-05-31T18:00:00Z', 'fourteen hours ahead'],
    ['Pacific/Pago_Pago', '2026-06-01T19:00:00Z', 'eleven hours behind'],
    ['UTC', '2026-06-01T08:00:00Z', 'none'],
  ])('%s opens at eight on Monday, at %s (%s)', (zone, at) => {
    const opening = hours(zone, { mon: [range('08:00-09:00')] });
    expect(isOpen(opening, Date.parse(at))).toBe(true);
    expect(isOpen(opening, Date.parse(at) - 1)).toBe(false);
  });

  it('agree with a second way to reckon local time', () => {
    const zones = ['America/New_York', 'America/Phoenix', 'Europe/Dublin', 'Australia/Lord_Howe'];
    const moment = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, at) => {
        const local = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
        const morning = hours(zone, everyDay('06:00-12:00'));
        const hour = Number(local.slice(11, 13));
        expect(isOpen(morning, at)).toBe(hour >= 6 && hour < 12);
      }),
    );
  });
});
