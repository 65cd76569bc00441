import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayCall } from '../../../src/domain/hours/calling-hours.ts';
import { WEEKDAYS, type Week } from '../../../src/domain/hours/hours.ts';
import type { E164 } from '../../../src/domain/ids.ts';
import { numberPolicy, SHIPPED_HOURS, SHIPPED_PLAN } from '../../support/number-policy.ts';

const SHIPPED = numberPolicy({ callingHours: SHIPPED_HOURS });

const MINUTE_MS = 60_000;

function everyDay(fromHour: number, toHour: number): Week {
  const ranges = [{ fromMinute: fromHour * 60, toMinute: toHour * 60 }];
  return Object.fromEntries(WEEKDAYS.map((day) => [day, ranges])) as unknown as Week;
}

/** 8 to 21 in every region. */
const USUAL = numberPolicy({
  callingHours: {
    usual: everyDay(8, 21),
    byRegion: new Map(),
    holidays: new Set(['2026-12-25']),
    unplacedTimeZones: ['America/New_York', 'America/Los_Angeles'],
  },
});

/** Open, or when it opens. */
function callable(number: E164, at: string, policy = USUAL): string {
  const time = mayCall(number, policy, Date.parse(at));
  return time.ok ? 'open' : new Date(time.opensAt).toISOString();
}

type Row = [number: E164, at: string, expected: string, why: string];

describe('a number of one time zone', () => {
  it.each<Row>([
    ['+12025550123', '2026-06-01T11:59:59Z', '2026-06-01T12:00:00.000Z', 'Washington before 8'],
    ['+12025550123', '2026-06-01T12:00:00Z', 'open', 'Washington at 8'],
    ['+12025550123', '2026-06-02T00:59:59Z', 'open', 'Washington just before 21'],
    ['+12025550123', '2026-06-02T01:00:00Z', '2026-06-02T12:00:00.000Z', 'Washington at 21'],
    ['+12135550123', '2026-06-01T14:00:00Z', '2026-06-01T15:00:00.000Z', 'Los Angeles at 7'],
    ['+18085550123', '2026-06-01T18:00:00Z', 'open', 'Honolulu at 8'],
    ['+16715550123', '2026-06-01T22:00:00Z', 'open', 'Guam at 8 the next day'],
    ['+16025550123', '2026-06-01T15:00:00Z', 'open', 'Phoenix at 8, without daylight saving'],
    ['+16025550123', '2026-12-01T14:59:00Z', '2026-12-01T15:00:00.000Z', 'Phoenix in winter'],
  ])('%s at %s: %s (%s)', (number, at, expected) => {
    expect(callable(number, at)).toBe(expected);
  });

  it('waits over a holiday', () => {
    expect(callable('+12025550123', '2026-12-25T15:00:00Z')).toBe('2026-12-26T13:00:00.000Z');
  });
});

describe('changes of clocks', () => {
  it.each([
    ['2026-03-07T13:00:00Z', 'open', 'the Saturday before spring: 8 is 13 UTC'],
    ['2026-03-08T11:59:00Z', '2026-03-08T12:00:00.000Z', 'the Sunday: 8 is 12 UTC'],
    ['2026-03-08T02:00:00Z', '2026-03-08T12:00:00.000Z', 'a night of 23 hours'],
    ['2026-11-01T01:00:00Z', '2026-11-01T13:00:00.000Z', 'a night of 25 hours'],
    ['2026-11-02T01:59:00Z', 'open', 'the Sunday in autumn: 21 is 2 UTC'],
    ['2026-11-02T02:00:00Z', '2026-11-02T13:00:00.000Z', 'at 21'],
  ])('New York at %s: %s (%s)', (at, expected) => {
    expect(callable('+12125550123', at)).toBe(expected);
  });
});

describe('a number of several time zones', () => {
  it.each<Row>([
    // Florida's panhandle is an hour behind the rest of 850.
    ['+18505550123', '2026-06-01T12:00:00Z', '2026-06-01T13:00:00.000Z', '8 Eastern, 7 Central'],
    ['+18505550123', '2026-06-01T13:00:00Z', 'open', '8 Central'],
    ['+18505550123', '2026-06-02T01:00:00Z', '2026-06-02T13:00:00.000Z', '21 Eastern, 20 Central'],
    // Newfoundland is half an hour before Labrador.
    ['+17095550123', '2026-06-01T10:30:00Z', '2026-06-01T11:00:00.000Z', '8 in St. John’s'],
    ['+17095550123', '2026-06-01T11:00:00Z', 'open', '8 in Labrador'],
    ['+17095550123', '2026-06-01T23:30:00Z', '2026-06-02T11:00:00.000Z', '21 in St. John’s'],
    // The Navajo Nation keeps daylight saving, the rest of Arizona does not.
    ['+19285550123', '2026-06-01T14:00:00Z', '2026-06-01T15:00:00.000Z', '8 Navajo, 7 Arizona'],
    ['+19285550123', '2026-12-01T15:00:00Z', 'open', 'both 8 in winter'],
  ])('%s at %s: %s (%s)', (number, at, expected) => {
    expect(callable(number, at)).toBe(expected);
  });
});

