import { countForWait } from '../../src/domain/queue/line.ts';
import { afterHold, type QueueWait, unmeasuredQueue } from '../../src/domain/wait/queue-wait.ts';
import { estimateWait } from '../../src/domain/wait/wait-estimate.ts';
import { SCENARIOS } from '../simulation/estimator/scenario.ts';
import { addScores, scoreScenario } from '../simulation/estimator/score.ts';
import { between, type Findings, percentile, remark, under } from './figure.ts';
import { entryAt, longLine } from './long-line.ts';

const SEED = 1;
const ENTRIES = 50_000;
const ESTIMATES = 20_000;

/**
 * `ewt_mse_ratio`: mean squared error of the estimated wait over that of the queue-length estimator
 * that knows every rate, in the kind of traffic where it is worst. `ewt_band_coverage`: share of
 * waits in the 80 % band. `line_estimate_ms`: place and estimate of somebody in a line of 50,000,
 * at the median.
 */
export function measureWait(): Findings {
  const kinds = [...new Set(SCENARIOS.map(({ kind }) => kind))].map((kind) =>
    addScores(
      kind,
      SCENARIOS.filter((scenario) => scenario.kind === kind).map((scenario) =>
        scoreScenario(scenario, SEED),
      ),
    ),
  );
  const all = addScores('all', kinds);
  const longMs = estimateTimesMs(ENTRIES);
  const shortMs = estimateTimesMs(ENTRIES / 100);
  const medianMs = percentile(longMs, 0.5);
  return {
    figures: [
      under('ewt_mse_ratio', Math.max(...kinds.map((kind) => kind.ours / kind.ideal)), 'x', 1.1),
      between('ewt_band_coverage', all.covered / all.count, 'share', 0.77, 0.83),
      under('line_estimate_ms', medianMs, 'ms', 0.1),
    ],
    remarks: [
      ...kinds.map(({ name, ours, ideal }) => remark(`MSE to ideal, ${name}`, ours / ideal, 'x')),
      remark('MSE to head of line', all.ours / all.headOfLine, 'x'),
      remark('MSE to last served', all.ours / all.lastServed, 'x'),
      remark('estimates, 99th percentile', percentile(longMs, 0.99), 'ms'),
      remark('ratio to a line of 500', medianMs / percentile(shortMs, 0.5), 'x'),
    ],
  };
}

/** How long it takes to count who is ahead and to estimate, for somebody here and there in line. */
function estimateTimesMs(entries: number): readonly number[] {
  const line = longLine(entries);
  const queue = impatientQueue();
  const soonFreeSeconds = Array.from({ length: 20 }, (_, index) => index * 1.5);
  return Array.from({ length: ESTIMATES }, (_, index) => {
    const place = entryAt((index * 7919) % entries);
    const startedAt = performance.now();
    const { holders: holdersAhead, tickets: ticketsAhead } = countForWait(line, place);
    estimateWait(queue, {
      holdersAhead,
      ticketsAhead,
      staffed: 200,
      free: 0,
      soonFreeSeconds,
      wrapUpSeconds: 30,
      secondsToClosing: 3600,
    });
    return performance.now() - startedAt;
  });
}

function impatientQueue(): QueueWait {
  let queue = unmeasuredQueue(300);
  for (let count = 0; count < 1000; count += 1) queue = afterHold(queue, count, count % 2 === 0);
  return queue;
}
