import { readFile } from 'node:fs/promises';
import type { Language } from '../../src/config/configuration.ts';
import { parseConfigDocument } from '../../src/config/document.ts';
import { checkDocument } from '../../src/config/issues.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { promptsFile } from '../../src/config/schema/prompts.ts';
import { SPOKEN_PARTS } from '../../src/config/spoken-parts.ts';
import type { SoundName } from '../../src/domain/ivr/speech.ts';
import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { speak, VOICE } from './flite.ts';
import { fade, type Margins, shapeSpeech, toInt16 } from './shape.ts';

/** Said in the manifest; a change makes every sound anew. */
export const RECIPE = `${VOICE}, 8 kHz, shape 2`;

/** One sound to be there, and how it is made. */
export interface WantedSound {
  readonly name: SoundName;
  /** What it says, or in brackets what it is. */
  readonly text: string;
  /** Samples at 8 kHz. */
  make(): Promise<Int16Array>;
}

/** Prompts are separate sentences; parts follow each other within one. */
const PROMPT: Manner = { stretch: 1.08, margins: { beforeMs: 40, afterMs: 260 } };
const PART: Manner = { stretch: 1.2, margins: { beforeMs: 20, afterMs: 60 } };
const BEEP_HZ = 1000;

interface Manner {
  readonly stretch: number;
  readonly margins: Margins;
}

/** Sounds without words, and how their text reads in the manifest. */
const MADE: ReadonlyMap<SoundName, Omit<WantedSound, 'name'>> = new Map([
  ['words/pause', { text: '(silence of 250 ms)', make: async () => new Int16Array(samples(250)) }],
  ['words/beep', { text: '(tone of 1000 Hz for 200 ms)', make: async () => beep() }],
]);

/** All sounds of a language: the prompts of the file, and the parts of numbers. @throws on a wrong file */
export async function wantedSounds(
  promptsPath: string,
  language: Language,
): Promise<readonly WantedSound[]> {
  const parts = [...SPOKEN_PARTS[language]].map(([name, text]): WantedSound => {
    if (text !== undefined) return spoken(name, text, PART);
    const made = MADE.get(name);
    if (made === undefined) throw new Error(`nobody knows how to make the sound ${name}`);
    return { name, ...made };
  });
  const texts = await promptTexts(promptsPath, language);
  return [...parts, ...texts.map(([id, text]) => spoken(`prompts/${id}`, text, PROMPT))];
}

async function promptTexts(
  path: string,
  language: Language,
): Promise<readonly (readonly [string, string])[]> {
  const parsed = parseConfigDocument(path, await readFile(path, 'utf8'));
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  const checked = checkDocument(promptsFile, parsed.document);
  if (!checked.ok) throw new Error(formatProblems(checked.problems));
  return Object.entries(checked.value.prompts).flatMap(([id, written]) => {
    const text = typeof written === 'string' ? written : written[language];
    return text === undefined ? [] : [[id, text] as const];
  });
}

function spoken(name: SoundName, text: string, { stretch, margins }: Manner): WantedSound {
  return { name, text, make: async () => shapeSpeech(await speak(text, stretch), margins) };
}

function beep(): Int16Array {
  const tone = Float64Array.from({ length: samples(200) }, (_, index) => {
    return 0.25 * Math.sin((2 * Math.PI * BEEP_HZ * index) / TELEPHONE_RATE);
  });
  return fade(toInt16(tone));
}

function samples(ms: number): number {
  return (ms * TELEPHONE_RATE) / 1000;
}
