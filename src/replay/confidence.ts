/** A mean and where it lies with 95 % confidence. */
export interface Confident {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959964;

/** Mean of independent values with its two-sided 95 % interval by Student's t. One value: no interval. */
export function confident(values: readonly number[]): Confident {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  if (count < 2) return { mean, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = studentPoint(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { mean, low: mean - half, high: mean + half };
}

/** Student's t at 97.5 % for 1, 2, 3 and 4 degrees of freedom. */
const EXACT_POINTS = [12.7062, 4.30265, 3.18245, 2.77645];

/** From 5 degrees of freedom on the expansion of Abramowitz and Stegun 26.7.5 is good to 0.001. */
function studentPoint(degrees: number): number {
  const exact = EXACT_POINTS[degrees - 1];
  if (exact !== undefined) return exact;
  const first = (Z ** 3 + Z) / 4;
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  const third = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;
  return Z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}
