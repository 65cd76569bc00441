import { expectedMean, type SteadyMean, varianceOf, withValue } from './steady-mean.ts';

/**
 * How long a conversation takes an agent of one queue: from being kept for a holder, or from a customer
 * called back having been reached, until free again; so ringing, talk and wrap-up together.
 */
export interface HandleTimes {
  readonly mean: SteadyMean;
  /** 90th percentile, tracked value by value; what is far above it is not believed. */
  readonly highSeconds: number;
  /** The newest, oldest first; at most `WINDOW`. */
  readonly newest: readonly number[];
}

const WINDOW = 100;
const HIGH_SHARE = 0.9;
/** The tracked percentile moves by about this share of itself with each value. */
const TRACKING_STEP = 0.05;
/** A call left open for the night counts as this many times the 90th percentile. */
const BELIEVED_TIMES_HIGH = 8;
/** 90th percentile over mean of an exponential time: the logarithm of ten. */
const EXPONENTIAL_HIGH = Math.LN10;

/** Before anything was measured. */
export function expectedHandleTimes(expectedSeconds: number): HandleTimes {
  return {
    mean: expectedMean(expectedSeconds),
    highSeconds: expectedSeconds * EXPONENTIAL_HIGH,
    newest: [],
  };
}

/** After one more conversation; a time that is no positive number changes nothing. */
export function withHandleTime(times: HandleTimes, seconds: number): HandleTimes {
  if (!(Number.isFinite(seconds) && seconds > 0)) return times;
  const { highSeconds, newest } = times;
  const believed = Math.min(seconds, highSeconds * BELIEVED_TIMES_HIGH);
  const pull = seconds > highSeconds ? HIGH_SHARE : HIGH_SHARE - 1;
  const kept = newest.slice(newest.length < WINDOW ? 0 : 1);
  kept.push(seconds);
  return {
    mean: withValue(times.mean, believed),
    highSeconds: highSeconds * (1 + TRACKING_STEP * pull),
    newest: kept,
  };
}

/** Seconds an agent needs for one conversation, exponentially weighted. */
export function meanHandleSeconds(times: HandleTimes): number {
  return times.mean.mean;
}

/** Variance of the mean itself over its square: how well it is known. */
export function handleTimeUncertainty({ mean }: HandleTimes): number {
  return mean.mean > 0 ? varianceOf(mean) / (mean.count * mean.mean * mean.mean) : 0;
}

/**
 * The time that `share` of the newest hundred conversations stay at or under (nearest rank);
 * undefined before the first. For reports.
 */
export function handleTimeQuantile(times: HandleTimes, share: number): number | undefined {
  const sorted = times.newest.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
