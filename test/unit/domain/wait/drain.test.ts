import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainLine, type Stretch } from '../../../../src/domain/wait/drain.ts';
import { Random } from '../../../../src/replay/random.ts';

const RATE = fc.double({ min: 1e-3, max: 10, noNaN: true });
const LEAVING = fc.double({ min: 0, max: 0.1, noNaN: true });

function forEver(freePerSecond: number): readonly Stretch[] {
  return [{ fromSeconds: 0, freeAtStart: 0, freePerSecond }];
}

/** Plays the line person by person: the mean wait, and its variance. */
function play(steps: number, leaving: number, stretches: readonly Stretch[]) {
  const random = new Random(7);
  const waits = Array.from({ length: 20_000 }, () => {
    let at = 0;
    let left = steps;
    for (const [index, { freeAtStart, freePerSecond }] of stretches.entries()) {
      const until = stretches[index + 1]?.fromSeconds ?? Number.POSITIVE_INFINITY;
      left -= freeAtStart;
      for (; left > 0; left -= 1) {
        const next = at + random.exponential(1 / (freePerSecond + (left - 1) * leaving));
        if (next > until) break;
        at = next;
      }
      if (left <= 0) return at;
      at = until;
    }
    return at;
  });
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  const variance = waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / waits.length;
  return { mean, variance };
}

describe('a line that drains', () => {
  it('takes the sums of the death process, at any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), RATE, LEAVING, (steps, rate, leaving) => {
        let mean = 0;
        let variance = 0;
        for (let left = 0; left < steps; left += 1) {
          mean += 1 / (rate + left * leaving);
          variance += 1 / (rate + left * leaving) ** 2;
        }
        const drain = drainLine(steps, 0, leaving, forEver(rate));
        expect(drain.meanSeconds / mean).toBeCloseTo(1, 5);
        expect(drain.variance / variance).toBeCloseTo(1, 3);
      }),
    );
  });

  it('takes longer the more there are and shorter the more give up', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        RATE,
        LEAVING,
        (steps, more, rate, leaving) => {
          const mean = drainLine(steps, 0, leaving, forEver(rate)).meanSeconds;
          expect(drainLine(steps + more, 0, leaving, forEver(rate)).meanSeconds).toBeGreaterThan(
            mean,
          );
          const impatient = drainLine(steps, 0, leaving + 0.01, forEver(rate)).meanSeconds;
          expect(impatient).toBeLessThanOrEqual(mean * (1 + 1e-5));
        },
      ),
    );
  });

  it.each([
    ['more agents later', 60, 0, [10, 0.1, 100, 0.4]],
    ['fewer agents later', 60, 0, [10, 0.4, 100, 0.1]],
    ['nobody for a while, and people give up', 40, 1 / 900, [0, 0.2, 60, 0, 300, 0.2]],
    ['two changes, and people give up', 80, 1 / 600, [0, 0.3, 60, 0.1, 200, 0.4]],
  ])('agrees with playing it: %s', (_name, steps, leaving, plan) => {
    const stretches: Stretch[] = [];
    for (let index = 0; index < plan.length; index += 2) {
      const fromSeconds = index === 0 ? 0 : (plan[index] ?? 0);
      stretches.push({ fromSeconds, freeAtStart: 0, freePerSecond: plan[index + 1] ?? 0 });
    }
    const played = play(steps, leaving, stretches);
    const drain = drainLine(steps, 0, leaving, stretches);
    expect(drain.meanSeconds / played.mean).toBeGreaterThan(0.97);
    expect(drain.meanSeconds / played.mean).toBeLessThan(1.03);
    expect(Math.sqrt(drain.variance / played.variance)).toBeGreaterThan(0.85);
    expect(Math.sqrt(drain.variance / played.variance)).toBeLessThan(1.15);
  });

  it('counts agents whose time is known one by one', () => {
    const stretches = [
      { fromSeconds: 0, freeAtStart: 0, freePerSecond: 0 },
      { fromSeconds: 5, freeAtStart: 1, freePerSecond: 0 },
      { fromSeconds: 9, freeAtStart: 2, freePerSecond: 0 },
      { fromSeconds: 30, freeAtStart: 0, freePerSecond: 0.1 },
    ];
    expect([1, 2, 3, 4].map((steps) => drainLine(steps, 0, 0, stretches).meanSeconds)).toEqual([
      5, 9, 9, 40,
    ]);
  });

  it('never ends when nobody will work, however many give up', () => {
    expect(drainLine(3, 0, 0.5, forEver(0)).meanSeconds).toBe(Number.POSITIVE_INFINITY);
    expect(drainLine(3, 0, 0.5, []).meanSeconds).toBe(Number.POSITIVE_INFINITY);
    const closing = [...forEver(1), { fromSeconds: 5, freeAtStart: 0, freePerSecond: 0 }];
    expect(drainLine(50, 0, 0.1, closing).meanSeconds).toBe(Number.POSITIVE_INFINITY);
  });

  it('is less certain when it is not certain how many there are', () => {
    const certain = drainLine(20, 0, 0.01, forEver(0.5));
    const uncertain = drainLine(20, 4, 0.01, forEver(0.5));
    expect(uncertain.meanSeconds).toBe(certain.meanSeconds);
    expect(uncertain.variance).toBeGreaterThan(certain.variance);
  });
});
