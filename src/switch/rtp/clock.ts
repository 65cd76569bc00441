import { type ClockLateness, type ClockPhase, FRAME_MS, type MediaClock } from './types.ts';

const PHASES: readonly ClockPhase[] = ['receive', 'process', 'transmit'];

/** After a standstill, so many ticks are run at once; the rest is left out. */
const MAX_CATCH_UP_TICKS = 5;

/** Lateness is counted in classes of 1 ms; the last holds everything above. */
const LATENESS_CLASSES = 1000;

type TickListener = (tick: number) => void;

/** What a listener threw; the clock goes on. */
export type ClockErrorListener = (error: unknown, phase: ClockPhase) => void;

/**
 * Starts the one clock of all sessions. Each tick is due at a whole multiple of 20 ms after the start,
 * so that lateness never adds up.
 */
export function createMediaClock(options: { readonly onError: ClockErrorListener }): MediaClock {
  return new Clock(options.onError);
}

class Clock implements MediaClock {
  readonly #onError: ClockErrorListener;
  readonly #listeners: Record<ClockPhase, TickListener[]> = {
    receive: [],
    process: [],
    transmit: [],
  };
  readonly #latenessCounts = new Uint32Array(LATENESS_CLASSES + 1);
  readonly #startMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #tick = 0;
  #ticksRun = 0;
  #skipped = 0;
  #latenessSumMs = 0;
  #latenessMaxMs = 0;

  constructor(onError: ClockErrorListener) {
    this.#onError = onError;
    this.#schedule();
  }

  get tick(): number {
    return this.#tick;
  }

  subscribe(phase: ClockPhase, listener: TickListener): () => void {
    // Lists are replaced, never changed: a listener may come or go in the middle of a tick.
    this.#listeners[phase] = [...this.#listeners[phase], listener];
    return () => {
      this.#listeners[phase] = this.#listeners[phase].filter((other) => other !== listener);
    };
  }

  lateness(): ClockLateness {
    return {
      ticks: this.#ticksRun,
      meanMs: this.#ticksRun === 0 ? 0 : this.#latenessSumMs / this.#ticksRun,
      maxMs: this.#latenessMaxMs,
      p99Ms: this.#percentile(0.99),
      skipped: this.#skipped,
    };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const phase of PHASES) this.#listeners[phase] = [];
  }

  #dueMs(tick: number): number {
    return this.#startMs + tick * FRAME_MS;
  }

  #schedule(): void {
    const waitMs = this.#dueMs(this.#tick + 1) - performance.now();
    // Timers fire on whole milliseconds, never early by more than one.
    this.#timer = setTimeout(this.#wake, Math.max(1, Math.floor(waitMs)));
  }

  readonly #wake = (): void => {
    const nowMs = performance.now();
    const due = Math.floor((nowMs - this.#startMs) / FRAME_MS);
    const missed = due - this.#tick - MAX_CATCH_UP_TICKS;
    if (missed > 0) {
      this.#tick += missed;
      this.#skipped += missed;
    }
    while (this.#tick < due && this.#timer !== undefined) {
      this.#tick++;
      this.#measure(nowMs - this.#dueMs(this.#tick));
      this.#run();
    }
    if (this.#timer !== undefined) this.#schedule();
  };

  #run(): void {
    for (const phase of PHASES) {
      for (const listener of this.#listeners[phase]) {
        try {
          listener(this.#tick);
        } catch (error) {
          this.#onError(error, phase);
        }
      }
    }
  }

  #measure(latenessMs: number): void {
    this.#ticksRun++;
    this.#latenessSumMs += latenessMs;
    this.#latenessMaxMs = Math.max(this.#latenessMaxMs, latenessMs);
    const place = Math.min(LATENESS_CLASSES, Math.floor(latenessMs));
    this.#latenessCounts[place] = (this.#latenessCounts[place] ?? 0) + 1;
  }

  #percentile(share: number): number {
    const wanted = Math.ceil(this.#ticksRun * share);
    let seen = 0;
    for (let place = 0; place <= LATENESS_CLASSES; place++) {
      seen += this.#latenessCounts[place] ?? 0;
      if (seen >= wanted && seen > 0) return place;
    }
    return 0;
  }
}
