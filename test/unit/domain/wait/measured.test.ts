import { describe, expect, it } from 'vitest';
import { correctionFactor, NO_BIAS, withWait } from '../../../../src/domain/wait/bias.ts';
import {
  expectedHandleTimes,
  handleTimeQuantile,
  handleTimeUncertainty,
  meanHandleSeconds,
  withHandleTime,
} from '../../../../src/domain/wait/handle-times.ts';
import {
  abandonmentRate,
  abandonmentRateAhead,
  type Patience,
  UNKNOWN_PATIENCE,
  withHold,
} from '../../../../src/domain/wait/patience.ts';
import {
  chanceReached,
  EXPECTED_REACH,
  ticketWeight,
  withAttempt,
} from '../../../../src/domain/wait/reach.ts';
import { Random } from '../../../../src/replay/random.ts';

/** `change` as often as said, one upon the other. */
function repeat<State>(times: number, from: State, change: (state: State) => State): State {
  let state = from;
  for (let count = 0; count < times; count += 1) state = change(state);
  return state;
}

describe('handle times', () => {
  it('start from what is expected and become what is measured', () => {
    const random = new Random(1);
    const before = expectedHandleTimes(600);
    expect(meanHandleSeconds(before)).toBe(600);
    const after = repeat(5000, before, (times) => withHandleTime(times, random.exponential(300)));
    expect(meanHandleSeconds(after)).toBeGreaterThan(285);
    expect(meanHandleSeconds(after)).toBeLessThan(315);
    expect(handleTimeUncertainty(after)).toBeLessThan(handleTimeUncertainty(before) / 50);
  });

  it('follow a change that lasts within some hundred conversations', () => {
    const random = new Random(2);
    const long = repeat(8000, expectedHandleTimes(300), (times) =>
      withHandleTime(times, random.exponential(300)),
    );
    const short = repeat(900, long, (times) => withHandleTime(times, random.exponential(150)));
    expect(meanHandleSeconds(short)).toBeGreaterThan(130);
    expect(meanHandleSeconds(short)).toBeLessThan(180);
  });

  it('follow a small change that lasts within some thousand', () => {
    const random = new Random(6);
    const usual = repeat(20_000, expectedHandleTimes(300), (times) =>
      withHandleTime(times, random.exponential(300)),
    );
    const longer = repeat(6000, usual, (times) => withHandleTime(times, random.exponential(375)));
    expect(meanHandleSeconds(longer)).toBeGreaterThan(355);
  });

  it('do not follow many conversations begun together, of which the short end first', () => {
    const random = new Random(3);
    const usual = repeat(8000, expectedHandleTimes(300), (times) =>
      withHandleTime(times, random.exponential(300)),
    );
    const together = Array.from({ length: 300 }, () => random.exponential(300));
    const half = together.toSorted((a, b) => a - b).slice(0, 250);
    const morning = half.reduce(withHandleTime, usual);
    expect(meanHandleSeconds(morning)).toBeGreaterThan(280);
  });

  it('do not believe a call that was left open for the night', () => {
    const usual = repeat(1000, expectedHandleTimes(300), (times) => withHandleTime(times, 300));
    expect(meanHandleSeconds(withHandleTime(usual, 50_000))).toBeLessThan(310);
  });

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('learn nothing from %d', (seconds) => {
    const before = expectedHandleTimes(300);
    expect(withHandleTime(before, seconds)).toBe(before);
  });

  it('tell quantiles of the newest hundred', () => {
    const none = expectedHandleTimes(300);
    expect(handleTimeQuantile(none, 0.5)).toBeUndefined();
    const many = Array.from({ length: 250 }, (_, index) => index + 1).reduce(withHandleTime, none);
    expect(many.newest).toHaveLength(100);
    expect([0, 0.5, 0.9, 1].map((share) => handleTimeQuantile(many, share))).toEqual([
      151, 200, 240, 250,
    ]);
  });
});

