import { expect } from 'vitest';
import type { CallerScript, Day, Span } from '../../../src/replay/day.ts';
import { crowd, staff, USUAL_ANSWERS, USUAL_CROWD, type Wave } from './crowd.ts';
import { openAlways } from './plans.ts';
import type { Scenario } from './scenario.ts';

export const HOUR_MS = 3_600_000;
/** 8 o'clock in New York on a Tuesday. */
export const MORNING = Date.parse('2026-11-24T13:00:00Z');
export const WORKING_DAY: Span = { from: MORNING, to: MORNING + 9 * HOUR_MS };
const NEXT_DAY: Span = { from: MORNING + 24 * HOUR_MS, to: MORNING + 33 * HOUR_MS };
/** Talk, ring and wrap-up of the usual caller. */
const HANDLE_SECONDS = 270;

/** A quiet morning, a late-morning peak, a long afternoon. */
export const USUAL_WAVES: readonly Wave[] = [
  { share: 0.2, from: MORNING, to: MORNING + 2 * HOUR_MS },
  { share: 0.45, from: MORNING + 2 * HOUR_MS, to: MORNING + 5 * HOUR_MS },
  { share: 0.35, from: MORNING + 5 * HOUR_MS, to: MORNING + 9 * HOUR_MS },
];

/** Agents who are busy for `load` of the time with so many callers in so many hours. */
export function agentsFor(callers: number, hours: number, load: number): number {
  return Math.max(2, Math.ceil((callers * HANDLE_SECONDS) / (hours * 3600 * load)));
}

/** A day in which everybody works from morning to evening, and on the next. */
export function usualDay(
  seed: number,
  agents: number,
  callers: readonly CallerScript[],
  troubles: Day['troubles'] = [],
): Day {
  return {
    plan: openAlways(agents),
    endsAt: NEXT_DAY.to,
    callers,
    agents: staff(seed, agents, () => [WORKING_DAY, NEXT_DAY]),
    troubles,
  };
}

/** Days that differ in how many dial, and how many answer. */
export const LOAD_SCENARIOS: readonly Scenario[] = [
  {
    name: 'calm',
    share: 0.12,
    day: (seed, callers) =>
      usualDay(
        seed,
        agentsFor(callers, 9, 0.85),
        crowd(seed, USUAL_WAVES, { ...USUAL_CROWD, callers }),
      ),
    expectation: ({ leftOver }) => expect(leftOver).toBe(0),
  },
  {
    name: 'filing deadline, ten times the load',
    share: 0.13,
    day: (seed, callers) =>
      usualDay(
        seed,
        agentsFor(callers / 10, 9, 0.85),
        crowd(seed, USUAL_WAVES, { ...USUAL_CROWD, callers }),
      ),
    expectation: ({ registered, connected }) => {
      expect(registered).toBeGreaterThan(0);
      // More are promised than two days can keep; the rest waits on, none is lost.
      expect(connected).toBeGreaterThan(registered / 5);
    },
  },
  {
    name: 'storm of redials',
    share: 0.04,
    day: (seed, callers) =>
      usualDay(
        seed,
        agentsFor(callers, 9, 1.6),
        crowd(seed, [{ share: 1, from: MORNING, to: MORNING + HOUR_MS }], {
          ...USUAL_CROWD,
          callers,
          patienceSeconds: 120,
          redials: 0.9,
          takesCallback: 0.2,
        }),
      ),
    expectation: ({ calls, joined }) => expect(calls).toBeGreaterThan(joined - 1),
  },
  {
    name: 'everyone busy: nobody answers a callback',
    share: 0.06,
    day: (seed, callers) =>
      usualDay(
        seed,
        agentsFor(callers, 9, 1.2),
        crowd(seed, USUAL_WAVES, {
          ...USUAL_CROWD,
          callers,
          takesCallback: 1,
          answers: {
            ...USUAL_ANSWERS,
            busy: 0.7,
            noAnswer: 0.2,
          },
        }),
      ),
    expectation: ({ exhausted, connected }) => expect(exhausted).toBeGreaterThan(connected),
  },
  {
    name: 'one agent',
    share: 0.001,
    atMost: 1_000,
    day: (seed, callers) =>
      usualDay(seed, 1, crowd(seed, USUAL_WAVES, { ...USUAL_CROWD, callers })),
  },
  {
    name: '2,000 agents',
    share: 0.15,
    day: (seed, callers) =>
      usualDay(seed, 2_000, crowd(seed, burstOf(callers), { ...USUAL_CROWD, callers })),
  },
];

/** In as many hours as keep 2,000 agents busy. */
function burstOf(callers: number): readonly Wave[] {
  const hours = (callers * HANDLE_SECONDS) / (2_000 * 3600);
  return [{ share: 1, from: MORNING, to: MORNING + hours * HOUR_MS }];
}
