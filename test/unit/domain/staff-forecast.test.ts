import { describe, expect, test } from 'vitest';
import {
  agentsExpected,
  type StaffForecasts,
  staffChanges,
} from '../../../src/domain/callback/staff-forecast.ts';

const at = (text: string): number => Date.parse(text);
const ZONE = 'America/New_York';
/** On Tuesdays ten until noon, four until six; nobody from six to seven, then two. */
const FORECAST: StaffForecasts = [
  { days: ['tue'], fromMinute: 480, toMinute: 720, agents: 10 },
  { days: ['tue'], fromMinute: 720, toMinute: 1080, agents: 4 },
  { days: ['tue'], fromMinute: 1080, toMinute: 1140, agents: 0 },
  { days: ['tue'], fromMinute: 1140, toMinute: 1200, agents: 2 },
];

describe('agents expected', () => {
  test.each([
    ['2026-11-24T08:00:00-05:00', 10],
    ['2026-11-24T11:59:59-05:00', 10],
    ['2026-11-24T12:00:00-05:00', 4],
    ['2026-11-24T18:30:00-05:00', 0],
    ['2026-11-24T21:00:00-05:00', undefined],
    ['2026-11-25T09:00:00-05:00', undefined],
  ])('at %s: %s', (text, agents) => {
    expect(agentsExpected(FORECAST, ZONE, at(text))).toBe(agents);
  });
});

describe('changes of staff', () => {
  test('are told as shares of those who are there now', () => {
    expect(staffChanges(FORECAST, ZONE, at('2026-11-24T10:07:00-05:00'))).toEqual([
      { at: at('2026-11-24T12:00:00-05:00'), share: 0.4 },
    ]);
  });

  test.each([
    ['beyond four hours', '2026-11-24T07:59:00-05:00'],
    ['where the forecast says that nobody works', '2026-11-24T17:50:00-05:00'],
    ['where it says nothing of now', '2026-11-24T21:00:00-05:00'],
    ['while nobody is expected', '2026-11-24T18:30:00-05:00'],
  ])('are none %s', (_name, now) => {
    expect(staffChanges(FORECAST, ZONE, at(now))).toEqual([]);
  });
});
