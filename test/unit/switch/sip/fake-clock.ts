import type { Clock } from '../../../../src/switch/sip/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  nowMs = 0;
  #timers: Timer[] = [];

  get pending(): number {
    return this.#timers.length;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.nowMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Runs every timer that falls due on the way, in order. */
  advance(byMs: number): void {
    const endMs = this.nowMs + byMs;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.nowMs = next.dueMs;
      this.#timers = this.#timers.filter((other) => other !== next);
      next.action();
    }
    this.nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    const due = this.#timers.filter(({ dueMs }) => dueMs <= endMs);
    return due.toSorted((a, b) => a.dueMs - b.dueMs)[0];
  }
}
