import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMediaClock } from '../../../src/switch/rtp/clock.ts';
import type { MediaClock } from '../../../src/switch/rtp/types.ts';

describe('the media clock', () => {
  let clock: MediaClock;
  let problems: unknown[];
  let nowMs: number;

  /** Time goes by, and timers fire when they are due. */
  function pass(ms: number): void {
    for (let count = 0; count < ms; count++) {
      nowMs++;
      vi.advanceTimersByTime(1);
    }
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    nowMs = 1000.25;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    problems = [];
    clock = createMediaClock({ onError: (error, phase) => problems.push([error, phase]) });
  });

  afterEach(() => {
    clock.stop();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('ticks 50 times a second without drift', () => {
    pass(60_000);
    expect(clock.tick).toBe(3000);
  });

  it('runs the phases of a tick in order', () => {
    const order: string[] = [];
    clock.subscribe('transmit', (tick) => order.push(`transmit ${tick}`));
    clock.subscribe('process', (tick) => order.push(`process ${tick}`));
    clock.subscribe('receive', (tick) => order.push(`receive ${tick}`));
    pass(40);
    expect(order).toEqual([
      'receive 1',
      'process 1',
      'transmit 1',
      'receive 2',
      'process 2',
      'transmit 2',
    ]);
  });

  it.each([
    ['makes up for a short standstill', 60, { ticks: 28, skipped: 0 }],
    ['leaves ticks out after a long standstill', 400, { ticks: 30, skipped: 15 }],
  ])('%s', (_name, standstillMs, expected) => {
    let ticks = 0;
    clock.subscribe('process', () => {
      ticks++;
      if (ticks === 1) nowMs += standstillMs;
    });
    pass(500);
    const { skipped } = clock.lateness();
    expect({ ticks, skipped }).toEqual(expected);
    expect(clock.tick).toBe((500 + standstillMs) / 20);
  });

  it('goes on when a listener throws, and tells it', () => {
    const error = new Error('a listener failed');
    let others = 0;
    clock.subscribe('process', () => {
      throw error;
    });
    clock.subscribe('process', () => others++);
    pass(40);
    expect(others).toBe(2);
    expect(problems).toEqual([
      [error, 'process'],
      [error, 'process'],
    ]);
  });

  it('leaves out a listener that has left, also in the middle of a tick', () => {
    let count = 0;
    const leave = clock.subscribe('process', () => {
      count++;
      leave();
    });
    pass(100);
    expect(count).toBe(1);
  });

  it('stops', () => {
    clock.subscribe('process', () => clock.stop());
    pass(100);
    expect(clock.tick).toBe(1);
  });

  it('measures how late its ticks are', () => {
    pass(2000);
    const { ticks, meanMs, maxMs, p99Ms, skipped } = clock.lateness();
    expect({ ticks, skipped }).toEqual({ ticks: 100, skipped: 0 });
    expect(meanMs).toBeLessThanOrEqual(maxMs);
    expect(p99Ms).toBeLessThanOrEqual(Math.ceil(maxMs));
  });
});
