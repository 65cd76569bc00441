import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LanguageId } from '../domain/ids.ts';
import type { SoundName } from '../domain/ivr/sound-name.ts';
import { PACES, soundFolder, type Voice } from '../domain/ivr/voice.ts';
import type { ConfigDocument } from './document.ts';
import { namesAt } from './patterns.ts';
import { displayed, type Problem } from './problem.ts';
import type { Documents } from './references.ts';
import { spokenParts } from './spoken-parts.ts';

const HEADER_BYTES = 4096;
const WANTED = '8000 Hz, mono, 16 bit PCM: sox IN.wav -r 8000 -c 1 -b 16 OUT.wav';

/**
 * Prompts and parts whose sound file is missing, or not of the kind that the switch plays, in any of
 * the languages, at either pace.
 */
export async function checkSounds(
  documents: Documents,
  soundsFolder: string,
  languages: readonly LanguageId[],
): Promise<readonly Problem[]> {
  const missing = await missingFolder(documents.get('system.yaml'), soundsFolder);
  if (missing !== undefined) return [missing];
  const prompts = documents.get('prompts.yaml');
  const voices = languages.flatMap((language) => PACES.map((pace) => ({ language, pace })));
  const problems = voices.map((voice) => checkVoice(prompts, soundsFolder, voice));
  return (await Promise.all(problems)).flat();
}

/** Told once, in place of a thousand sounds. */
async function missingFolder(
  system: ConfigDocument | undefined,
  folder: string,
): Promise<Problem | undefined> {
  try {
    await readdir(folder);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const none = { file: displayed(folder), line: undefined, column: undefined, setting: '' };
    return {
      kind: 'wrong',
      ...(system?.place(['folders', 'sounds']) ?? none),
      value: undefined,
      message: `the folder of the sounds, ${displayed(folder)}, cannot be read (${String(error.code)})`,
      allowed: 'a path from this file to freeswitch/sounds, or LINEKEEPER_SOUNDS',
    };
  }
}

async function checkVoice(
  prompts: ConfigDocument | undefined,
  soundsFolder: string,
  voice: Voice,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const id of prompts === undefined ? [] : (namesAt(prompts.data, 'prompts') ?? [])) {
    const found = await fault(soundsFolder, voice, `prompts/${id}`);
    if (found === undefined || prompts === undefined) continue;
    const place = { ...prompts.keyPlace(['prompts', id]), value: undefined };
    problems.push({ kind: 'wrong', ...place, ...found });
  }
  for (const sound of spokenParts(voice.language).keys()) {
    const found = await fault(soundsFolder, voice, sound);
    if (found === undefined) continue;
    const file = displayed(soundPath(soundsFolder, voice, sound));
    const place = { line: undefined, column: undefined, setting: '', value: undefined };
    problems.push({ kind: 'wrong', file, ...place, ...found });
  }
  return problems;
}

function soundPath(folder: string, voice: Voice, sound: SoundName): string {
  return join(folder, soundFolder(voice), `${sound}.wav`);
}

async function fault(
  folder: string,
  voice: Voice,
  sound: SoundName,
): Promise<Pick<Problem, 'message' | 'allowed'> | undefined> {
  const path = soundPath(folder, voice, sound);
  try {
    const kind = wavKind(await readHeader(path));
    return kind === undefined
      ? undefined
      : { message: `its sound ${displayed(path)} is ${kind}`, allowed: WANTED };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return {
      message: `its sound ${displayed(path)} cannot be read (${String(error.code)})`,
      allowed: 'run "npm run prompts", or put a recording there',
    };
  }
}

async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What is wrong with the beginning of a WAV file (RIFF, PCM); undefined if nothing is. */
function wavKind(header: Buffer): string | undefined {
  if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
    return 'no WAV file';
  }
  for (let at = 12; at + 24 <= header.length; ) {
    if (header.toString('latin1', at, at + 4) === 'fmt ')
      return formatFault(header.subarray(at + 8));
    // Chunks begin at even places.
    at += 8 + header.readUInt32LE(at + 4) + (header.readUInt32LE(at + 4) % 2);
  }
  return 'a WAV file without format';
}

function formatFault(format: Buffer): string | undefined {
  const coding = format.readUInt16LE(0);
  const channels = format.readUInt16LE(2);
  const rate = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  if (coding === 1 && channels === 1 && rate === 8000 && bits === 16) return undefined;
  return `of the wrong kind: ${rate} Hz, ${channels} channel(s), ${bits} bit, coding ${coding}`;
}
