import { describe, expect, test } from 'vitest';
import { compare, FIGURE_NAMES } from '../../../src/replay/compare.ts';
import { objectOf, tableOf } from '../../../src/replay/comparison-text.ts';
import { modelOf } from '../../../src/replay/day-model.ts';
import { recordedShifts } from '../../../src/replay/recorded-shifts.ts';
import { readRecords } from '../../../src/replay/records.ts';
import { simulate } from '../../../src/replay/simulate.ts';
import { crowd, USUAL_CROWD } from '../../simulation/scenarios/crowd.ts';
import { USUAL_WAVES, usualDay, WORKING_DAY } from '../../simulation/scenarios/load.ts';
import { archiveOf, Recorder } from './recorder.ts';

/** A simulated day as if it had been a real one. */
async function recordedDay(agents: number) {
  const settings = { ...USUAL_CROWD, callers: 700, redials: 0 };
  const day = usualDay(11, agents, crowd(11, USUAL_WAVES, settings));
  const recorder = new Recorder();
  const tally = simulate(day, recorder.witness);
  const records = await readRecords(archiveOf(recorder), WORKING_DAY);
  return { day, tally, records, model: modelOf(records) };
}

describe('a replay', { timeout: 30_000 }, () => {
  test('of the same configuration comes near to what was recorded', async () => {
    const { day, tally, records, model } = await recordedDay(7);
    expect(model.arrivals).toHaveLength(700);
    expect(model.observed.offered).toBe(tally.offered);
    const shifts = recordedShifts(records.presences, records.span);
    expect(shifts.size).toBe(7);
    const plans = { recorded: day.plan, other: day.plan };
    const comparison = compare(model, plans, { runs: 5, seed: 3, shifts });
    const { holdAsaSeconds, connected, accepted } = comparison;
    expect(holdAsaSeconds.recorded.mean).toBeGreaterThan(tally.holdWaits.meanSeconds * 0.6);
    expect(holdAsaSeconds.recorded.mean).toBeLessThan(tally.holdWaits.meanSeconds * 1.6);
    expect(Math.abs(accepted.recorded.mean - tally.registered)).toBeLessThan(tally.registered / 2);
    expect(connected.recorded.mean).toBeGreaterThan(0);
    for (const name of FIGURE_NAMES) {
      expect(comparison[name].difference).toEqual({ mean: 0, low: 0, high: 0 });
    }
  });

  test('tells that fewer agents make people wait longer, beyond chance', async () => {
    const { day, records, model } = await recordedDay(7);
    const fewer = new Map([...day.plan.agents].slice(0, 5));
    const shifts = recordedShifts(records.presences, records.span);
    const plans = { recorded: day.plan, other: { ...day.plan, agents: fewer } };
    const comparison = compare(model, plans, { runs: 4, seed: 3, shifts });
    expect(comparison.holdAsaSeconds.difference.low).toBeGreaterThan(0);
    expect(comparison.accepted.difference.low).toBeGreaterThan(0);
    const report = {
      days: {
        from: '2026-11-24',
        to: '2026-11-24',
      },
      callers: 700,
      agents: 7,
      runs: 4,
      seed: 3,
      observed: model.observed,
      comparison,
    };
    const line = tableOf(report)
      .split('\n')
      .find((text) => text.startsWith('hold ASA'));
    expect(line).toMatch(/ ± .* ± .* ± .* \*$/u);
    expect(JSON.parse(JSON.stringify(objectOf(report)))).toMatchObject({
      figures: { holdAsaSeconds: { difference: { mean: expect.any(Number) as number } } },
    });
  });

  test('an agent whom the records do not know works as another does', async () => {
    const { day, records, model } = await recordedDay(7);
    const added = new Map(day.plan.agents);
    for (const name of ['new1', 'new2', 'new3']) {
      const [like] = day.plan.agents.values();
      if (like !== undefined)
        added.set(name, { ...like, id: name, queues: ['general', 'refunds'] });
    }
    const shifts = recordedShifts(records.presences, records.span);
    const plans = { recorded: day.plan, other: { ...day.plan, agents: added } };
    const comparison = compare(model, plans, { runs: 3, seed: 3, shifts });
    expect(comparison.holdAsaSeconds.difference.high).toBeLessThan(0);
  });
});
