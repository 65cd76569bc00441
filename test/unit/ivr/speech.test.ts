import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SPOKEN_PARTS } from '../../../src/config/spoken-parts.ts';
import { soundsFor, type Utterance } from '../../../src/domain/ivr/speech.ts';

describe('whole numbers', () => {
  it.each<[number, string]>([
    [0, '0'],
    [1, '1'],
    [13, '13'],
    [20, '20'],
    [21, '20 1'],
    [99, '90 9'],
    [100, '1 hundred'],
    [101, '1 hundred 1'],
    [342, '3 hundred 40 2'],
    [1000, '1 thousand'],
    [1001, '1 thousand 1'],
    [12_345, '12 thousand 3 hundred 40 5'],
    [999_999, '9 hundred 90 9 thousand 9 hundred 90 9'],
    [1_000_000, '9 hundred 90 9 thousand 9 hundred 90 9'],
    [-5, '0'],
    [7.9, '7'],
    [Number.NaN, '0'],
    [Number.POSITIVE_INFINITY, '9 hundred 90 9 thousand 9 hundred 90 9'],
  ])('says %d as %s', (value, spoken) => {
    expect(said({ say: 'number', value })).toBe(spoken);
  });

  it('are said so that they can be understood back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (value) => {
        expect(understood(said({ say: 'number', value }))).toBe(value);
      }),
    );
  });
});

describe('waits', () => {
  it.each<[number, string]>([
    [-10, 'less-than-one-minute'],
    [0, 'less-than-one-minute'],
    [29, 'less-than-one-minute'],
    [30, '1 minute'],
    [89, '1 minute'],
    [90, '2 minutes'],
    [720, '12 minutes'],
    [1260, '20 1 minutes'],
    [3600, '60 minutes'],
    [3629, '60 minutes'],
    [3630, 'more-than-one-hour'],
    [1_000_000, 'more-than-one-hour'],
    [Number.NaN, 'less-than-one-minute'],
  ])('says %d seconds as %s', (waitSeconds, spoken) => {
    expect(said({ say: 'wait', waitSeconds })).toBe(spoken);
  });
});

describe('telephone numbers', () => {
  it.each([
    ['+12025550123', '2 0 2 pause 5 5 5 pause 0 1 2 3'],
    ['2025550123', '2 0 2 pause 5 5 5 pause 0 1 2 3'],
    ['(202) 555-0123', '2 0 2 pause 5 5 5 pause 0 1 2 3'],
    ['+442079460000', '4 4 2 0 7 9 4 6 0 0 0 0'],
    ['5550123', '5 5 5 0 1 2 3'],
    ['', ''],
  ])('reads %j as %s', (number, spoken) => {
    expect(said({ say: 'telephoneNumber', number })).toBe(spoken);
  });

  it('stays short however long the text is', () => {
    expect(soundsFor([{ say: 'telephoneNumber', number: '1'.repeat(5000) }]).length).toBe(20);
  });
});

describe('utterances', () => {
  it('follow one another', () => {
    const sounds = soundsFor([
      { say: 'prompt', prompt: 'position-intro' },
      { say: 'number', value: 3 },
    ]);
    expect(sounds).toEqual(['prompts/position-intro', 'numbers/3']);
  });

  it('are made of parts that exist', () => {
    const utterance: fc.Arbitrary<Utterance> = fc.oneof(
      fc.record({ say: fc.constant('number' as const), value: fc.double() }),
      fc.record({ say: fc.constant('number' as const), value: fc.integer() }),
      fc.record({ say: fc.constant('wait' as const), waitSeconds: fc.double() }),
      fc.record({ say: fc.constant('wait' as const), waitSeconds: fc.integer({ max: 9000 }) }),
      fc.record({ say: fc.constant('telephoneNumber' as const), number: fc.string() }),
    );
    fc.assert(
      fc.property(fc.array(utterance, { maxLength: 5 }), (utterances) => {
        for (const sound of soundsFor(utterances)) expect(SPOKEN_PARTS.en.has(sound)).toBe(true);
      }),
    );
  });
});

/** The sounds of one utterance without their folders, as a sentence. */
function said(utterance: Utterance): string {
  return soundsFor([utterance])
    .map((sound) => sound.slice(sound.indexOf('/') + 1))
    .join(' ');
}

/** What a listener makes of `3 hundred 40 2`. */
function understood(spoken: string): number {
  let total = 0;
  let group = 0;
  for (const word of spoken.split(' ')) {
    if (word === 'hundred') group *= 100;
    else if (word === 'thousand') [total, group] = [group * 1000, 0];
    else group += Number(word);
  }
  return total + group;
}
