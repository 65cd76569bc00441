import { localTime } from '../hours/hours.ts';
import type { EpochMs } from '../ids.ts';
import type { SlotSettings } from './settings.ts';

/** Agents expected at work, as an operator writes it; the first that fits counts. */
export type StaffForecasts = SlotSettings['forecast'];

/** From `at` on, `share` times as many agents are expected as now. */
export interface StaffChange {
  readonly at: EpochMs;
  readonly share: number;
}

/** Forecasts begin and end on minutes; shifts do on quarter hours. */
const STEP_MS = 15 * 60_000;
/** Waits beyond are told as "more than" anyway. */
const STEPS = 16;

/** Agents expected at a time; undefined where the forecast says nothing. */
export function agentsExpected(
  forecast: StaffForecasts,
  timeZone: string,
  at: EpochMs,
): number | undefined {
  const { weekday, minute } = localTime(timeZone, at);
  return forecast.find(
    ({ days, fromMinute, toMinute }) =>
      days.includes(weekday) && minute >= fromMinute && minute < toMinute,
  )?.agents;
}

/**
 * The changes of the next four hours, soonest first. As shares: who is at work now is known better
 * than any forecast. Ends where the forecast does, or says that nobody works.
 */
export function staffChanges(
  forecast: StaffForecasts,
  timeZone: string,
  now: EpochMs,
): readonly StaffChange[] {
  const base = agentsExpected(forecast, timeZone, now) ?? 0;
  if (base === 0) return [];
  const changes: StaffChange[] = [];
  let last = base;
  let at = Math.floor(now / STEP_MS) * STEP_MS;
  for (let step = 0; step < STEPS; step += 1) {
    at += STEP_MS;
    const agents = agentsExpected(forecast, timeZone, at) ?? 0;
    if (agents === 0) break;
    if (agents !== last) changes.push({ at, share: agents / base });
    last = agents;
  }
  return changes;
}
