/**
 * `npm run prompts`: makes the sounds of `config/prompts.yaml` and the parts of spoken numbers with
 * flite. Only what changed is made anew; recordings that somebody put in place are kept.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LANGUAGES, type Language } from '../src/config/configuration.ts';
import { TELEPHONE_RATE } from '../src/protocol/audio/spectrum.ts';
import { encodeWav } from '../src/protocol/audio/wav.ts';
import { type Manifest, readManifest, sha256, writeManifest } from './sound/manifest.ts';
import { RECIPE, type WantedSound, wantedSounds } from './sound/wanted.ts';

const ROOT = join(import.meta.dirname, '..');

for (const language of LANGUAGES) await makeLanguage(language);

async function makeLanguage(language: Language): Promise<void> {
  const folder = join(ROOT, 'freeswitch', 'sounds', language);
  const manifestPath = join(folder, 'manifest.json');
  const before = await readManifest(manifestPath);
  const wanted = await wantedSounds(join(ROOT, 'config', 'prompts.yaml'), language);
  const sounds: Manifest['sounds'] = {};
  for (const sound of wanted) {
    const path = join(folder, `${sound.name}.wav`);
    sounds[sound.name] = await bring(sound, path, before);
  }
  await removeForgotten(folder, before, sounds);
  await mkdir(folder, { recursive: true });
  await writeManifest(manifestPath, { recipe: RECIPE, sounds });
  console.log(`${language}: ${wanted.length} sounds are there`);
}

/** Makes a sound if its text is new or its file gone; gives its entry in the manifest. */
async function bring(
  sound: WantedSound,
  path: string,
  before: Manifest,
): Promise<Manifest['sounds'][string]> {
  const entry = before.sounds[sound.name];
  const present = await hashOf(path);
  if (entry !== undefined && entry.text === sound.text && present !== undefined) {
    if (present !== entry.sha256) {
      console.log(`kept  ${sound.name}: a recording of your own`);
      return entry;
    }
    if (before.recipe === RECIPE) return entry;
  }
  const file = encodeWav(TELEPHONE_RATE, [await sound.make()]);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file);
  console.log(`made  ${sound.name}: ${sound.text}`);
  return { text: sound.text, sha256: sha256(file) };
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
