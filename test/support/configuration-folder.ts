import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { decodeWav, encodeWav } from '../../src/protocol/audio/wav.ts';

/** What YAML can hold. */
type Plain = string | number | boolean | null | readonly Plain[] | PlainMap;
export interface PlainMap {
  readonly [name: string]: Plain;
}

/**
 * Changes to the sample configuration, file by file. Maps are merged, null takes a setting out,
 * anything else takes the place of what was there.
 */
export type ConfigurationChanges = Readonly<
  Partial<
    Record<
      'system' | 'numbers' | 'menus' | 'prompts' | 'hours' | 'queues' | 'agents' | 'trunks' | 'api',
      PlainMap
    >
  >
>;

const SAMPLE = resolve('config');
const SOUNDS = resolve('freeswitch', 'sounds');
/** What is told of waits would follow the forecast of staff, and so the time of day. */
const NO_SLOTS: PlainMap = { callback: { slots: null } };
/** Enough of each prompt to recognise it by. */
const SHORT_PROMPT_SECONDS = 2.1;
/** How much longer slow speech takes. */
const SLOW = 1.25;

/** Folders of one server under test: its configuration, database, recordings, and sounds. */
export class TestFolders {
  readonly base: string;
  readonly config: string;
  readonly data: string;
  readonly recordings: string;
  readonly sounds: string;

  private constructor(base: string, sounds: 'short' | 'whole') {
    this.base = base;
    this.config = join(base, 'config');
    this.data = join(base, 'data');
    this.recordings = join(base, 'recordings');
    this.sounds = sounds === 'short' ? join(base, 'sounds') : SOUNDS;
  }

  /** `short` cuts the prompts after two seconds, so that calls do not take long. */
  static async make(sounds: 'short' | 'whole'): Promise<TestFolders> {
    const folders = new TestFolders(await mkdtemp(join(tmpdir(), 'linekeeper-')), sounds);
    await cp(SAMPLE, folders.config, { recursive: true });
    // Several servers run at once, at any hour.
    await folders.change({
      api: { server: { port: 0 } },
      numbers: { callbackNumbers: { callingHours: 'always' } },
      queues: { queues: { refunds: NO_SLOTS, general: NO_SLOTS } },
    });
    await mkdir(folders.data);
    // A real FreeSWITCH may write here as another user.
    await mkdir(folders.recordings, { mode: 0o777 });
    if (sounds === 'short') await writeShortSounds(folders.sounds);
    return folders;
  }

  /** Changes the files as they are now. */
  async change(changes: ConfigurationChanges): Promise<void> {
    for (const [name, change] of Object.entries(changes)) {
      const path = join(this.config, `${name}.yaml`);
      const before = parse(await readFile(path, 'utf8')) as Plain;
      const after = merged(before, change);
      await writeFile(path, stringify(after, { aliasDuplicateObjects: false }));
    }
  }

  async remove(): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
  }
}

/** A value with changes in it; null takes a name out. */
export function merged(before: Plain | undefined, change: Plain): Plain {
  if (!isMap(change)) return change;
  const result: Record<string, Plain> = isMap(before) ? { ...before } : {};
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

function isMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every voice, its prompts cut; the rest of the sounds is as it is. */
async function writeShortSounds(folder: string): Promise<void> {
  for (const voice of await readdir(SOUNDS)) {
    if (!isVoice(voice)) continue;
    await mkdir(join(folder, voice), { recursive: true });
    for (const kind of await readdir(join(SOUNDS, voice))) {
      const [from, to] = [join(SOUNDS, voice, kind), join(folder, voice, kind)];
      if (kind === 'prompts') await writeShortPrompts(from, to, voice.endsWith('-slow'));
      else await symlink(from, to);
    }
  }
  await symlink(join(SOUNDS, 'music'), join(folder, 'music'));
}

function isVoice(name: string): boolean {
  return /^[a-z]{2}(?:-slow)?$/u.test(name);
}

async function writeShortPrompts(from: string, to: string, isSlow: boolean): Promise<void> {
  await mkdir(to);
  const seconds = SHORT_PROMPT_SECONDS * (isSlow ? SLOW : 1);
  for (const file of await readdir(from)) {
    const { rate, channels } = decodeWav(await readFile(join(from, file)));
    const cut = channels.map((samples) => samples.subarray(0, Math.round(rate * seconds)));
    await writeFile(join(to, file), encodeWav(rate, cut));
  }
}
