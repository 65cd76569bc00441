import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTimeText, periodOf, startOfDay } from '../../../../src/domain/report/period.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a period', () => {
  it.each([
    ['hour', 'America/New_York', '2026-11-25T14:59:59.999Z', '2026-11-25T09:00-05:00'],
    ['hour', 'America/New_York', '2026-11-25T15:00:00Z', '2026-11-25T10:00-05:00'],
    ['hour', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T01:00-04:00'],
    ['hour', 'America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T01:00-05:00'],
    ['hour', 'Asia/Kolkata', '2026-11-25T18:40:00Z', '2026-11-26T00:00+05:30'],
    ['hour', 'UTC', '1969-12-31T23:10:00Z', '1969-12-31T23:00+00:00'],
    ['day', 'Pacific/Honolulu', '2026-11-25T09:59:00Z', '2026-11-24'],
    ['day', 'Pacific/Honolulu', '2026-11-25T10:00:00Z', '2026-11-25'],
    ['queue', 'UTC', '2026-11-25T10:00:00Z', ''],
  ] as const)('by %s in %s at %s is "%s"', (grain, zone, at, period) => {
    expect(periodOf(grain, zone, Date.parse(at))).toBe(period);
  });

  it.each([
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00Z'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00Z'],
    ['Asia/Kolkata', '2026-11-25', '2026-11-24T18:30:00Z'],
    ['Pacific/Kiritimati', '2026-11-25', '2026-11-24T10:00:00Z'],
    ['Pacific/Pago_Pago', '2026-11-25', '2026-11-25T11:00:00Z'],
  ])('the day in %s that is %s begins at %s', (zone, date, at) => {
    const day = Date.parse(`${date}T00:00:00Z`) / DAY;
    expect(new Date(startOfDay(zone, day)).toISOString()).toBe(new Date(at).toISOString());
  });

  it('every moment lies in the day whose beginning it follows', () => {
    const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 20_000, max: 22_000 }),
        (zone, day) => {
          const start = startOfDay(zone, day);
          const date = new Date(day * DAY).toISOString().slice(0, 10);
          expect(periodOf('day', zone, start)).toBe(date);
          expect(periodOf('day', zone, start - 1) < date).toBe(true);
        },
      ),
    );
  });

  it('a time is told with its offset', () => {
    const at = Date.parse('2026-11-01T06:30:05Z');
    expect(localTimeText('America/New_York', at)).toBe('2026-11-01 01:30:05 -05:00');
  });
});
