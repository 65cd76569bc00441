/**
 * By how much waits are longer or shorter than the model says, as when agents answer another queue
 * too, or rest more than they were thought to.
 */
export interface Bias {
  readonly slow: Ratio;
  /** The newest few hundred, by which a sudden change is noticed. */
  readonly quick: Ratio;
}

/** Mean of what the model said and of what came, in seconds. */
interface Ratio {
  readonly saidSeconds: number;
  readonly cameSeconds: number;
  readonly count: number;
}

/**
 * Waits remembered. They come in swarms that all err together, so that many are needed to know more
 * than the model does.
 */
const MEMORY = 8000;
const QUICK_MEMORY = 400;

/** Waits that are needed to believe half of what they say. */
const HALF_BELIEVED = 400;

/** So much the record errs itself; only what goes beyond is corrected. */
const TOLERANCE = 0.06;

/** The quick ratio over the slow one, or its inverse, that is taken for a change. */
const CHANGE = 1.6;

/** No record makes the wait longer or shorter than by this factor. */
const MOST = 4;

const NOTHING: Ratio = { saidSeconds: 0, cameSeconds: 0, count: 0 };

/** The model is believed. */
export const NO_BIAS: Bias = { slow: NOTHING, quick: NOTHING };

/**
 * After one more wait; `saidSeconds` is what the model said without any correction. Who waited over a
 * night counts as having waited as long as any correction goes.
 */
export function withWait(bias: Bias, saidSeconds: number, cameSeconds: number): Bias {
  const believed = Math.min(cameSeconds, saidSeconds * MOST);
  const slow = withPair(bias.slow, saidSeconds, believed, MEMORY);
  const quick = withPair(bias.quick, saidSeconds, believed, QUICK_MEMORY);
  return { slow: hasChanged(slow, quick) ? quick : slow, quick };
}

/** What the model's wait has to be multiplied by. */
export function correctionFactor({ slow }: Bias): number {
  if (slow.saidSeconds <= 0) return 1;
  const excess = slow.cameSeconds / slow.saidSeconds - 1;
  const certain = Math.sign(excess) * Math.max(0, Math.abs(excess) - TOLERANCE);
  const believed = slow.count / (slow.count + HALF_BELIEVED);
  return Math.min(MOST, Math.max(1 / MOST, 1 + believed * certain));
}

function withPair(before: Ratio, said: number, came: number, memory: number): Ratio {
  const count = Math.min(before.count + 1, memory);
  return {
    saidSeconds: before.saidSeconds + (said - before.saidSeconds) / count,
    cameSeconds: before.cameSeconds + (came - before.cameSeconds) / count,
    count,
  };
}

function hasChanged(slow: Ratio, quick: Ratio): boolean {
  if (quick.count < QUICK_MEMORY || slow.count <= quick.count) return false;
  const slowCame = slow.cameSeconds * quick.saidSeconds;
  const quickCame = quick.cameSeconds * slow.saidSeconds;
  return quickCame > slowCame * CHANGE || slowCame > quickCame * CHANGE;
}
