import type { Clock } from '../../src/engine/ports.ts';

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  startTimer(afterMs: number, action: () => void): () => void {
    const timer = { at: this.#now + afterMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Lets `forMs` pass; what is due runs in its order, with pending promises in between. */
  async pass(forMs: number): Promise<void> {
    const end = this.#now + forMs;
    await settled();
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.action();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Once every promise that can go on has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
