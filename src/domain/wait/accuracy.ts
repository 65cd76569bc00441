/** How good the estimates of one queue were, by the hour of the day in which they were given. */
export interface Accuracy {
  /** 24 hours, local to the queue; the first is midnight's. */
  readonly hours: readonly HourAccuracy[];
}

/** Estimates of one hour of the day against what came. */
export interface HourAccuracy {
  readonly count: number;
  /** Share of waits within the 80 % band. */
  readonly coverage: number;
  /** Mean of estimate minus wait: positive when people waited less than they were told. */
  readonly biasSeconds: number;
  readonly meanAbsoluteErrorSeconds: number;
  readonly meanSquareError: number;
  readonly meanWaitSeconds: number;
}

/** What was said, as far as it can be compared with what came. */
interface Said {
  readonly seconds: number;
  readonly lowSeconds: number;
  readonly highSeconds: number;
}

const HOURS = 24;

/** An hour remembers about this many waits; the older fade. */
const MEMORY = 10_000;

const NOTHING: HourAccuracy = {
  count: 0,
  coverage: 0,
  biasSeconds: 0,
  meanAbsoluteErrorSeconds: 0,
  meanSquareError: 0,
  meanWaitSeconds: 0,
};

/** No estimate has met its wait yet. */
export const NO_ACCURACY: Accuracy = { hours: Array.from({ length: HOURS }, () => NOTHING) };

/** After one more wait; `hour` in 0..23, any other is taken for midnight's. */
export function withOutcome(
  accuracy: Accuracy,
  hour: number,
  said: Said,
  waitSeconds: number,
): Accuracy {
  const index = Number.isInteger(hour) && hour > 0 && hour < HOURS ? hour : 0;
  const before = accuracy.hours[index] ?? NOTHING;
  return { hours: accuracy.hours.with(index, hourAfter(before, said, waitSeconds)) };
}

/** All hours in one. */
export function wholeDay({ hours }: Accuracy): HourAccuracy {
  const count = hours.reduce((sum, hour) => sum + hour.count, 0);
  const mean = (value: (hour: HourAccuracy) => number): number =>
    count === 0 ? 0 : hours.reduce((sum, hour) => sum + hour.count * value(hour), 0) / count;
  return {
    count,
    coverage: mean((hour) => hour.coverage),
    biasSeconds: mean((hour) => hour.biasSeconds),
    meanAbsoluteErrorSeconds: mean((hour) => hour.meanAbsoluteErrorSeconds),
    meanSquareError: mean((hour) => hour.meanSquareError),
    meanWaitSeconds: mean((hour) => hour.meanWaitSeconds),
  };
}

function hourAfter(before: HourAccuracy, said: Said, waitSeconds: number): HourAccuracy {
  const count = Math.min(before.count + 1, MEMORY);
  const error = said.seconds - waitSeconds;
  const covered = said.lowSeconds <= waitSeconds && waitSeconds <= said.highSeconds;
  const towards = (mean: number, value: number): number => mean + (value - mean) / count;
  return {
    count,
    coverage: towards(before.coverage, Number(covered)),
    biasSeconds: towards(before.biasSeconds, error),
    meanAbsoluteErrorSeconds: towards(before.meanAbsoluteErrorSeconds, Math.abs(error)),
    meanSquareError: towards(before.meanSquareError, error * error),
    meanWaitSeconds: towards(before.meanWaitSeconds, waitSeconds),
  };
}
