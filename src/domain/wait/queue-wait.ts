import { type Accuracy, NO_ACCURACY, withOutcome } from './accuracy.ts';
import { type Band, MODEL_BAND, scoreOf, withScore } from './band.ts';
import { type Bias, NO_BIAS, withWait } from './bias.ts';
import { expectedHandleTimes, type HandleTimes, withHandleTime } from './handle-times.ts';
import { type Patience, UNKNOWN_PATIENCE, withHold } from './patience.ts';
import { type AttemptOutcome, EXPECTED_REACH, type Reach, withAttempt } from './reach.ts';
import type { WaitEstimate } from './wait-estimate.ts';

/**
 * All that is measured of one queue to estimate its waits, and how good the estimates were. A plain
 * value of numbers and lists of a limited length: it can be kept as JSON and read again.
 */
export interface QueueWait {
  readonly handleTimes: HandleTimes;
  readonly patience: Patience;
  readonly reach: Reach;
  readonly bias: Bias;
  readonly band: Band;
  readonly accuracy: Accuracy;
}

/** A queue of which nothing was measured yet. */
export function unmeasuredQueue(expectedHandleSeconds: number): QueueWait {
  return {
    handleTimes: expectedHandleTimes(expectedHandleSeconds),
    patience: UNKNOWN_PATIENCE,
    reach: EXPECTED_REACH,
    bias: NO_BIAS,
    band: MODEL_BAND,
    accuracy: NO_ACCURACY,
  };
}

/** After an agent took `seconds` for a conversation; see `HandleTimes` for what belongs to it. */
export function afterConversation(queue: QueueWait, seconds: number): QueueWait {
  return { ...queue, handleTimes: withHandleTime(queue.handleTimes, seconds) };
}

/** After somebody's time on hold ended: they gave up, or were served or took a callback. */
export function afterHold(queue: QueueWait, waitSeconds: number, abandoned: boolean): QueueWait {
  return { ...queue, patience: withHold(queue.patience, waitSeconds, abandoned) };
}

/** After a customer was called back, or was not reached. */
export function afterAttempt(queue: QueueWait, outcome: AttemptOutcome): QueueWait {
  return { ...queue, reach: withAttempt(queue.reach, outcome) };
}

/**
 * After somebody's turn came `waitSeconds` after `said` was estimated in that hour of the day (0 to
 * 23). Nothing is learnt from a wait that was said to be none or without end, nor from one that is no
 * number: the model said nothing of it.
 */
export function afterTurn(
  queue: QueueWait,
  said: WaitEstimate,
  hour: number,
  waitSeconds: number,
): QueueWait {
  const comparable = Number.isFinite(said.seconds) && said.seconds > 0;
  if (!comparable || !(Number.isFinite(waitSeconds) && waitSeconds >= 0)) return queue;
  const score = scoreOf(waitSeconds, { meanSeconds: said.seconds, variance: said.variance });
  return {
    ...queue,
    bias: withWait(queue.bias, said.modelSeconds, waitSeconds),
    band: withScore(queue.band, score),
    accuracy: withOutcome(queue.accuracy, hour, said, waitSeconds),
  };
}
