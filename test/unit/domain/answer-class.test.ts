import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnswerClass,
  type AnswerSign,
  classifyAnswer,
  MAX_SIGNS,
} from '../../../src/domain/callback/answer-class.ts';

const ANSWERED_AT = 1_000_000;

/** Stretches of speech as `[from, to]` in ms after the answer; one without an end goes on. */
function speech(...stretches: readonly (readonly [number, number?])[]): AnswerSign[] {
  return stretches.flatMap(([from, to]): AnswerSign[] => [
    { kind: 'speechBegan', at: ANSWERED_AT + from },
    ...(to === undefined ? [] : [{ kind: 'speechEnded', at: ANSWERED_AT + to } as const]),
  ]);
}

const beep = (at: number): AnswerSign => ({ kind: 'beep', at: ANSWERED_AT + at });

describe('an answer', () => {
  it.each<[string, AnswerSign[], number, AnswerClass['answer'], AnswerClass['by']]>([
    ['nothing yet', [], 0, 'unknown', 'silence'],
    ['nothing for long', [], 20_000, 'unknown', 'silence'],
    ['"Hello?" just now', speech([300, 900]), 1_200, 'unknown', 'tooSoon'],
    ['"Hello?" and silence', speech([300, 900]), 1_800, 'person', 'shortGreeting'],
    [
      '"Hello ... who is there?"',
      speech([300, 700], [1_100, 1_900]),
      2_800,
      'person',
      'shortGreeting',
    ],
    ['a greeting under way', speech([300]), 2_000, 'unknown', 'tooSoon'],
    ['a greeting that goes on', speech([300]), 3_301, 'machine', 'longGreeting'],
    ['a long greeting that has ended', speech([300, 4_000]), 6_000, 'machine', 'longGreeting'],
    [
      'sentences with short pauses',
      speech([300, 1_700], [2_200, 3_900]),
      5_000,
      'machine',
      'longGreeting',
    ],
    ['neither short nor long', speech([300, 2_800]), 9_000, 'unknown', 'tooSoon'],
    [
      'a machine that pauses',
      speech([200, 1_500], [2_400, 3_600], [4_500, 5_500], [6_400, 7_000]),
      8_000,
      'machine',
      'manyPhrases',
    ],
    [
      '"Hello?", then a long phrase',
      speech([300, 900], [3_000, 6_500]),
      7_000,
      'machine',
      'longGreeting',
    ],
    ['a beep after a greeting', [...speech([300, 1_000]), beep(2_000)], 2_100, 'machine', 'beep'],
    ['a beep alone', [beep(500)], 600, 'machine', 'beep'],
    ['talk that begins late', speech([5_000, 9_000]), 10_000, 'unknown', 'silence'],
    ['what comes after now', [beep(500)], 400, 'unknown', 'silence'],
    ['what came before the answer', [beep(-500)], 400, 'unknown', 'silence'],
    [
      'an end without a beginning',
      [{ kind: 'speechEnded', at: ANSWERED_AT + 100 }],
      2_000,
      'unknown',
      'silence',
    ],
    [
      'a long talk late in a call',
      speech([300, 900], [16_000, 22_000]),
      23_000,
      'person',
      'shortGreeting',
    ],
  ])('with %s', (_case, signs, now, answer, by) => {
    expect(classifyAnswer(signs, ANSWERED_AT, ANSWERED_AT + now)).toEqual({ answer, by });
  });

  it('is classified whatever comes, and the order of signs does not matter', () => {
    const sign = fc.record({
      kind: fc.constantFrom('speechBegan', 'speechEnded', 'beep'),
      at: fc.integer({ min: ANSWERED_AT - 5_000, max: ANSWERED_AT + 60_000 }),
    });
    const distinct = fc.uniqueArray(sign, { maxLength: MAX_SIGNS, selector: ({ at }) => at });
    fc.assert(
      fc.property(distinct, fc.integer({ min: 0, max: 60_000 }), (signs, after) => {
        const now = ANSWERED_AT + after;
        const found = classifyAnswer(signs, ANSWERED_AT, now);
        expect(classifyAnswer(signs.toReversed(), ANSWERED_AT, now)).toEqual(found);
        expect(['person', 'machine', 'unknown']).toContain(found.answer);
      }),
    );
  });

  it('once a machine stays one', () => {
    const length = fc.integer({ min: 3_001, max: 10_000 });
    fc.assert(
      fc.property(length, fc.integer({ min: 0, max: 30_000 }), (spokenMs, laterMs) => {
        const signs = speech([200, 200 + spokenMs]);
        const now = ANSWERED_AT + 200 + spokenMs + laterMs;
        expect(classifyAnswer(signs, ANSWERED_AT, now).answer).toBe('machine');
      }),
    );
  });
});
