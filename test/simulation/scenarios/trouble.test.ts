import { describe, test } from 'vitest';
import { runScenario, SEED } from './run-scenario.ts';
import { TROUBLE_SCENARIOS } from './trouble.ts';

describe(`days of trouble, SEED=${SEED}`, () => {
  test.each(TROUBLE_SCENARIOS)('$name: every rule holds at every step', (scenario) => {
    process.stdout.write(runScenario(scenario));
  });
});
