import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ACCURACY, wholeDay, withOutcome } from '../../../../src/domain/wait/accuracy.ts';
import { MODEL_BAND, scoreOf, waitAtScore, withScore } from '../../../../src/domain/wait/band.ts';
import { Random } from '../../../../src/replay/random.ts';

describe('the 80 % band', () => {
  it('has the quantiles of exponential and of many services', () => {
    const one = { meanSeconds: 100, variance: 10_000 };
    expect(waitAtScore(MODEL_BAND.lowScore, one)).toBeCloseTo(10.5, -0.5);
    expect(waitAtScore(MODEL_BAND.highScore, one)).toBeCloseTo(230, -1);
    const hundred = { meanSeconds: 100, variance: 100 };
    expect(waitAtScore(MODEL_BAND.lowScore, hundred)).toBeCloseTo(87.4, 0);
    expect(waitAtScore(MODEL_BAND.highScore, hundred)).toBeCloseTo(113, 0);
  });

  it('finds the score of a wait and the wait of a score', () => {
    const positive = fc.double({ min: 1, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (wait, meanSeconds, variance) => {
        const model = { meanSeconds, variance };
        expect(waitAtScore(scoreOf(wait, model), model) / wait).toBeCloseTo(1, 6);
      }),
    );
  });

  it.each([
    ['waits scatter twice as much as the model thinks', 0, 2],
    ['waits scatter half as much', 0, 0.5],
    ['waits are longer than the model thinks', 1.5, 1],
  ])('corrects itself: %s', (_name, centre, spread) => {
    const random = new Random(5);
    let band = MODEL_BAND;
    let covered = 0;
    for (let count = 0; count < 40_000; count += 1) {
      const score = centre + spread * (random.unit() + random.unit() + random.unit() - 1.5) * 2;
      if (count >= 20_000) covered += Number(band.lowScore <= score && score <= band.highScore);
      band = withScore(band, score);
    }
    expect(covered / 20_000).toBeGreaterThan(0.77);
    expect(covered / 20_000).toBeLessThan(0.83);
  });

  it('keeps its ends apart and within bounds whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 500 }), (scores) => {
        const band = scores.reduce(withScore, MODEL_BAND);
        expect(Math.abs(band.lowScore)).toBeLessThanOrEqual(8);
        expect(Math.abs(band.highScore)).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe('accuracy', () => {
  const said = { seconds: 100, lowSeconds: 80, highSeconds: 130 };

  it('tells error, coverage and bias by hour and in all', () => {
    const after = [
      [9, 90],
      [9, 150],
      [14, 100],
    ].reduce((before, [hour = 0, wait = 0]) => withOutcome(before, hour, said, wait), NO_ACCURACY);
    expect(after.hours[9]).toEqual({
      count: 2,
      coverage: 0.5,
      biasSeconds: -20,
      meanAbsoluteErrorSeconds: 30,
      meanSquareError: 1300,
      meanWaitSeconds: 120,
    });
    expect(after.hours[14]?.coverage).toBe(1);
    expect(wholeDay(after)).toMatchObject({ count: 3 });
    expect(wholeDay(after).coverage).toBeCloseTo(2 / 3);
    expect(wholeDay(after).meanSquareError).toBeCloseTo(2600 / 3);
  });

  it.each([-1, 24, 3.5, Number.NaN])('takes hour %d for midnight', (hour) => {
    expect(withOutcome(NO_ACCURACY, hour, said, 100).hours[0]?.count).toBe(1);
  });

  it('of nothing is zero', () => {
    expect(wholeDay(NO_ACCURACY)).toMatchObject({ count: 0, coverage: 0 });
  });
});
