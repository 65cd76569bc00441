import { readFile } from 'node:fs/promises';
import { parseConfigDocument } from '../../src/config/document.ts';
import { checkDocument } from '../../src/config/issues.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { promptsFile } from '../../src/config/schema/prompts.ts';
import { spokenParts } from '../../src/config/spoken-parts.ts';
import type { LanguageId, PromptId } from '../../src/domain/ids.ts';
import type { SoundName } from '../../src/domain/ivr/sound-name.ts';
import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { fade, type Margins, shapeSpeech, toInt16 } from './shape.ts';
import { speak, speakerOf } from './speakers.ts';

/** Said in the manifest; a change makes every sound of the language anew. */
export function recipeOf(language: LanguageId): string {
  return `${speakerOf(language).name}, 8 kHz, shape 2`;
}

/** One sound to be there, and how it is made. */
export interface WantedSound {
  readonly name: SoundName;
  /** What it says, or in brackets what it is. */
  readonly text: string;
  /** Samples at 8 kHz. */
  make(): Promise<Int16Array>;
}

/** The language that a text of `prompts.yaml` without one is in. */
const USUAL_LANGUAGE: LanguageId = 'en';
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
  language: LanguageId,
): Promise<readonly WantedSound[]> {
  const parts = [...spokenParts(language)].map(([name, text]): WantedSound => {
    if (text !== undefined) return spoken(name, { text, speaker: language }, PART);
    const made = MADE.get(name);
    if (made === undefined) throw new Error(`nobody knows how to make the sound ${name}`);
    return { name, ...made };
  });
  const lines = await promptLines(promptsPath, language);
  return [...parts, ...lines.map(([id, line]) => spoken(`prompts/${id}`, line, PROMPT))];
}

/** A text, and the language whose voice says it. */
interface Line {
  readonly text: string;
  readonly speaker: LanguageId;
}

async function promptLines(
  path: string,
  language: LanguageId,
): Promise<readonly (readonly [PromptId, Line])[]> {
  const parsed = parseConfigDocument(path, await readFile(path, 'utf8'));
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  const checked = checkDocument(promptsFile, parsed.document);
  if (!checked.ok) throw new Error(formatProblems(checked.problems));
  return Object.entries(checked.value.prompts).flatMap(([id, written]) => {
    const texts = typeof written === 'string' ? { [USUAL_LANGUAGE]: written } : written;
    const line = texts[language];
    if (line === undefined) return [];
    return [[id, typeof line === 'string' ? { text: line, speaker: language } : line] as const];
  });
}

function spoken(
  name: SoundName,
  { text, speaker }: Line,
  { stretch, margins }: Manner,
): WantedSound {
  return {
    name,
    text,
    make: async () => shapeSpeech(await speak(text, speaker, stretch), margins),
  };
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
