import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownSounds, knownSounds } from '../../src/protocol/audio/recogniser.ts';
import { decodeWav } from '../../src/protocol/audio/wav.ts';

const SOUNDS = join('freeswitch', 'sounds');

const folders = new Map<string, ReadonlyMap<string, Int16Array>>();
const prompts = new Map<string, KnownSounds>();
let all: KnownSounds | undefined;

/** The sound files of a folder below the sounds, such as `en`, `digits`, by their names. */
export function soundsOf(...folder: readonly string[]): ReadonlyMap<string, Int16Array> {
  const path = join(SOUNDS, ...folder);
  let sounds = folders.get(path);
  if (sounds === undefined) {
    const files = readdirSync(path).filter((name) => name.endsWith('.wav'));
    sounds = new Map(
      files.map((file) => {
        const [samples = new Int16Array(0)] = decodeWav(readFileSync(join(path, file))).channels;
        return [file.slice(0, -'.wav'.length), samples];
      }),
    );
    folders.set(path, sounds);
  }
  return sounds;
}

/** The pieces that callers hear on hold. */
export function music(): readonly Int16Array[] {
  return [...soundsOf('music').values()];
}

/** One prompt, for a recogniser: in English, or of a voice's folder as `es/goodbye`, `en-slow/goodbye`. */
export function promptSound(prompt: string): KnownSounds {
  let sound = prompts.get(prompt);
  if (sound === undefined) {
    const [name = '', voice = 'en'] = prompt.split('/').toReversed();
    const samples = soundsOf(voice, 'prompts').get(name);
    if (samples === undefined) throw new Error(`there is no prompt ${prompt}`);
    sound = knownSounds(new Map([[prompt, samples]]));
    prompts.set(prompt, sound);
  }
  return sound;
}

/** All prompts, for a recogniser. */
export function everyPrompt(): KnownSounds {
  all ??= knownSounds(soundsOf('en', 'prompts'));
  return all;
}
