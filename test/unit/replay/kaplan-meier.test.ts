import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { survivalOf, timeAt } from '../../../src/replay/kaplan-meier.ts';
import { Random } from '../../../src/replay/random.ts';

describe('the product-limit estimate', () => {
  test('is the example of Kaplan and Meier: 0.8, 1.0*, 2.7*, 3.1, 5.4, 7.0*, 9.2, 12.1*', () => {
    const observations = [
      [0.8, true],
      [1.0, false],
      [2.7, false],
      [3.1, true],
      [5.4, true],
      [7.0, false],
      [9.2, true],
      [12.1, false],
    ] as const;
    const { steps } = survivalOf(observations.map(([ms, happened]) => ({ ms, happened })));
    expect(steps.map(({ ms }) => ms)).toEqual([0.8, 3.1, 5.4, 9.2]);
    const lefts = [7 / 8, (7 / 8) * (4 / 5), (7 / 8) * (3 / 5), (7 / 8) * (3 / 10)];
    for (const [index, left] of lefts.entries()) expect(steps[index]?.left).toBeCloseTo(left, 10);
  });

  test('finds the patience behind answers that came first', () => {
    const random = new Random(4);
    const observations = Array.from({ length: 4_000 }, () => {
      const patience = random.exponential(600_000);
      const answered = random.exponential(300_000);
      return { ms: Math.min(patience, answered), happened: patience < answered };
    });
    const survival = survivalOf(observations);
    const drawn = Array.from({ length: 20_000 }, () => timeAt(survival, random.unit()));
    const mean = drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length;
    expect(mean / 600_000).toBeCloseTo(1, 0);
    expect(Math.abs(mean / 600_000 - 1)).toBeLessThan(0.12);
    expect(timeAt(survival, 0.5) / (600_000 * Math.LN2)).toBeCloseTo(1, 0);
  });

  test('times grow with the share, and are never negative or endless', () => {
    const observation = fc.record({ ms: fc.nat({ max: 10_000 }), happened: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 40 }),
        fc.tuple(fc.double({ min: 0, max: 0.999 }), fc.double({ min: 0, max: 0.999 })),
        (observations, [one, other]) => {
          fc.pre(!Number.isNaN(one) && !Number.isNaN(other));
          const survival = survivalOf(observations);
          const early = timeAt(survival, Math.min(one, other));
          const late = timeAt(survival, Math.max(one, other));
          expect(early).toBeGreaterThanOrEqual(0);
          expect(late).toBeGreaterThanOrEqual(early);
          expect(Number.isFinite(late)).toBe(true);
        },
      ),
    );
  });
});
