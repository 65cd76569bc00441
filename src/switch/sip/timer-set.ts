import type { Clock } from './clock.ts';

/** The running timers of one transaction, by their letter in RFC 3261 and RFC 6026. */
export class TimerSet {
  readonly #clock: Clock;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Starts a timer, or starts it anew. */
  start(letter: string, delayMs: number, action: () => void): void {
    this.stop(letter);
    const cancel = this.#clock.after(delayMs, () => {
      this.#cancels.delete(letter);
      action();
    });
    this.#cancels.set(letter, cancel);
  }

  /** Runs `action` after `delayMs`, then after twice that and so on, never longer than `longestMs`, until stopped. */
  startBackOff(letter: string, delayMs: number, longestMs: number, action: () => void): void {
    this.start(letter, delayMs, () => {
      this.startBackOff(letter, Math.min(delayMs * 2, longestMs), longestMs, action);
      action();
    });
  }

  stop(letter: string): void {
    this.#cancels.get(letter)?.();
    this.#cancels.delete(letter);
  }

  stopAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
