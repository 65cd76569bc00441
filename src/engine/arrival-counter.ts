/** Numbers arrivals, so that two in the same millisecond have an order that is kept. */
export class ArrivalCounter {
  #last: number;

  /** `last` is the largest number given before the start. */
  constructor(last: number) {
    this.#last = last;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
