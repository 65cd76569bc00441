/** How long somebody was watched, and whether what was waited for happened then. */
export interface Observation {
  readonly ms: number;
  /** False: the watch ended for another reason, and it would have happened later (censored). */
  readonly happened: boolean;
}

/** Times until something happens: a curve from observations, and a rate for what lies beyond them. */
export interface Survival {
  /** From each of these times on, a smaller share is left; earliest first. */
  readonly steps: readonly { readonly ms: number; readonly left: number }[];
  /** Happenings for each millisecond watched. */
  readonly ratePerMs: number;
  /** The longest that anybody was watched. */
  readonly longestMs: number;
}

/** Where nothing was seen to happen, half a happening is assumed, so that the rate is not 0. */
const LEAST_HAPPENINGS = 0.5;

/**
 * The product-limit estimate of the times of which some are only known to be longer (E. Kaplan and
 * P. Meier, 1958). With it the patience of callers who were answered counts as "at least so long".
 */
export function survivalOf(observations: readonly Observation[]): Survival {
  const sorted = observations.toSorted((a, b) => a.ms - b.ms);
  const steps: { ms: number; left: number }[] = [];
  let left = 1;
  let watched = 0;
  let happenings = 0;
  for (const [index, { ms, happened }] of sorted.entries()) {
    watched += ms;
    if (!happened) continue;
    happenings += 1;
    left *= 1 - 1 / (sorted.length - index);
    if (steps.at(-1)?.ms === ms) steps.pop();
    steps.push({ ms, left });
  }
  return {
    steps,
    ratePerMs: Math.max(happenings, LEAST_HAPPENINGS) / Math.max(watched, 1),
    longestMs: sorted.at(-1)?.ms ?? 0,
  };
}

/**
 * The time at which the share `unit` (in [0, 1)) is over. Beyond the last happening the curve says
 * nothing: from there on it happens at the mean rate.
 */
export function timeAt({ steps, ratePerMs, longestMs }: Survival, unit: number): number {
  const target = 1 - unit;
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.left ?? 0) > target) low = middle + 1;
    else high = middle;
  }
  const found = steps[low];
  if (found !== undefined) return found.ms;
  const atLast = steps.at(-1)?.left ?? 1;
  return longestMs - Math.log(target / atLast) / ratePerMs;
}
