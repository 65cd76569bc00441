/** Waits of many people: their number, mean, and shares, to the second. */
export class Waits {
  count = 0;
  sumMs = 0;
  /** How many waited each number of whole seconds. */
  readonly #bySecond: number[] = [];

  add(ms: number): void {
    this.count += 1;
    this.sumMs += ms;
    const second = Math.ceil(ms / 1000);
    this.#bySecond[second] = (this.#bySecond[second] ?? 0) + 1;
  }

  /** 0 if nobody waited. */
  get meanSeconds(): number {
    return this.count === 0 ? 0 : this.sumMs / this.count / 1000;
  }

  /** Share of those who waited at most so long; 1 if nobody did. */
  shareWithin(seconds: number): number {
    if (this.count === 0) return 1;
    let within = 0;
    for (let second = 0; second <= seconds; second += 1) within += this.#bySecond[second] ?? 0;
    return within / this.count;
  }

  /** The wait that `share` of all did not exceed, in whole seconds. */
  quantileSeconds(share: number): number {
    let left = this.count * share;
    for (let second = 0; second < this.#bySecond.length; second += 1) {
      left -= this.#bySecond[second] ?? 0;
      if (left <= 0) return second;
    }
    return Math.max(0, this.#bySecond.length - 1);
  }
}
