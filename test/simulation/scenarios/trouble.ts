import { expect } from 'vitest';
import type { Day, Span, Trouble } from '../../../src/replay/day.ts';
import { crowd, staff, USUAL_CROWD } from './crowd.ts';
import { agentsFor, HOUR_MS, MORNING, USUAL_WAVES, usualDay, WORKING_DAY } from './load.ts';
import { openByDay } from './plans.ts';
import type { Scenario } from './scenario.ts';

const MINUTE_MS = 60_000;

function troubledDay(load: number, troubles: (agents: number) => readonly Trouble[]) {
  return (seed: number, callers: number): Day => {
    const agents = agentsFor(callers, 9, load);
    const people = crowd(seed, USUAL_WAVES, { ...USUAL_CROWD, callers });
    return usualDay(seed, agents, people, troubles(agents));
  };
}

/** Every third agent, for ten minutes, three times. */
function agentsVanish(agents: number): readonly Trouble[] {
  const names = Array.from({ length: agents }, (_, index) => `agent${index}`);
  return [1, 3.5, 6].map((hour, turn) => ({
    kind: 'agentsVanish',
    agents: names.filter((_, index) => index % 3 === turn),
    from: MORNING + hour * HOUR_MS,
    to: MORNING + hour * HOUR_MS + 10 * MINUTE_MS,
  }));
}

function outages(): readonly Trouble[] {
  return [1.5, 4, 6].map((hour) => ({
    kind: 'trunkOutage',
    from: MORNING + hour * HOUR_MS,
    to: MORNING + hour * HOUR_MS + 12 * MINUTE_MS,
  }));
}

function restarts(): readonly Trouble[] {
  return Array.from({ length: 12 }, (_, index) => ({
    kind: 'restart',
    at: MORNING + (index + 1) * HOUR_MS,
    downMs: 4_000,
  }));
}

/**
 * Two days open from 8 to 17 in New York, with the night of the change of clocks between them, and a
 * third to serve who is left. `open` are these hours as UTC, reckoned by hand.
 */
function byDay(open: readonly Span[]) {
  return (seed: number, callers: number): Day => {
    const agents = agentsFor(callers, 18, 1.15);
    const waves = open.slice(0, 2).map((span) => ({ share: 0.5, ...span }));
    return {
      plan: openByDay(agents),
      endsAt: open.at(-1)?.to ?? 0,
      callers: crowd(seed, waves, { ...USUAL_CROWD, callers }),
      // They stay an hour longer than the queue is open, and come an hour before.
      agents: staff(seed, agents, () =>
        open.map(({ from, to }) => ({ from: from - HOUR_MS, to: to + HOUR_MS })),
      ),
      troubles: [],
    };
  };
}

function utcDay(date: string, fromHour: number): Span {
  const from = Date.parse(`${date}T${String(fromHour).padStart(2, '0')}:00:00Z`);
  return { from, to: from + 9 * HOUR_MS };
}

const CLOSING_DAYS = [utcDay('2026-11-24', 13), utcDay('2026-11-25', 13), utcDay('2026-11-26', 13)];
/** On 8 March 2026 New York goes from UTC-5 to UTC-4, on 1 November back. */
const SPRING_DAYS = [utcDay('2026-03-07', 13), utcDay('2026-03-08', 12), utcDay('2026-03-09', 12)];
const AUTUMN_DAYS = [utcDay('2026-10-31', 12), utcDay('2026-11-01', 13), utcDay('2026-11-02', 13)];

/** Days on which something goes wrong. */
export const TROUBLE_SCENARIOS: readonly Scenario[] = [
  { name: 'agents vanish', share: 0.08, day: troubledDay(0.95, agentsVanish) },
  {
    name: 'trunk outage',
    share: 0.08,
    day: troubledDay(0.95, outages),
    expectation: ({ lost }) => expect(lost).toBeGreaterThan(0),
  },
  { name: 'closing time', share: 0.07, day: byDay(CLOSING_DAYS), expectation: nobodyLeft },
  { name: 'clocks go forward', share: 0.06, day: byDay(SPRING_DAYS), expectation: nobodyLeft },
  { name: 'clocks go back', share: 0.06, day: byDay(AUTUMN_DAYS), expectation: nobodyLeft },
  { name: 'restart every hour', share: 0.08, day: troubledDay(1.1, restarts) },
  {
    name: 'hostile callers',
    share: 0.07,
    day: (seed, callers) =>
      usualDay(
        seed,
        agentsFor(callers, 9, 1.3),
        crowd(seed, [{ share: 1, ...WORKING_DAY }], { ...USUAL_CROWD, callers, hostile: 0.3 }),
      ),
    expectation: ({ numbersRefused, registered }) => {
      expect(numbersRefused).toBeGreaterThan(0);
      expect(registered).toBeGreaterThan(numbersRefused);
    },
  },
];

function nobodyLeft({ leftOver }: { readonly leftOver: number }): void {
  // Whom the evening left is called in the morning.
  expect(leftOver).toBe(0);
}
