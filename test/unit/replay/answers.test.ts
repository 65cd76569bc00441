import { describe, expect, test } from 'vitest';
import { answerOf } from '../../../src/replay/answers.ts';
import { callerScript, MANNERS } from './caller-script.ts';

describe('how somebody answers a callback', () => {
  test('is the same whenever it is asked', () => {
    const caller = callerScript({ seed: 42 });
    expect(answerOf(caller, 1, 30)).toEqual(answerOf(caller, 1, 30));
    expect(answerOf(caller, 1, 30)).not.toEqual(answerOf(caller, 2, 30));
  });

  test('goes by the shares of their manners', () => {
    const answers = { ...MANNERS, busy: 0.3, machine: 0.2 };
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 5_000; seed += 1) {
      const { what } = answerOf(callerScript({ seed, answers }), 0, 600);
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    expect((counts.get('busy') ?? 0) / 5_000).toBeCloseTo(0.3, 1);
    expect((counts.get('machine') ?? 0) / 5_000).toBeCloseTo(0.2, 1);
    expect((counts.get('presses1') ?? 0) / 5_000).toBeCloseTo(0.5, 1);
  });

  test('who would take longer than we let it ring has not answered', () => {
    const caller = callerScript({ seed: 7, answers: { ...MANNERS, ringMs: 100_000_000 } });
    expect(answerOf(caller, 0, 30)).toMatchObject({ what: 'noAnswer', afterMs: 30_000 });
  });
});
