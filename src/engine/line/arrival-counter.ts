import type { EpochMs } from '../../domain/ids.ts';
import type { Place } from '../../domain/queue/line.ts';

/**
 * Gives places at the end of the line. Numbered, so that two in the same millisecond have an order that
 * is kept; and never earlier than the one before, so that nobody comes first because a clock was set
 * back.
 */
export class ArrivalCounter {
  #last: Place = { arrivedAt: 0, arrivalSequence: 0 };

  /** `last` is the last place given before the start. */
  resume(last: Place): void {
    this.#last = after(this.#last, last);
  }

  /** A place behind everybody who has arrived so far. */
  endOfLine(now: EpochMs): Place {
    const { arrivalSequence } = this.#last;
    this.#last = after(this.#last, { arrivedAt: now, arrivalSequence: arrivalSequence + 1 });
    return this.#last;
  }
}

/** The later of both in each respect. */
function after(a: Place, b: Place): Place {
  return {
    arrivedAt: Math.max(a.arrivedAt, b.arrivedAt),
    arrivalSequence: Math.max(a.arrivalSequence, b.arrivalSequence),
  };
}
