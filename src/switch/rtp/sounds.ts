import { readFile, stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AudioError } from '../../protocol/audio/errors.ts';
import { createResampler, mixToMono } from '../../protocol/audio/resample.ts';
import { TELEPHONE_RATE } from '../../protocol/audio/spectrum.ts';
import { decodeWav } from '../../protocol/audio/wav.ts';
import { AudioSourceError } from './errors.ts';

/** Samples resampled at once, so that the clock is not held up by a long file: about 3 ms. */
const RESAMPLE_PIECE = 8192;

const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_CACHE_BYTES = 128 * 1024 * 1024;

export interface SoundStoreOptions {
  readonly maxFileBytes?: number;
  readonly maxCacheBytes?: number;
}

/** WAV files as 8 kHz mono samples, kept in memory up to a bound; the longest unused go first. */
export interface SoundStore {
  /** Rejects with AudioSourceError. The array is shared: never write to it. */
  load(path: string): Promise<Int16Array>;
  readonly cachedBytes: number;
}

interface Entry {
  readonly samples: Int16Array;
  readonly modifiedMs: number;
  readonly fileBytes: number;
}

/** Makes an empty store. A file that has changed on disk is read again. */
export function createSoundStore(options: SoundStoreOptions = {}): SoundStore {
  return new CachedSounds(
    options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
    options.maxCacheBytes ?? DEFAULT_MAX_CACHE_BYTES,
  );
}

class CachedSounds implements SoundStore {
  readonly #maxFileBytes: number;
  readonly #maxCacheBytes: number;
  /** In order of their last use, oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<Int16Array>>();
  #cachedBytes = 0;

  constructor(maxFileBytes: number, maxCacheBytes: number) {
    this.#maxFileBytes = maxFileBytes;
    this.#maxCacheBytes = maxCacheBytes;
  }

  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  async load(path: string): Promise<Int16Array> {
    const loading = this.#loading.get(path);
    if (loading) return loading;
    const load = this.#load(path).finally(() => this.#loading.delete(path));
    this.#loading.set(path, load);
    return load;
  }

  async #load(path: string): Promise<Int16Array> {
    try {
      const { mtimeMs, size, isFile } = await describe(path);
      if (!isFile) throw new AudioSourceError('unreadable', path, 'not a file');
      if (size > this.#maxFileBytes) {
        throw new AudioSourceError('too-large', path, `more than ${this.#maxFileBytes} bytes`);
      }
      const known = this.#entries.get(path);
      if (known && known.modifiedMs === mtimeMs && known.fileBytes === size) {
        this.#entries.delete(path);
        this.#entries.set(path, known);
        return known.samples;
      }
      const samples = await toTelephone(await readFile(path));
      this.#keep(path, { samples, modifiedMs: mtimeMs, fileBytes: size });
      return samples;
    } catch (error) {
      throw explain(path, error);
    }
  }

  #keep(path: string, entry: Entry): void {
    this.#drop(path);
    if (entry.samples.byteLength > this.#maxCacheBytes) return;
    this.#entries.set(path, entry);
    this.#cachedBytes += entry.samples.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#cachedBytes <= this.#maxCacheBytes) return;
      this.#drop(oldest);
    }
  }

  #drop(path: string): void {
    const entry = this.#entries.get(path);
    if (!entry) return;
    this.#entries.delete(path);
    this.#cachedBytes -= entry.samples.byteLength;
  }
}

async function describe(path: string): Promise<{ mtimeMs: number; size: number; isFile: boolean }> {
  const stats = await stat(path);
  return { mtimeMs: stats.mtimeMs, size: stats.size, isFile: stats.isFile() };
}

async function toTelephone(file: Buffer): Promise<Int16Array> {
  const sound = decodeWav(file);
  const mono = mixToMono(sound.channels);
  if (sound.rate === TELEPHONE_RATE) return mono;
  const resampler = createResampler(sound.rate, TELEPHONE_RATE);
  const pieces: Int16Array[] = [];
  for (let start = 0; start < mono.length; start += RESAMPLE_PIECE) {
    pieces.push(resampler.process(mono.subarray(start, start + RESAMPLE_PIECE)));
    await nextTurn();
  }
  pieces.push(resampler.flush());
  return join(pieces);
}

function join(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function explain(path: string, error: unknown): AudioSourceError {
  if (error instanceof AudioSourceError) return error;
  if (error instanceof AudioError) {
    return new AudioSourceError('bad-format', path, error.message, error);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AudioSourceError('not-found', path, 'no such file', error);
  }
  return new AudioSourceError('unreadable', path, code, error);
}
