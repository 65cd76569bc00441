import { describe, expect, test } from 'vitest';
import { confident } from '../../../src/replay/confidence.ts';
import { Random } from '../../../src/replay/random.ts';

describe('a mean with 95 % confidence', () => {
  // Values of Student's t at 97.5 %, from tables.
  test.each([
    [2, 12.706],
    [3, 4.303],
    [4, 3.182],
    [6, 2.571],
    [11, 2.228],
    [21, 2.086],
    [101, 1.984],
  ])('of %i values uses t = %f', (count, t) => {
    const values = Array.from({ length: count }, (_, index) => index);
    const { mean, high } = confident(values);
    const deviation = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1),
    );
    expect((high - mean) / (deviation / Math.sqrt(count))).toBeCloseTo(t, 2);
  });

  test('holds the true mean in 95 of 100 cases', () => {
    const random = new Random(8);
    let held = 0;
    for (let trial = 0; trial < 2_000; trial += 1) {
      const values = Array.from({ length: 8 }, () => normal(random));
      const { low, high } = confident(values);
      if (low <= 0 && high >= 0) held += 1;
    }
    expect(held / 2_000).toBeGreaterThan(0.935);
    expect(held / 2_000).toBeLessThan(0.965);
  });

  test('one value has no interval', () => {
    expect(confident([3])).toEqual({
      mean: 3,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });
});

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}
