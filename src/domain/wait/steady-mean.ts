/**
 * A mean with a long memory, because the error of a wait of n services must stay well under its own
 * scatter of one part in the root of n; and with shorter ones that watch it. When one of these differs
 * by more than chance allows, and goes on to, the world has changed, and the mean starts again from
 * it.
 */
export interface SteadyMean {
  readonly mean: number;
  /** Values that the mean stands on. */
  readonly count: number;
  /** Mean of the squares, with the same memory. */
  readonly meanSquare: number;
  /** The shorter memories, in the order of `WATCH_MEMORIES`. */
  readonly watches: readonly Watch[];
}

interface Watch {
  readonly mean: number;
  readonly count: number;
  /** For how many values it has differed by more than chance allows. */
  readonly differing: number;
}

const MEMORY = 20_000;

/**
 * The first finds a change of a third within some hundred values, the second one of an eighth. A watch
 * must differ for as long as its memory: of many conversations begun together the short end first.
 */
const WATCH_MEMORIES = [300, 2000];

/** An expectation counts like this many values. */
const EXPECTATION_COUNT = 20;

/** Standard errors between two means that chance does not bring about. */
const CHANGE_ERRORS = 5;

/** Before anything was measured: what is expected, as of values that scatter exponentially. */
export function expectedMean(expected: number): SteadyMean {
  return {
    mean: expected,
    count: EXPECTATION_COUNT,
    meanSquare: 2 * expected * expected,
    watches: WATCH_MEMORIES.map(() => ({ mean: expected, count: 0, differing: 0 })),
  };
}

/** The mean after one more value. */
export function withValue(before: SteadyMean, value: number): SteadyMean {
  const count = Math.min(before.count + 1, MEMORY);
  const after: SteadyMean = {
    mean: before.mean + (value - before.mean) / count,
    count,
    meanSquare: before.meanSquare + (value * value - before.meanSquare) / count,
    watches: before.watches,
  };
  const watches = before.watches.map((watch, index) =>
    watched(watch, value, WATCH_MEMORIES[index] ?? 0, after),
  );
  const alarmed = watches.find(({ differing }, index) => differing > (WATCH_MEMORIES[index] ?? 0));
  return alarmed === undefined ? { ...after, watches } : restarted(after, alarmed);
}

/** Variance of one value; never negative. */
export function varianceOf({ mean, meanSquare }: SteadyMean): number {
  return Math.max(0, meanSquare - mean * mean);
}

function watched(before: Watch, value: number, memory: number, steady: SteadyMean): Watch {
  const count = Math.min(before.count + 1, memory);
  const mean = before.mean + (value - before.mean) / count;
  const error = Math.sqrt(varianceOf(steady) * (1 / count + 1 / steady.count));
  const differs = count === memory && Math.abs(mean - steady.mean) > CHANGE_ERRORS * error;
  return { mean, count, differing: differs ? before.differing + 1 : 0 };
}

/** The scatter keeps its proportion to the mean; every watch starts anew. */
function restarted(steady: SteadyMean, { mean, count }: Watch): SteadyMean {
  const scale = steady.mean > 0 ? (mean / steady.mean) ** 2 : 1;
  return {
    mean,
    count,
    meanSquare: steady.meanSquare * scale,
    watches: expectedMean(mean).watches,
  };
}