describe('patience', () => {
  function holds(meanSeconds: number, servedAfterSeconds: number): Patience {
    const random = new Random(4);
    return repeat(10_000, UNKNOWN_PATIENCE, (patience) => {
      const seconds = random.exponential(meanSeconds);
      const abandoned = seconds < servedAfterSeconds;
      return withHold(patience, Math.min(seconds, servedAfterSeconds), abandoned);
    });
  }

  it('is unknown before anybody gave up, and then the rate of those who do', () => {
    expect(abandonmentRate(UNKNOWN_PATIENCE)).toBe(0);
    expect(abandonmentRateAhead(UNKNOWN_PATIENCE, 100)).toBe(0);
    expect(abandonmentRate(withHold(UNKNOWN_PATIENCE, 100, false))).toBe(0);
    const patience = holds(900, 300);
    expect(abandonmentRate(patience) * 900).toBeCloseTo(1, 1);
    expect(abandonmentRateAhead(patience, 300) * 900).toBeCloseTo(1, 1);
  });

  it('differs by the time waited', () => {
    // Nobody gives up in the first two minutes, everybody soon after.
    const patience = repeat(2000, UNKNOWN_PATIENCE, (before) => withHold(before, 150, true));
    expect(abandonmentRateAhead(patience, 60)).toBeLessThan(0.3 * abandonmentRate(patience));
    expect(abandonmentRateAhead(patience, 240)).toBeGreaterThan(2 * abandonmentRate(patience));
  });

  it('forgets what is long past', () => {
    const once = repeat(5000, UNKNOWN_PATIENCE, (before) => withHold(before, 50, true));
    const later = repeat(40_000, once, (before) => withHold(before, 500, true));
    expect(abandonmentRate(later) * 500).toBeLessThan(1.05);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('learns nothing from %d s', (seconds) => {
    expect(withHold(UNKNOWN_PATIENCE, seconds, true)).toBe(UNKNOWN_PATIENCE);
  });
});

describe('a ticket', () => {
  it('weighs its chance of being reached and the time to find out', () => {
    let count = 0;
    const reach = repeat(4000, EXPECTED_REACH, (before) => {
      count += 1;
      return withAttempt(before, { reached: count % 5 < 2, keptSeconds: 15 });
    });
    expect(chanceReached(reach)).toBeCloseTo(0.4, 1);
    expect(ticketWeight(reach, 300)).toBeCloseTo(0.4 + 15 / 300, 1);
  });

  it('costs no time that is no number', () => {
    const reach = withAttempt(EXPECTED_REACH, { reached: false, keptSeconds: Number.NaN });
    expect(ticketWeight(reach, 300)).toBeGreaterThan(0);
    expect(ticketWeight(reach, 300)).toBeLessThan(1);
  });
});

describe('bias', () => {
  it.each([
    ['nothing is known', 0, 100, 200, 1, 1],
    ['waits err by little', 2000, 100, 104, 1, 1],
    ['waits are twice as long', 2000, 100, 200, 1.7, 2],
    ['waits are half as long', 2000, 100, 50, 0.5, 0.7],
    ['waits are absurdly long', 50_000, 1, 1e6, 3.5, 4],
  ])('corrects what is certain: %s', (_name, times, said, came, least, most) => {
    const factor = correctionFactor(repeat(times, NO_BIAS, (bias) => withWait(bias, said, came)));
    expect(factor).toBeGreaterThanOrEqual(least);
    expect(factor).toBeLessThanOrEqual(most);
  });

  it('believes no night in line', () => {
    const usual = repeat(1000, NO_BIAS, (bias) => withWait(bias, 100, 100));
    expect(correctionFactor(withWait(usual, 100, 60_000))).toBe(1);
  });

  it('notices a sudden change', () => {
    const usual = repeat(8000, NO_BIAS, (bias) => withWait(bias, 100, 100));
    const changed = repeat(1000, usual, (bias) => withWait(bias, 100, 250));
    expect(correctionFactor(changed)).toBeGreaterThan(1.6);
  });
});
