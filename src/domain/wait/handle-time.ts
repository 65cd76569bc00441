/** Exponentially weighted mean of the handle times of a queue: talk and wrap-up. */
export interface HandleTime {
  readonly meanSeconds: number;
}

/** Weight of the newest conversation; the mean remembers about the last twenty. */
const NEWEST_WEIGHT = 0.1;

/** The mean after one more conversation. */
export function withHandleTime(mean: HandleTime, seconds: number): HandleTime {
  return { meanSeconds: mean.meanSeconds + NEWEST_WEIGHT * (seconds - mean.meanSeconds) };
}
