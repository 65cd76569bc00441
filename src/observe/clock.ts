import type { Clock } from '../engine/ports.ts';

/** Node fires a longer timer at once (2^31 - 1 ms, about 25 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's time and timers, which keep the process running while one is set. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    startTimer(afterMs, action) {
      let remainingMs = Number.isNaN(afterMs) ? 0 : Math.max(0, afterMs);
      let timer: NodeJS.Timeout;
      const startPart = () => {
        const partMs = Math.min(remainingMs, LONGEST_TIMER_MS);
        remainingMs -= partMs;
        timer = setTimeout(remainingMs > 0 ? startPart : action, partMs);
      };
      startPart();
      return () => clearTimeout(timer);
    },
  };
}
