import type { EpochMs } from '../domain/ids.ts';
import type { Place } from '../domain/queue/line.ts';

/** Numbers arrivals, so that two in the same millisecond have an order that is kept. */
export class ArrivalCounter {
  #last = 0;

  /** `last` is the largest number given before the start. */
  resume(last: number): void {
    this.#last = Math.max(this.#last, last);
  }

  /** A place behind everybody who has arrived so far. */
  endOfLine(now: EpochMs): Place {
    this.#last += 1;
    return { arrivedAt: now, arrivalSequence: this.#last };
  }
}
