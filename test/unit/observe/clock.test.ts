import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClock } from '../../../src/observe/clock.ts';

const DAY_MS = 86_400_000;

describe('clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([0, 1, 60_000, 25 * DAY_MS, 60 * DAY_MS])('a timer of %d ms fires once, then', (ms) => {
    const clock = createClock();
    const start = clock.now();
    const firedAt: number[] = [];
    clock.startTimer(ms, () => firedAt.push(clock.now() - start));
    vi.advanceTimersByTime(Math.max(0, ms - 1));
    expect(firedAt).toEqual(ms === 0 ? [0] : []);
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(firedAt).toEqual([ms]);
  });

  test.each([
    ['at once', 0],
    ['in its second part', 30 * DAY_MS],
  ])('a timer cancelled %s never fires', (_, passedMs) => {
    const fired = vi.fn();
    const cancel = createClock().startTimer(60 * DAY_MS, fired);
    vi.advanceTimersByTime(passedMs);
    cancel();
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(fired).not.toHaveBeenCalled();
  });

  test.each([Number.NaN, -5])('%d counts as none', (ms) => {
    const fired = vi.fn();
    createClock().startTimer(ms, fired);
    vi.advanceTimersByTime(0);
    expect(fired).toHaveBeenCalledOnce();
  });
});
