import { describe, expect, test } from 'vitest';
import { LOAD_SCENARIOS } from './load.ts';
import { runScenario, type ScenarioResult, SEED } from './run-scenario.ts';

describe(`days of load, SEED=${SEED}`, () => {
  const results: ScenarioResult[] = [];

  test.each(LOAD_SCENARIOS)('$name: every rule holds at every step', (scenario) => {
    const result = runScenario(scenario);
    results.push(result);
    process.stdout.write(result.line);
  });

  test('an answered customer waits at most 2 s for an agent in 99 of 100 cases', () => {
    const waits = results.map(({ tally }) => tally.agentWaits);
    const all = waits.reduce((sum, { count }) => sum + count, 0);
    const soon = waits.reduce((sum, each) => sum + each.count * each.shareWithin(2), 0);
    expect(all).toBeGreaterThan(0);
    expect(soon / all).toBeGreaterThanOrEqual(0.99);
    const ahead = results.reduce((sum, { calledAhead }) => sum + calledAhead, 0);
    expect(ahead).toBeGreaterThan(all / 10);
  });
});
