import { describe, expect, test } from 'vitest';
import { Waits } from '../../../src/replay/waits.ts';

describe('waits', () => {
  test('mean, shares and quantiles', () => {
    const waits = new Waits();
    for (const seconds of [1, 2, 3, 10]) waits.add(seconds * 1000);
    expect(waits.meanSeconds).toBe(4);
    expect(waits.shareWithin(2)).toBe(0.5);
    expect(waits.shareWithin(1.5)).toBe(0.25);
    expect(waits.quantileSeconds(0.75)).toBe(3);
    expect(waits.quantileSeconds(1)).toBe(10);
  });

  test('of nobody', () => {
    const waits = new Waits();
    expect(waits.meanSeconds).toBe(0);
    expect(waits.shareWithin(2)).toBe(1);
    expect(waits.quantileSeconds(0.5)).toBe(0);
  });

  test('just over a second is not within it', () => {
    const waits = new Waits();
    waits.add(2_001);
    expect(waits.shareWithin(2)).toBe(0);
  });
});