describe('the shipped hours of states', () => {
  it.each<Row>([
    ['+13055550123', '2026-06-02T00:30:00Z', '2026-06-02T12:00:00.000Z', 'Florida closes at 20'],
    ['+15025550123', '2026-06-01T13:00:00Z', '2026-06-01T14:00:00.000Z', 'Kentucky opens at 10'],
    ['+12055550123', '2026-06-07T17:00:00Z', '2026-06-08T13:00:00.000Z', 'Alabama rests on Sunday'],
    ['+15125550123', '2026-06-07T15:00:00Z', '2026-06-07T17:00:00.000Z', 'Texas sleeps on Sunday'],
    [
      '+14165550123',
      '2026-06-06T22:00:00Z',
      '2026-06-07T14:00:00.000Z',
      'Canada on Saturday at 18',
    ],
    [
      '+14165550123',
      '2026-06-02T01:15:00Z',
      '2026-06-02T13:00:00.000Z',
      'Canada, 21 at the latest',
    ],
    ['+12125550123', '2026-06-02T00:30:00Z', 'open', 'New York until 21'],
  ])('%s at %s: %s (%s)', (number, at, expected) => {
    expect(callable(number, at, SHIPPED)).toBe(expected);
  });

  it('leave every area code some hours in any fortnight', () => {
    const start = Date.parse('2026-03-01T00:00:00Z');
    for (const area of SHIPPED_PLAN.areaCodes.keys()) {
      const time = mayCall(`+1${area}5550123`, SHIPPED, start);
      const waitHours = time.ok ? 0 : (time.opensAt - start) / 3_600_000;
      expect(waitHours, area).toBeLessThan(72);
    }
  });
});

describe('numbers elsewhere', () => {
  const abroad = numberPolicy({
    callingHours: USUAL.callingHours,
    allowCountries: new Map([['GB', { timeZones: ['Europe/London'] }]]),
  });

  it.each<Row>([
    ['+442079460000', '2026-06-01T07:00:00Z', 'open', 'London at 8'],
    ['+442079460000', '2026-06-01T06:59:00Z', '2026-06-01T07:00:00.000Z', 'London before'],
    ['+15005550123', '2026-06-01T12:00:00Z', '2026-06-01T15:00:00.000Z', 'no place: both coasts'],
  ])('%s at %s: %s (%s)', (number, at, expected) => {
    expect(callable(number, at, abroad)).toBe(expected);
  });
});

describe('odd policies', () => {
  it('with hours for nobody are looked at again in a fortnight', () => {
    const { callingHours } = USUAL;
    if (callingHours === undefined) expect.fail('there are hours');
    const never = numberPolicy({ callingHours: { ...callingHours, usual: everyDay(0, 0) } });
    expect(callable('+12025550123', '2026-06-01T12:00:00Z', never)).toBe(
      '2026-06-15T12:00:00.000Z',
    );
  });

  it('without hours allow a call at any', () => {
    expect(callable('+12025550123', '2026-06-01T07:00:00Z', numberPolicy())).toBe('open');
  });
});

/** The hour on a clock in a zone, as Intl reckons it. */
function minuteIn(timeZone: string, at: number): number {
  const time = new Date(at).toLocaleTimeString('sv-SE', { timeZone });
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function isOpenByIntl(timeZone: string, at: number): boolean {
  const minute = minuteIn(timeZone, at);
  const date = new Date(at).toLocaleDateString('sv-SE', { timeZone });
  return minute >= 8 * 60 && minute < 21 * 60 && !date.endsWith('2026-12-25');
}

describe('any number of the plan at any moment', () => {
  const area = fc.constantFrom(...SHIPPED_PLAN.areaCodes.keys());
  const moment = fc.integer({
    min: Date.UTC(2024, 0) / MINUTE_MS,
    max: Date.UTC(2030, 0) / MINUTE_MS,
  });

  it('may be called exactly when every zone of it is open, and next when told', () => {
    fc.assert(
      fc.property(area, moment, (code, minute) => {
        const at = minute * MINUTE_MS;
        const zones = SHIPPED_PLAN.areaCodes.get(code)?.timeZones ?? [];
        const allOpen = (when: number) => zones.every((zone) => isOpenByIntl(zone, when));
        const time = mayCall(`+1${code}5550123`, USUAL, at);
        expect(time.ok).toBe(allOpen(at));
        if (time.ok) return;
        expect(allOpen(time.opensAt)).toBe(true);
        for (let before = at; before < time.opensAt; before += 15 * MINUTE_MS) {
          expect(allOpen(before)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
