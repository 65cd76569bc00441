import type { Drain } from './drain.ts';

/**
 * The ends of the 80 % band in scores: standard normal deviates of a wait that is gamma distributed
 * with the model's mean and variance. The model alone would say -1.28 and 1.28; the band's own
 * record moves them.
 */
export interface Band {
  readonly lowScore: number;
  readonly highScore: number;
  /** Waits that the ends have learnt from. */
  readonly count: number;
}

const LOW_SHARE = 0.1;
const HIGH_SHARE = 0.9;

/** The 90th percentile of the standard normal distribution. */
const NORMAL_HIGH = 1.2816;

/** No record moves an end further out than this. */
const FURTHEST_SCORE = 8;

const FIRST_STEP = 0.15;
const LAST_STEP = 0.001;
const STEP_DECAY = 0.6;

/** As the model has it. */
export const MODEL_BAND: Band = { lowScore: -NORMAL_HIGH, highScore: NORMAL_HIGH, count: 0 };

/**
 * The band after a wait with that score: each end goes towards the quantile it stands for, by the
 * sub-gradient of its pinball loss. In the long run the band then covers its share whatever waits are
 * like (Gibbs and Candès 2021, "Adaptive conformal inference under distribution shift"); steps that
 * become smaller keep it still when nothing changes (Angelopoulos, Barber and Bates 2024), and
 * their floor keeps it awake.
 */
export function withScore(band: Band, score: number): Band {
  const count = band.count + 1;
  const step = Math.max(LAST_STEP, FIRST_STEP * count ** -STEP_DECAY);
  return {
    lowScore: within(band.lowScore + step * (LOW_SHARE - Number(score < band.lowScore))),
    highScore: within(band.highScore + step * (HIGH_SHARE - Number(score <= band.highScore))),
    count,
  };
}

/**
 * Score of a wait under a gamma distribution with that mean and variance (Wilson and Hilferty
 * 1931: the cube root of a gamma variable is nearly normal).
 */
export function scoreOf(waitSeconds: number, { meanSeconds, variance }: Drain): number {
  const shape = (meanSeconds * meanSeconds) / variance;
  const root = Math.cbrt(waitSeconds / meanSeconds);
  return 3 * Math.sqrt(shape) * (root - 1 + 1 / (9 * shape));
}

/** The wait with that score; the inverse of `scoreOf`, and never negative. */
export function waitAtScore(score: number, { meanSeconds, variance }: Drain): number {
  const shape = (meanSeconds * meanSeconds) / variance;
  const root = 1 - 1 / (9 * shape) + score / (3 * Math.sqrt(shape));
  return meanSeconds * Math.max(0, root) ** 3;
}

function within(score: number): number {
  return Math.min(FURTHEST_SCORE, Math.max(-FURTHEST_SCORE, score));
}
