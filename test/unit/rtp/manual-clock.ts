import type { ClockLateness, ClockPhase, MediaClock } from '../../../src/switch/rtp/types.ts';

/** A media clock that ticks when the test says so. */
export class ManualClock implements MediaClock {
  tick = 0;
  #listeners: [ClockPhase, (tick: number) => void][] = [];

  subscribe(phase: ClockPhase, listener: (tick: number) => void): () => void {
    const entry: [ClockPhase, (tick: number) => void] = [phase, listener];
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  advance(ticks = 1): void {
    for (let count = 0; count < ticks; count++) {
      this.tick++;
      for (const phase of ['receive', 'process', 'transmit'] as const) {
        for (const [of, listener] of this.#listeners) if (of === phase) listener(this.tick);
      }
    }
  }

  lateness(): ClockLateness {
    return { ticks: this.tick, meanMs: 0, maxMs: 0, p99Ms: 0, skipped: 0 };
  }

  stop(): void {
    this.#listeners = [];
  }
}
