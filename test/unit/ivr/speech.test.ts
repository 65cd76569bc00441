import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../../../src/domain/ivr/keys.ts';
import { LANGUAGES, languageOf } from '../../../src/domain/ivr/languages/table.ts';
import { soundsFor, type Utterance } from '../../../src/domain/ivr/speech.ts';

/** Parts are written as the words that are heard: "20 1 minutes", "treinta y un minutos". */
const said = (language: string, ...utterances: readonly Utterance[]) =>
  soundsFor(utterances, language)
    .map((sound) => languageOf(language).parts.get(sound) ?? `(${sound})`)
    .join(' ');
const english = (...utterances: readonly Utterance[]) => said('en', ...utterances);
const spanish = (...utterances: readonly Utterance[]) => said('es', ...utterances);

describe('whole numbers', () => {
  it.each<[number, string, string]>([
    [0, 'zero', 'cero'],
    [1, 'one', 'uno'],
    [13, 'thirteen', 'trece'],
    [16, 'sixteen', 'dieciséis'],
    [20, 'twenty', 'veinte'],
    [21, 'twenty one', 'veintiuno'],
    [29, 'twenty nine', 'veintinueve'],
    [30, 'thirty', 'treinta'],
    [31, 'thirty one', 'treinta y uno'],
    [99, 'ninety nine', 'noventa y nueve'],
    [100, 'one hundred', 'cien'],
    [101, 'one hundred one', 'ciento uno'],
    [200, 'two hundred', 'doscientos'],
    [342, 'three hundred forty two', 'trescientos cuarenta y dos'],
    [515, 'five hundred fifteen', 'quinientos quince'],
    [720, 'seven hundred twenty', 'setecientos veinte'],
    [999, 'nine hundred ninety nine', 'novecientos noventa y nueve'],
    [1000, 'one thousand', 'mil'],
    [1001, 'one thousand one', 'mil uno'],
    [2000, 'two thousand', 'dos mil'],
    [12_345, 'twelve thousand three hundred forty five', 'doce mil trescientos cuarenta y cinco'],
    [21_000, 'twenty one thousand', 'veintiún mil'],
    [31_021, 'thirty one thousand twenty one', 'treinta y un mil veintiuno'],
    [100_000, 'one hundred thousand', 'cien mil'],
    [101_100, 'one hundred one thousand one hundred', 'ciento un mil cien'],
    [
      999_999,
      'nine hundred ninety nine thousand nine hundred ninety nine',
      'novecientos noventa y nueve mil novecientos noventa y nueve',
    ],
  ])('says %d as "%s", "%s"', (value, en, es) => {
    expect(english({ say: 'number', value })).toBe(en);
    expect(spanish({ say: 'number', value })).toBe(es);
  });

  it.each<[number, string]>([
    [1_000_000, 'nine hundred ninety nine thousand nine hundred ninety nine'],
    [Number.POSITIVE_INFINITY, 'nine hundred ninety nine thousand nine hundred ninety nine'],
    [-5, 'zero'],
    [7.9, 'seven'],
    [Number.NaN, 'zero'],
  ])('says %d, which is none, as "%s"', (value, en) => {
    expect(english({ say: 'number', value })).toBe(en);
  });

  it.each([
    ['en', understoodEnglish],
    ['es', understoodSpanish],
  ])('in %s are said so that they can be understood back', (language, understood) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (value) => {
        const names = soundsFor([{ say: 'number', value }], language);
        expect(understood(names)).toBe(value);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('waits that are one number', () => {
  it.each<[number, string, string]>([
    [-10, 'less than one minute', 'menos de un minuto'],
    [0, 'less than one minute', 'menos de un minuto'],
    [29, 'less than one minute', 'menos de un minuto'],
    [30, 'about one minute', 'aproximadamente un minuto'],
    [89, 'about one minute', 'aproximadamente un minuto'],
    [90, 'about two minutes', 'aproximadamente dos minutos'],
    [720, 'about twelve minutes', 'aproximadamente doce minutos'],
    [1260, 'about twenty one minutes', 'aproximadamente veintiún minutos'],
    [1860, 'about thirty one minutes', 'aproximadamente treinta y un minutos'],
    [3629, 'about sixty minutes', 'aproximadamente sesenta minutos'],
    [3630, 'more than one hour', 'más de una hora'],
    [Number.POSITIVE_INFINITY, 'more than one hour', 'más de una hora'],
    [Number.NaN, 'less than one minute', 'menos de un minuto'],
  ])('says %d seconds as "%s", "%s"', (waitSeconds, en, es) => {
    expect(english({ say: 'wait', waitSeconds })).toBe(en);
    expect(spanish({ say: 'wait', waitSeconds })).toBe(es);
  });
});

describe('waits that are a range', () => {
  it.each<[number, number, string, string]>([
    [0, 0, 'less than one minute', 'menos de un minuto'],
    [0, 59, 'less than one minute', 'menos de un minuto'],
    [30, 240, 'less than four minutes', 'menos de cuatro minutos'],
    [60, 60, 'about one minute', 'aproximadamente un minuto'],
    [60, 130, 'between one and three minutes', 'entre un y tres minutos'],
    [300, 300, 'about five minutes', 'aproximadamente cinco minutos'],
    [310, 590, 'between five and ten minutes', 'entre cinco y diez minutos'],
    [620, 890, 'between ten and fifteen minutes', 'entre diez y quince minutos'],
    [1200, 1800, 'between twenty and thirty minutes', 'entre veinte y treinta minutos'],
    [1290, 1700, 'between twenty and thirty minutes', 'entre veinte y treinta minutos'],
    [
      1501,
      2099,
      'between twenty five and thirty five minutes',
      'entre veinticinco y treinta y cinco minutos',
    ],
    [
      3300,
      3600,
      'between fifty five and sixty minutes',
      'entre cincuenta y cinco y sesenta minutos',
    ],
    [2400, 3601, 'more than forty minutes', 'más de cuarenta minutos'],
    [20, 9000, 'more than one minute', 'más de un minuto'],
    [3599, 3700, 'more than fifty five minutes', 'más de cincuenta y cinco minutos'],
    [3600, 3700, 'more than one hour', 'más de una hora'],
    [90_000, Number.POSITIVE_INFINITY, 'more than one hour', 'más de una hora'],
    [1800, 1200, 'between twenty and thirty minutes', 'entre veinte y treinta minutos'],
    [-60, -30, 'less than one minute', 'menos de un minuto'],
    [Number.NaN, Number.NaN, 'less than one minute', 'menos de un minuto'],
  ])('says %d to %d seconds as "%s", "%s"', (lowSeconds, highSeconds, en, es) => {
    expect(english({ say: 'waitRange', lowSeconds, highSeconds })).toBe(en);
    expect(spanish({ say: 'waitRange', lowSeconds, highSeconds })).toBe(es);
  });
});

describe('minutes', () => {
  it.each<[number, string, string]>([
    [1, 'one minute', 'un minuto'],
    [10, 'ten minutes', 'diez minutos'],
    [21, 'twenty one minutes', 'veintiún minutos'],
    [90, 'ninety minutes', 'noventa minutos'],
    [101, 'one hundred one minutes', 'ciento un minutos'],
    [0, 'one minute', 'un minuto'],
    [Number.NaN, 'one minute', 'un minuto'],
  ])('says %d as "%s", "%s"', (value, en, es) => {
    expect(english({ say: 'minutes', value })).toBe(en);
    expect(spanish({ say: 'minutes', value })).toBe(es);
  });
});

describe('digits and keys', () => {
  it.each([
    ['+12025550123', '2 0 2 pause 5 5 5 pause 0 1 2 3'],
    ['2025550123', '2 0 2 pause 5 5 5 pause 0 1 2 3'],
    ['(202) 555-0123', '2 0 2 pause 5 5 5 pause 0 1 2 3'],
    ['+442079460000', '4 4 2 0 7 9 4 6 0 0 0 0'],
    ['5550123', '5 5 5 0 1 2 3'],
    ['', ''],
  ])('reads the number %j as %s in every language', (number, sounds) => {
    for (const language of LANGUAGES.keys()) {
      expect(names(language, { say: 'telephoneNumber', number })).toBe(sounds);
    }
  });

  it.each([
    ['42', 'four two', 'cuatro dos'],
    ['0199', 'zero one nine nine', 'cero uno nueve nueve'],
    ['4x2', 'four two', 'cuatro dos'],
  ])('reads the digits %j as "%s", "%s"', (digits, en, es) => {
    expect(english({ say: 'digits', digits })).toBe(en);
    expect(spanish({ say: 'digits', digits })).toBe(es);
  });

  it.each([
    ['2', 'two', 'dos'],
    ['*', 'star', 'asterisco'],
    ['#', 'pound', 'numeral'],
  ] as const)('names the key %s "%s", "%s"', (key, en, es) => {
    expect(english({ say: 'key', key })).toBe(en);
    expect(spanish({ say: 'key', key })).toBe(es);
  });

  it('stay short however long the text is', () => {
    const number = '1'.repeat(5000);
    expect(soundsFor([{ say: 'telephoneNumber', number }], 'en').length).toBe(20);
    expect(soundsFor([{ say: 'digits', digits: number }], 'en').length).toBe(20);
  });
});

describe('slots', () => {
  const NEW_YORK = 'America/New_York';
  /** Wednesday, 10 in the morning in New York. */
  const NOW = '2026-11-25T15:00Z';

  it.each([
    [
      '2026-11-25T19:00Z',
      '2026-11-25T19:30Z',
      'today between two and two thirty P M',
      'hoy entre las dos y las dos y treinta de la tarde',
    ],
    [
      '2026-11-26T14:00Z',
      '2026-11-26T14:15Z',
      'tomorrow between nine and nine fifteen A M',
      'mañana entre las nueve y las nueve y quince de la mañana',
    ],
    [
      '2026-11-27T16:30Z',
      '2026-11-27T17:00Z',
      'on Friday between eleven thirty A M and noon',
      'el viernes entre las once y treinta de la mañana y las doce del mediodía',
    ],
    [
      '2026-11-30T17:00Z',
      '2026-11-30T17:30Z',
      'on Monday between noon and twelve thirty P M',
      'el lunes entre las doce y las doce y treinta del mediodía',
    ],
    [
      '2026-12-01T16:45Z',
      '2026-12-01T18:05Z',
      'on Tuesday between eleven forty five A M and one oh five P M',
      'el martes entre las once y cuarenta y cinco de la mañana y la una y cinco de la tarde',
    ],
    [
      '2026-12-01T23:30Z',
      '2026-12-02T01:00Z',
      'on Tuesday between six thirty and eight P M',
      'el martes entre las seis y treinta de la tarde y las ocho de la noche',
    ],
    [
      '2026-12-02T15:00Z',
      '2026-12-02T15:30Z',
      'on Wednesday December second between ten and ten thirty A M',
      'el miércoles dos de diciembre entre las diez y las diez y treinta de la mañana',
    ],
    [
      '2026-12-31T15:00Z',
      '2026-12-31T15:30Z',
      'on Thursday December thirty-first between ten and ten thirty A M',
      'el jueves treinta y uno de diciembre entre las diez y las diez y treinta de la mañana',
    ],
    [
      '2027-01-01T15:00Z',
      '2027-01-01T15:30Z',
      'on Friday January first between ten and ten thirty A M',
      'el viernes primero de enero entre las diez y las diez y treinta de la mañana',
    ],
    [
      '2026-11-26T04:30Z',
      '2026-11-26T05:00Z',
      'today between eleven thirty P M and midnight',
      'hoy entre las once y treinta y las doce de la noche',
    ],
    [
      '2026-11-26T05:00Z',
      '2026-11-26T06:00Z',
      'tomorrow between midnight and one A M',
      'mañana entre las doce de la noche y la una de la madrugada',
    ],
    [
      '2026-11-24T15:00Z',
      '2026-11-24T15:30Z',
      'on Tuesday November twenty-fourth between ten and ten thirty A M',
      'el martes veinticuatro de noviembre entre las diez y las diez y treinta de la mañana',
    ],
  ])('says %s to %s as "%s", "%s"', (from, to, en, es) => {
    const slot = slotAt(from, to, NEW_YORK, NOW);
    expect(english(slot)).toBe(`${en} eastern time`);
    expect(spanish(slot)).toBe(`${es} hora del este`);
  });

  it('are told by the clock of their own zone', () => {
    const slot = slotAt('2026-11-26T04:30Z', '2026-11-26T05:00Z', 'America/Los_Angeles', NOW);
    expect(english(slot)).toBe('today between eight thirty and nine P M pacific time');
  });

  it.each<[string, string, string]>([
    ['America/New_York', ' eastern time', ' hora del este'],
    ['America/Indiana/Knox', ' central time', ' hora del centro'],
    ['America/Boise', ' mountain time', ' hora de la montaña'],
    ['America/Phoenix', ' Arizona time', ' hora de Arizona'],
    ['US/Pacific', ' pacific time', ' hora del Pacífico'],
    ['America/Anchorage', ' Alaska time', ' hora de Alaska'],
    ['Pacific/Honolulu', ' Hawaii time', ' hora de Hawái'],
    ['America/Puerto_Rico', ' Atlantic time', ' hora del Atlántico'],
    ['UTC', '', ''],
    ['Asia/Kathmandu', '', ''],
  ])('say whose clock it is: %s', (timeZone, en, es) => {
    const slot = slotAt(NOW, NOW, timeZone, NOW);
    expect(english(slot)).toMatch(new RegExp(`(?:M|noon|midnight)${en}$`, 'u'));
    expect(spanish(slot)).toMatch(
      new RegExp(`(?:madrugada|mañana|mediodía|tarde|noche)${es}$`, 'u'),
    );
  });

  it.each([
    // The clocks go back in the night to Sunday, November 1, and forward in that to March 14.
    ['a day of 25 hours', '2026-11-01T04:30Z', '2026-11-02T15:00Z', 'tomorrow'],
    ['a day of 23 hours', '2027-03-14T05:30Z', '2027-03-15T14:00Z', 'tomorrow'],
    ['the evening before one', '2026-10-31T23:00Z', '2026-11-02T15:00Z', 'on Monday'],
  ])('count days right over %s', (_case, now, from, day) => {
    const slot = slotAt(from, from, NEW_YORK, now);
    expect(english(slot).startsWith(`${day} between`)).toBe(true);
  });

  it('refuse a zone that nobody knows', () => {
    const slot = slotAt(NOW, NOW, 'Mars/Olympus', NOW);
    expect(() => soundsFor([slot], 'en')).toThrow(RangeError);
  });
});

describe('utterances', () => {
  it('follow one another', () => {
    const sounds = soundsFor(
      [
        { say: 'prompt', prompt: 'position-intro' },
        { say: 'number', value: 3 },
      ],
      'en',
    );
    expect(sounds).toEqual(['prompts/position-intro', 'numbers/3']);
  });

  it('of a language that is not shipped are put together as in English', () => {
    expect(soundsFor([{ say: 'minutes', value: 2 }], 'xx')).toEqual(['numbers/2', 'words/minutes']);
  });

  it.each([...LANGUAGES.keys()])('in %s are made of parts that exist', (language) => {
    const parts = languageOf(language).parts;
    fc.assert(
      fc.property(fc.array(ANY_UTTERANCE, { maxLength: 5 }), (utterances) => {
        for (const sound of soundsFor(utterances, language)) expect(parts.has(sound)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

const ANY_SECONDS = fc.oneof(fc.double(), fc.integer({ min: -10, max: 9000 }));
const ANY_TIME = fc.integer({ min: 0, max: 4_000_000_000_000 });

/** Everything but prompts. */
const ANY_UTTERANCE: fc.Arbitrary<Utterance> = fc.oneof(
  fc.record({ say: fc.constant('number' as const), value: fc.oneof(fc.double(), fc.integer()) }),
  fc.record({ say: fc.constant('minutes' as const), value: fc.oneof(fc.double(), fc.integer()) }),
  fc.record({ say: fc.constant('wait' as const), waitSeconds: ANY_SECONDS }),
  fc.record({
    say: fc.constant('waitRange' as const),
    lowSeconds: ANY_SECONDS,
    highSeconds: ANY_SECONDS,
  }),
  fc.record({ say: fc.constant('telephoneNumber' as const), number: fc.string() }),
  fc.record({ say: fc.constant('digits' as const), digits: fc.string() }),
  fc.record({ say: fc.constant('key' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({
    say: fc.constant('slot' as const),
    from: ANY_TIME,
    to: ANY_TIME,
    now: ANY_TIME,
    timeZone: fc.constantFrom('America/New_York', 'Pacific/Honolulu', 'Asia/Kathmandu'),
  }),
);

function slotAt(from: string, to: string, timeZone: string, now: string): Utterance {
  return {
    say: 'slot',
    from: Date.parse(from),
    to: Date.parse(to),
    timeZone,
    now: Date.parse(now),
  };
}

/** The sounds of one utterance without their folders. */
function names(language: string, utterance: Utterance): string {
  return soundsFor([utterance], language)
    .map((sound) => sound.slice(sound.indexOf('/') + 1))
    .join(' ');
}

/** What a listener makes of `three hundred forty two thousand`. */
function understoodEnglish(sounds: readonly string[]): number {
  let total = 0;
  let group = 0;
  for (const sound of sounds) {
    if (sound === 'words/hundred') group *= 100;
    else if (sound === 'words/thousand') [total, group] = [group * 1000, 0];
    else group += Number(sound.replace('numbers/', ''));
  }
  return total + group;
}

/** Spanish adds up, and `mil` multiplies; by itself it is a thousand. */
function understoodSpanish(sounds: readonly string[]): number {
  const small = new Map([
    ['words/hundred', 100],
    ['words/one', 1],
    ['words/twenty-one', 21],
    ['words/and', 0],
  ]);
  let total = 0;
  let group = 0;
  for (const sound of sounds) {
    if (sound === 'words/thousand') [total, group] = [Math.max(1, group) * 1000, 0];
    else group += small.get(sound) ?? Number(sound.replace('numbers/', ''));
  }
  return total + group;
}
