/** How long a line takes until the turn of somebody in it. */
export interface Drain {
  readonly meanSeconds: number;
  readonly variance: number;
}

/** A time during which agents become free at one rate; it lasts until the next one begins. */
export interface Stretch {
  readonly fromSeconds: number;
  /** Agents who certainly become free at the very beginning. */
  readonly freeAtStart: number;
  /** Agents who become free in a second: staffed over handle time. */
  readonly freePerSecond: number;
}

/** Under this multiple of the leaving rate the sums are added up, above it expanded. */
const EXPANSION_FROM = 16;

/** What is left of a line that by its mean is gone, yet has to wait for the next stretch. */
const ALMOST_NOTHING = 0.01;

/**
 * The time until `steps` agents have become free or people ahead have given up, the last step
 * always an agent. Each of those ahead gives up at `leavingPerSecond`. Within one stretch this is the
 * pure death process of Whitt (1999, "Predicting queueing delays") and of the estimator QLm of
 * Ibrahim and Whitt (2009, "Real-time delay estimation in overloaded multiserver queues with
 * abandonments"): mean and variance are sums of 1/(a + i·leaving) and of its square. From stretch to
 * stretch the mean goes by the fluid limit and the scatter of the count by its linear noise, as in
 * Ibrahim and Whitt (2011, "Wait-time predictors for customer service systems with time-varying
 * demand and capacity"). `countVariance` is how uncertain `steps` is. Infinite when nobody will work.
 */
export function drainLine(
  steps: number,
  countVariance: number,
  leavingPerSecond: number,
  stretches: readonly Stretch[],
): Drain {
  let left = steps;
  let scatter = countVariance;
  for (const [index, stretch] of stretches.entries()) {
    const { fromSeconds, freePerSecond } = stretch;
    left -= stretch.freeAtStart;
    if (left <= 0) return { meanSeconds: fromSeconds, variance: 0 };
    const lengthSeconds = (stretches[index + 1]?.fromSeconds ?? Infinity) - fromSeconds;
    const end = drainSteadily(left, freePerSecond, leavingPerSecond);
    if (end.meanSeconds <= lengthSeconds) {
      const fading = Math.exp(-leavingPerSecond * end.meanSeconds) / freePerSecond;
      return {
        meanSeconds: fromSeconds + end.meanSeconds,
        variance: end.variance + scatter * fading * fading,
      };
    }
    if (lengthSeconds === Infinity) break;
    const before = left;
    left = leftAfter(lengthSeconds, left, freePerSecond, leavingPerSecond);
    const fading = Math.exp(-leavingPerSecond * lengthSeconds);
    scatter = scatter * fading * fading + (before - left) * fading;
  }
  return { meanSeconds: Infinity, variance: Infinity };
}

/** One stretch without end: the sums of 1/(a + i·b) and 1/(a + i·b)² for i from 0 to steps - 1. */
function drainSteadily(steps: number, a: number, b: number): Drain {
  if (a <= 0) return { meanSeconds: Infinity, variance: Infinity };
  let meanSeconds = 0;
  let variance = 0;
  let rate = a;
  let left = steps;
  while (left > 0 && rate < EXPANSION_FROM * b) {
    const share = Math.min(1, left);
    meanSeconds += share / rate;
    variance += share / (rate * rate);
    rate += b;
    left -= share;
  }
  if (left <= 0) return { meanSeconds, variance };
  const rest = expandedSums(left, rate, b);
  return { meanSeconds: meanSeconds + rest.meanSeconds, variance: variance + rest.variance };
}

/**
 * The sums for a ≥ 16·b by Euler and Maclaurin, written in differences so that nothing cancels when
 * b is small; `steps` may be broken. Relative error under 1e-6.
 */
function expandedSums(steps: number, a: number, b: number): Drain {
  const end = a + steps * b;
  const growth = (steps * b) / a;
  const integral = growth > 1e-9 ? (steps * Math.log1p(growth)) / (growth * a) : steps / a;
  const difference = 1 / a - 1 / end;
  const squares = 1 / (a * a) - 1 / (end * end);
  const cubes = 1 / (a * a * a) - 1 / (end * end * end);
  return {
    meanSeconds: integral + difference / 2 + (b * squares) / 12,
    variance: steps / (a * end) + squares / 2 + (b * cubes) / 6,
  };
}

/** The steps left after a while by the fluid limit, whose rate is taken in the middle of a step. */
function leftAfter(seconds: number, steps: number, a: number, b: number): number {
  const middle = Math.max(a - b / 2, a / 2);
  // Without anybody working the last step remains: somebody does not give up for themselves.
  const least = a === 0 ? Math.min(steps, 1) : ALMOST_NOTHING;
  if (b * seconds < 1e-9) return Math.max(least, steps - middle * seconds);
  const kept = Math.exp(-b * seconds);
  const above = a === 0 ? least : 0;
  return Math.max(least, above + (steps - above) * kept - (middle * (1 - kept)) / b);
}
