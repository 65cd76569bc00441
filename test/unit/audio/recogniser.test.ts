import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { knownSounds, Recogniser } from '../../../src/protocol/audio/recogniser.ts';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';

const FOLDER = 'freeswitch/sounds/en/prompts';

function prompts(): ReadonlyMap<string, Int16Array> {
  const sounds = new Map<string, Int16Array>();
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.wav'))) {
    const [samples] = decodeWav(readFileSync(`${FOLDER}/${file}`)).channels;
    if (samples !== undefined) sounds.set(file.slice(0, -'.wav'.length), samples);
  }
  return sounds;
}

/** As it arrives: some silence first, quieter, and through mu-law. */
function overTheTelephone(samples: Int16Array, silence: number): Int16Array {
  const sound = new Int16Array(silence + samples.length + 1600);
  for (let index = 0; index < samples.length; index += 1) {
    const code = MU_LAW.encode[Math.round((samples[index] ?? 0) * 0.6) & 0xffff] ?? 0;
    sound[silence + index] = MU_LAW.decode[code] ?? 0;
  }
  return sound;
}

function heardIn(recogniser: Recogniser, sound: Int16Array): ReadonlySet<string> {
  const heard = new Set<string>();
  for (let start = 0; start + 160 <= sound.length; start += 160) {
    for (const name of recogniser.hear(sound.subarray(start, start + 160))) heard.add(name);
  }
  return heard;
}

/** What the prompts say, without punctuation. */
const texts = new Map(
  Object.entries(parse(readFileSync('config/prompts.yaml', 'utf8')).prompts as Texts).map(
    ([id, text]) => [
      id,
      englishOf(text)
        .toLowerCase()
        .replace(/[^a-z ]/gu, '')
        .trim(),
    ],
  ),
);
type Texts = Readonly<Record<string, Wording | { readonly en: Wording }>>;
type Wording = string | { readonly speaker: string; readonly text: string };

function englishOf(text: Texts[string]): string {
  if (typeof text === 'string') return text;
  return 'text' in text ? text.text : englishOf(text.en);
}

/**
 * Whether two prompts may be taken for each other: the second says the first four words of the
 * first, or begins with the same two, as "Thank you. When we call" and "Thank you. We will call".
 */
function soundsAlike(heard: string, said: string): boolean {
  const words = (texts.get(heard) ?? '').split(/ +/u);
  const text = texts.get(said) ?? '';
  return text.startsWith(words.slice(0, 2).join(' ')) || text.includes(words.slice(0, 4).join(' '));
}

/** A word alone, such as "callback", is sooner heard where it is not said. */
const ONE_WORD_SAMPLES = 0.8 * 8000;

/** Much arithmetic, on a machine that may be busy. */
const SLOW = { timeout: 60_000 };

describe('the recogniser', () => {
  const sounds = prompts();
  const known = knownSounds(sounds);

  test.each([0, 80, 137])(
    'knows every prompt, beginning %i samples into a frame',
    SLOW,
    (offset) => {
      for (const [name, samples] of sounds) {
        const heard = heardIn(new Recogniser(known), overTheTelephone(samples, 3200 + offset));
        expect(heard).toContain(name);
        const others = [...heard].filter((other) => other !== name);
        const mistaken = others.filter(
          (other) =>
            !soundsAlike(other, name) && (sounds.get(other)?.length ?? 0) > ONE_WORD_SAMPLES,
        );
        expect({ name, mistaken }).toEqual({ name, mistaken: [] });
      }
    },
  );

  test('knows nothing in silence, a tone, or noise', () => {
    const tone = Int16Array.from({ length: 24_000 }, (_, n) => 8000 * Math.sin(n * 0.3));
    let state = 1;
    const noise = Int16Array.from({ length: 24_000 }, () => {
      state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
      return (state % 8000) - 4000;
    });
    for (const sound of [new Int16Array(24_000), tone, noise]) {
      expect(heardIn(new Recogniser(known), sound)).toEqual(new Set());
    }
  });
});
