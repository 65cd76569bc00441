import type { SpokenWait } from './languages/language.ts';

/** Above it no number is said any more. */
const LONGEST_SPOKEN_MINUTES = 60;
/** Waits above this are said in steps of 5 minutes: a finer number would promise too much. */
const EXACT_UP_TO_MINUTES = 10;
const STEP_MINUTES = 5;

/** "20 minutes"; at least one, at most 999,999. NaN is one minute. */
export function exactly(minutes: number): SpokenWait {
  const whole = Math.round(minutes) || 1;
  return { kind: 'exactly', minutes: Math.min(999_999, Math.max(1, whole)) };
}

/** A wait that is one number: to the nearest minute, "less than one minute", "more than one hour". */
export function aboutWait(waitSeconds: number): SpokenWait {
  const minutes = Math.round(Math.max(0, waitSeconds || 0) / 60);
  if (minutes < 1) return { kind: 'lessThan', minutes: 1 };
  if (minutes > LONGEST_SPOKEN_MINUTES) return { kind: 'moreThanOneHour' };
  return { kind: 'about', minutes };
}

/**
 * A wait that is a range: "between 20 and 30 minutes". Both ends are rounded outwards, to minutes up to
 * ten and to five minutes above, so that what is said is never narrower than what is known. A range that
 * begins at an hour or more is "more than one hour"; one that only ends there is "more than 40 minutes".
 * NaN is no wait.
 */
export function waitBetween(lowSeconds: number, highSeconds: number): SpokenWait {
  const low = roundedDown(Math.min(lowSeconds || 0, highSeconds || 0));
  const high = roundedUp(Math.max(lowSeconds || 0, highSeconds || 0));
  if (low >= LONGEST_SPOKEN_MINUTES) return { kind: 'moreThanOneHour' };
  if (high > LONGEST_SPOKEN_MINUTES) {
    return low < 1 ? { kind: 'moreThan', minutes: 1 } : { kind: 'moreThan', minutes: low };
  }
  if (low < 1) return { kind: 'lessThan', minutes: Math.max(1, high) };
  if (low === high) return { kind: 'about', minutes: low };
  return { kind: 'between', lowMinutes: low, highMinutes: high };
}

function roundedDown(seconds: number): number {
  const minutes = Math.max(0, seconds) / 60;
  return minutes <= EXACT_UP_TO_MINUTES
    ? Math.floor(minutes)
    : Math.floor(minutes / STEP_MINUTES) * STEP_MINUTES;
}

function roundedUp(seconds: number): number {
  const minutes = Math.max(0, seconds) / 60;
  return minutes <= EXACT_UP_TO_MINUTES
    ? Math.ceil(minutes)
    : Math.ceil(minutes / STEP_MINUTES) * STEP_MINUTES;
}
