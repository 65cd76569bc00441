/**
 * `npm run prompts`: makes the sounds of `config/prompts.yaml` and the parts of spoken numbers with
 * free speech engines, in every language, and of each a slower one. Only what changed is made anew;
 * recordings that somebody put in place are kept.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LanguageId } from '../src/domain/ids.ts';
import { LANGUAGES } from '../src/domain/ivr/languages/table.ts';
import { soundFolder, voiceIn } from '../src/domain/ivr/voice.ts';
import { TELEPHONE_RATE } from '../src/protocol/audio/spectrum.ts';
import { encodeWav } from '../src/protocol/audio/wav.ts';
import { type Manifest, readManifest, sha256, writeManifest } from './sound/manifest.ts';
import { SLOW_RECIPE, slowedDown } from './sound/slow.ts';
import { recipeOf, wantedSounds } from './sound/wanted.ts';

const ROOT = join(import.meta.dirname, '..');
const SOUNDS = join(ROOT, 'freeswitch', 'sounds');

/** One file to be there. */
interface WantedFile {
  readonly name: string;
  readonly text: string;
  /** Hash of the file it is made of, if it is. */
  readonly madeOf?: string;
  make(): Promise<Buffer>;
}

for (const language of LANGUAGES.keys()) {
  const voice = voiceIn(language);
  const folder = soundFolder(voice);
  await bringFolder(folder, recipeOf(language), await normalFiles(language));
  const slow = soundFolder({ ...voice, pace: 'slow' });
  await bringFolder(slow, SLOW_RECIPE, await slowFiles(folder));
}

async function normalFiles(language: LanguageId): Promise<readonly WantedFile[]> {
  const wanted = await wantedSounds(join(ROOT, 'config', 'prompts.yaml'), language);
  return wanted.map((sound) => ({
    name: sound.name,
    text: sound.text,
    make: async () => encodeWav(TELEPHONE_RATE, [await sound.make()]),
  }));
}

/** Of every file at normal pace, a studio's recordings too. */
async function slowFiles(normalFolder: string): Promise<readonly WantedFile[]> {
  const { sounds } = await readManifest(join(SOUNDS, normalFolder, 'manifest.json'));
  return Promise.all(
    Object.entries(sounds).map(async ([name, { text }]) => {
      const file = await readFile(join(SOUNDS, normalFolder, `${name}.wav`));
      return { name, text, madeOf: sha256(file), make: () => slowedDown(file) };
    }),
  );
}

async function bringFolder(
  folderName: string,
  recipe: string,
  wanted: readonly WantedFile[],
): Promise<void> {
  const folder = join(SOUNDS, folderName);
  const manifestPath = join(folder, 'manifest.json');
  const before = await readManifest(manifestPath);
  const sounds: Manifest['sounds'] = {};
  for (const file of wanted) {
    const path = join(folder, `${file.name}.wav`);
    sounds[file.name] = await bring(file, path, before, recipe);
  }
  await removeForgotten(folder, before, sounds);
  await mkdir(folder, { recursive: true });
  await writeManifest(manifestPath, { recipe, sounds });
  console.log(`${folderName}: ${wanted.length} sounds are there`);
}

/** Makes a sound if what it is made of is new or its file gone; gives its entry in the manifest. */
async function bring(
  wanted: WantedFile,
  path: string,
  before: Manifest,
  recipe: string,
): Promise<Manifest['sounds'][string]> {
  const entry = before.sounds[wanted.name];
  const present = await hashOf(path);
  if (entry?.text === wanted.text && present !== undefined) {
    if (present !== entry.sha256) {
      console.log(`kept  ${wanted.name}: a recording of your own`);
      return entry;
    }
    if (before.recipe === recipe && entry.madeOf === wanted.madeOf) return entry;
  }
  const file = await wanted.make();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file);
  console.log(`made  ${wanted.name}: ${wanted.text}`);
  const { text, madeOf } = wanted;
  return { text, sha256: sha256(file), ...(madeOf === undefined ? {} : { madeOf }) };
}

/** Removes sounds that this script made and nobody names any more. */
async function removeForgotten(
  folder: string,
  before: Manifest,
  sounds: Manifest['sounds'],
): Promise<void> {
  for (const [name, entry] of Object.entries(before.sounds)) {
    const path = join(folder, `${name}.wav`);
    if (Object.hasOwn(sounds, name) || (await hashOf(path)) !== entry.sha256) continue;
    await rm(path);
    console.log(`gone  ${name}`);
  }
}

/** Hash of a file; undefined if there is none. */
async function hashOf(path: string): Promise<string | undefined> {
  try {
    return sha256(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
