import type { EpochMs } from '../domain/ids.ts';

/** What is to happen, by time; what is due at the same moment happens in the order it was added. */
export class Agenda {
  /** A binary heap in three columns, by time, then by number. */
  readonly #times: EpochMs[] = [];
  readonly #numbers: number[] = [];
  readonly #actions: (() => void)[] = [];
  #added = 0;

  add(at: EpochMs, action: () => void): void {
    this.#added += 1;
    let index = this.#times.length;
    this.#times.push(at);
    this.#numbers.push(this.#added);
    this.#actions.push(action);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** When the next thing is due. */
  nextAt(): EpochMs | undefined {
    return this.#times[0];
  }

  /** Takes out what is due next. */
  take(): (() => void) | undefined {
    const action = this.#actions[0];
    const last = this.#times.length - 1;
    if (last < 0) return undefined;
    this.#swap(0, last);
    this.#times.pop();
    this.#numbers.pop();
    this.#actions.pop();
    this.#sink();
    return action;
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#times.length) return;
      const right = left + 1;
      const first = right < this.#times.length && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(first, index)) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const before = (this.#times[one] ?? 0) - (this.#times[other] ?? 0);
    return (before || (this.#numbers[one] ?? 0) - (this.#numbers[other] ?? 0)) < 0;
  }

  #swap(one: number, other: number): void {
    swapIn(this.#times, one, other);
    swapIn(this.#numbers, one, other);
    swapIn(this.#actions, one, other);
  }
}

function swapIn<T>(list: T[], one: number, other: number): void {
  const held = list[one];
  const moved = list[other];
  if (held === undefined || moved === undefined) return;
  list[one] = moved;
  list[other] = held;
}
