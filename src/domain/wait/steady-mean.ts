/**
 * A mean with two memories. The slow one remembers some thousand values, because the error of a wait
 * of n services must stay well under its own scatter of one part in the root of n. The quick one
 * remembers a few hundred; when it differs from the slow one by more than chance allows, and goes on
 * to, the world has changed and the slow one starts again from it.
 */
export interface SteadyMean {
  readonly mean: number;
  /** Values that the mean stands on. */
  readonly count: number;
  /** Mean of the squares, with the same memory. */
  readonly meanSquare: number;
  readonly quickMean: number;
  readonly quickCount: number;
  /** For how many values the two have differed by more than chance allows. */
  readonly differing: number;
}

const MEMORY = 8000;
/** Also how long the two must differ: of many conversations begun together the short end first. */
const QUICK_MEMORY = 300;

/** An expectation counts like this many values. */
const EXPECTATION_COUNT = 20;

/** Standard errors between the two means that chance does not bring about. */
const CHANGE_ERRORS = 5;

/** Before anything was measured: what is expected, as of values that scatter exponentially. */
export function expectedMean(expected: number): SteadyMean {
  return {
    mean: expected,
    count: EXPECTATION_COUNT,
    meanSquare: 2 * expected * expected,
    quickMean: expected,
    quickCount: 0,
    differing: 0,
  };
}

/** The mean after one more value. */
export function withValue(before: SteadyMean, value: number): SteadyMean {
  const count = Math.min(before.count + 1, MEMORY);
  const quickCount = Math.min(before.quickCount + 1, QUICK_MEMORY);
  const after: SteadyMean = {
    mean: before.mean + (value - before.mean) / count,
    count,
    meanSquare: before.meanSquare + (value * value - before.meanSquare) / count,
    quickMean: before.quickMean + (value - before.quickMean) / quickCount,
    quickCount,
    differing: 0,
  };
  if (!differ(after)) return after;
  const differing = before.differing + 1;
  return differing < QUICK_MEMORY ? { ...after, differing } : restarted(after);
}

/** Variance of one value; never negative. */
export function varianceOf({ mean, meanSquare }: SteadyMean): number {
  return Math.max(0, meanSquare - mean * mean);
}

function differ(steady: SteadyMean): boolean {
  if (steady.quickCount < QUICK_MEMORY) return false;
  const error = Math.sqrt(varianceOf(steady) * (1 / steady.quickCount + 1 / steady.count));
  return Math.abs(steady.quickMean - steady.mean) > CHANGE_ERRORS * error;
}

function restarted(steady: SteadyMean): SteadyMean {
  const { quickMean, quickCount, mean } = steady;
  const scale = mean > 0 ? (quickMean / mean) ** 2 : 1;
  return { ...steady, mean: quickMean, count: quickCount, meanSquare: steady.meanSquare * scale };
}
