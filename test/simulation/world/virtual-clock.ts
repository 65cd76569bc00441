import type { Clock } from '../../../src/engine/ports.ts';

interface Timer {
  readonly at: number;
  readonly sequence: number;
  action: (() => void) | undefined;
}

/**
 * A clock that jumps from timer to timer. Timers of the same moment fire in the order they were set.
 * Like a machine's, it can be set to another time, which its timers do not notice.
 */
export class VirtualClock implements Clock {
  #now: number;
  #setBy = 0;
  #sequence = 0;
  readonly #heap: Timer[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now + this.#setBy;
  }

  /** Somebody sets it forward, or back. */
  set(byMs: number): void {
    this.#setBy += byMs;
  }

  startTimer(afterMs: number, action: () => void): () => void {
    const timer: Timer = {
      at: this.#now + Math.max(0, afterMs),
      sequence: this.#sequence++,
      action,
    };
    this.#push(timer);
    return () => {
      timer.action = undefined;
    };
  }

  /** Fires the next timer. @returns false if there is none. */
  step(): boolean {
    for (let timer = this.#pop(); timer !== undefined; timer = this.#pop()) {
      if (timer.action === undefined) continue;
      this.#now = Math.max(this.#now, timer.at);
      timer.action();
      return true;
    }
    return false;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, timer)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const child = right !== undefined && before(right, left) ? right : left;
      if (before(last, child)) break;
      heap[index] = child;
      index = child === left ? 2 * index + 1 : 2 * index + 2;
    }
    heap[index] = last;
    return top;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
