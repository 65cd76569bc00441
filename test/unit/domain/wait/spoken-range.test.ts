import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SpokenRange, spokenRange } from '../../../../src/domain/wait/spoken-range.ts';
import { NEVER_SERVED, type WaitEstimate } from '../../../../src/domain/wait/wait-estimate.ts';

/** An estimate in minutes: lowest, mean and highest. */
function band(low: number, mean: number, high: number): WaitEstimate {
  return {
    ...NEVER_SERVED,
    lowSeconds: low * 60,
    seconds: mean * 60,
    highSeconds: high * 60,
  };
}

describe('a wait is said', () => {
  it.each<[WaitEstimate, SpokenRange]>([
    [band(0, 0, 0), 'lessThanAMinute'],
    [band(0.1, 0.5, 0.9), 'lessThanAMinute'],
    [band(0.1, 0.5, 1), { lowMinutes: 1, highMinutes: 1 }],
    [band(0.5, 1, 1.5), { lowMinutes: 1, highMinutes: 2 }],
    [band(4.2, 5, 6.1), { lowMinutes: 4, highMinutes: 7 }],
    [band(8.5, 10, 11), { lowMinutes: 8, highMinutes: 15 }],
    [band(20, 25, 30), { lowMinutes: 20, highMinutes: 30 }],
    [band(21, 24, 28), { lowMinutes: 20, highMinutes: 30 }],
    [band(40, 50, 75), { lowMinutes: 40, highMinutes: 60 }],
    [band(58, 60, 63), { lowMinutes: 55, highMinutes: 60 }],
    [band(59, 60.1, 70), 'moreThanAnHour'],
    [band(20, 61, 300), 'moreThanAnHour'],
    [NEVER_SERVED, 'moreThanAnHour'],
  ])('as %j: %j', (estimate, said) => {
    expect(spokenRange(estimate)).toEqual(said);
  });

  it('in whole minutes that hold the band, as far as an hour', () => {
    const minutes = fc.double({ min: 0, max: 90, noNaN: true });
    fc.assert(
      fc.property(minutes, minutes, minutes, (...three) => {
        const [low = 0, mean = 0, high = 0] = three.toSorted((a, b) => a - b);
        const said = spokenRange(band(low, mean, high));
        if (typeof said === 'string') return;
        expect(said.lowMinutes).toBeLessThanOrEqual(Math.max(1, low));
        expect(said.highMinutes).toBeGreaterThanOrEqual(Math.min(60, high) - 1e-9);
        expect(said.lowMinutes).toBeLessThanOrEqual(said.highMinutes);
      }),
    );
  });
});
