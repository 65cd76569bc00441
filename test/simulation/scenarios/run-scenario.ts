import { simulate } from '../../../src/replay/simulate.ts';
import type { Tally } from '../../../src/replay/tally.ts';
import { BrokenRule } from '../checks/broken-rule.ts';
import { RuleWatch } from '../checks/rule-watch.ts';
import { shrink, tell } from '../checks/shrink.ts';
import type { Scenario } from './scenario.ts';

/** Callers over all scenarios; a fraction unless somebody asks for more. */
const ALL_CALLERS = Number(process.env['SIM_CALLERS'] ?? 100_000);
/** The same seed gives the same days. */
export const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** What a scenario came to. */
export interface ScenarioResult {
  readonly tally: Tally;
  readonly calledAhead: number;
  /** A line of figures. */
  readonly line: string;
}

/**
 * Runs a scenario with all checks.
 * @throws an error that tells the smallest day found on which the same goes wrong
 */
export function runScenario(scenario: Scenario): ScenarioResult {
  const callers = Math.min(
    scenario.atMost ?? Number.POSITIVE_INFINITY,
    Math.max(1, Math.round(ALL_CALLERS * scenario.share)),
  );
  const day = scenario.day(SEED, callers);
  const watch = new RuleWatch();
  const startedAt = performance.now();
  try {
    const tally = simulate(day, watch);
    scenario.expectation?.(tally);
    const line = figures(scenario.name, callers, tally, watch, performance.now() - startedAt);
    return { tally, line, calledAhead: watch.calledAhead };
  } catch (error) {
    const repeat = `repeat with SEED=${SEED} SIM_CALLERS=${ALL_CALLERS}`;
    if (!(error instanceof BrokenRule) || error.at === 0) throw withHint(error, repeat);
    const smallest = shrink({ day, broken: error }, () => new RuleWatch());
    const story = tell(smallest, () => new RuleWatch());
    throw new Error(`${story}\n${repeat}`, { cause: error });
  }
}

function withHint(error: unknown, hint: string): Error {
  const text = error instanceof Error ? error.message : String(error);
  return new Error(`${text}\n${hint}`, { cause: error });
}

function figures(
  name: string,
  callers: number,
  tally: Tally,
  watch: RuleWatch,
  tookMs: number,
): string {
  const parts = [
    `${callers} callers, ${tally.calls} calls`,
    `hold ASA ${seconds(tally.holdWaits.meanSeconds)} of ${tally.holdWaits.count}`,
    `abandoned ${percent(tally.abandoned, tally.joined)}`,
    `offered ${tally.offered}, registered ${tally.registered}, refused ${tally.numbersRefused}`,
    `attempts ${tally.attempts}, connected ${tally.connected}`,
    `exhausted ${tally.exhausted}, cancelled ${tally.cancelled}, left ${tally.leftOver}`,
    `callback wait ${seconds(tally.callbackWaits.meanSeconds)}`,
    `called ahead ${watch.calledAhead}`,
    `agent within 2 s ${percent(tally.agentWaits.shareWithin(2), 1)}`,
    `overtaken ${watch.overtakes}, unexplained 0`,
    `${Math.round(callers / (tookMs / 1000))} callers/s`,
  ];
  return `${name} (SEED=${SEED}): ${parts.join('; ')}\n`;
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`;
}
