import { describe, test } from 'vitest';
import { LOAD_SCENARIOS } from './load.ts';
import { runScenario, SEED } from './run-scenario.ts';

describe(`days of load, SEED=${SEED}`, () => {
  test.each(LOAD_SCENARIOS)('$name: every rule holds at every step', (scenario) => {
    process.stdout.write(runScenario(scenario));
  });
});
