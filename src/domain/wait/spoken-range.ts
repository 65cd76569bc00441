import type { WaitEstimate } from './wait-estimate.ts';

/**
 * A wait as it is said: "between 20 and 30 minutes", "less than a minute", "more than one hour".
 * Whole minutes with `lowMinutes` less than `highMinutes`, except that a band within one
 * minute is said as that one minute.
 */
export type SpokenRange =
  | { readonly lowMinutes: number; readonly highMinutes: number }
  | 'lessThanAMinute'
  | 'moreThanAnHour';

const MOST_MINUTES = 60;
const COARSE_FROM_MINUTES = 10;
const COARSE_STEP_MINUTES = 5;

/**
 * The 80 % band rounded outwards, in steps of five minutes above ten. What may be longer than an
 * hour is said up to 60 minutes, and what is expected to be longer as more than an hour.
 */
export function spokenRange(estimate: WaitEstimate): SpokenRange {
  const { seconds, lowSeconds, highSeconds } = estimate;
  if (highSeconds < 60) return 'lessThanAMinute';
  if (!(seconds <= MOST_MINUTES * 60)) return 'moreThanAnHour';
  const lowMinutes = roundedDown(lowSeconds / 60);
  const highMinutes = Math.min(MOST_MINUTES, roundedUp(highSeconds / 60));
  if (lowMinutes < highMinutes) return { lowMinutes, highMinutes };
  return { lowMinutes: highMinutes, highMinutes };
}

/** People hear "between one and ...", not "between zero and ...". */
function roundedDown(minutes: number): number {
  const step = minutes >= COARSE_FROM_MINUTES ? COARSE_STEP_MINUTES : 1;
  return Math.max(1, Math.floor(minutes / step) * step);
}

function roundedUp(minutes: number): number {
  const step = minutes > COARSE_FROM_MINUTES ? COARSE_STEP_MINUTES : 1;
  return Math.ceil(minutes / step) * step;
}
