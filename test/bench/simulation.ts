import { simulate } from '../../src/replay/simulate.ts';
import { RuleWatch } from '../simulation/checks/rule-watch.ts';
import { LOAD_SCENARIOS } from '../simulation/scenarios/load.ts';
import { TROUBLE_SCENARIOS } from '../simulation/scenarios/trouble.ts';
import { atLeast, type Findings, remark } from './figure.ts';

const CALLERS = 200_000;
const SEED = 1;
/** One million in two minutes on two cores. */
const GOAL_PER_S = 1_000_000 / 120 / 2;

/**
 * `sim_callers_per_s`: simulated callers in a second of real time on one core, over all scenarios of the
 * simulation suite, with every rule checked at every step.
 */
export function measureSimulation(): Findings {
  let callers = 0;
  let steps = 0;
  let tookMs = 0;
  for (const { day, share, atMost = Number.POSITIVE_INFINITY } of [
    ...LOAD_SCENARIOS,
    ...TROUBLE_SCENARIOS,
  ]) {
    const scripts = day(SEED, Math.min(atMost, Math.round(CALLERS * share)));
    const watch = new RuleWatch();
    const startedAt = performance.now();
    simulate(scripts, watch);
    tookMs += performance.now() - startedAt;
    callers += scripts.callers.length;
    steps += watch.steps;
  }
  return {
    figures: [atLeast('sim_callers_per_s', callers / (tookMs / 1000), '/s', GOAL_PER_S)],
    remarks: [
      remark('callers simulated', callers, ''),
      remark('moves of the floor, each checked', steps / (tookMs / 1000), '/s'),
    ],
  };
}
