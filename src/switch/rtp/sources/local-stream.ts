import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioSourceError } from '../errors.ts';
import type { SoundStore } from '../sounds.ts';
import { type AudioSource, FRAME_SAMPLES, type MediaClock } from '../types.ts';

/** Files of one directory that are played, and their samples together: 64 MiB, or 70 minutes. */
const MAX_FILES = 200;
const MAX_SAMPLES = 32 * 1024 * 1024;

/** Played where the name asked for is unknown, as FreeSWITCH does. */
const DEFAULT_NAME = 'default';

export interface LocalStreamsOptions {
  readonly clock: MediaClock;
  readonly sounds: SoundStore;
  /** Directory of each stream by its name. */
  readonly directories: Readonly<Record<string, string>>;
  /** A file of a stream that cannot be played; the others are. */
  readonly onError: (error: AudioSourceError) => void;
}

/** Music that plays on whether or not somebody listens: all listeners hear the same place of it. */
export interface LocalStreams {
  readonly names: readonly string[];
  /** Rejects with AudioSourceError `not-found` when neither the name nor `default` is known. */
  open(name: string): Promise<AudioSource>;
}

/** Streams that begin now; their files are read when somebody listens for the first time. */
export function createLocalStreams(options: LocalStreamsOptions): LocalStreams {
  const startTick = options.clock.tick;
  const streams = new Map<string, Promise<LocalStream>>();

  function stream(name: string, directory: string): Promise<LocalStream> {
    const known = streams.get(name);
    if (known) return known;
    const loading = loadStream(name, directory, options).then(
      (files) => new LocalStream(files, options.clock, startTick),
    );
    streams.set(name, loading);
    // Tried again at the next call: the directory may be filled meanwhile.
    loading.catch(() => streams.delete(name));
    return loading;
  }

  return {
    names: Object.keys(options.directories),
    async open(asked) {
      const name = Object.hasOwn(options.directories, asked) ? asked : DEFAULT_NAME;
      const directory = Object.hasOwn(options.directories, name)
        ? options.directories[name]
        : undefined;
      if (directory === undefined) {
        throw new AudioSourceError('not-found', `local_stream://${asked}`, 'no such stream');
      }
      return new LocalStreamSource(await stream(name, directory));
    },
  };
}

async function loadStream(
  name: string,
  directory: string,
  options: LocalStreamsOptions,
): Promise<Int16Array[]> {
  const source = `local_stream://${name}`;
  const entries = await readdir(directory).catch((error: unknown) => {
    throw new AudioSourceError('unreadable', source, `cannot read ${directory}`, error);
  });
  const files: Int16Array[] = [];
  let samples = 0;
  for (const entry of entries.filter((file) => /\.wav$/i.test(file)).toSorted()) {
    const path = join(directory, entry);
    try {
      const sound = await options.sounds.load(path);
      samples += sound.length;
      if (files.length === MAX_FILES || samples > MAX_SAMPLES) {
        throw new AudioSourceError('too-large', path, `left out: ${source} is full`);
      }
      if (sound.length > 0) files.push(sound);
    } catch (error) {
      if (!(error instanceof AudioSourceError)) throw error;
      options.onError(error);
    }
  }
  if (files.length === 0) {
    throw new AudioSourceError('not-found', source, `no WAV file can be played in ${directory}`);
  }
  return files;
}

/** Files in a loop. The place follows from the clock, so that nothing needs to run meanwhile. */
class LocalStream {
  readonly #files: readonly Int16Array[];
  readonly #clock: MediaClock;
  readonly #startTick: number;
  readonly #totalFrames: number;
  #frameTick = -1;
  #frame: Int16Array = new Int16Array(FRAME_SAMPLES);

  constructor(files: readonly Int16Array[], clock: MediaClock, startTick: number) {
    this.#files = files;
    this.#clock = clock;
    this.#startTick = startTick;
    this.#totalFrames = files.reduce((sum, file) => sum + framesOf(file), 0);
  }

  /** The frame of the present tick, the same for everybody. */
  frame(): Int16Array {
    const { tick } = this.#clock;
    if (tick === this.#frameTick) return this.#frame;
    this.#frameTick = tick;
    let place = (tick - this.#startTick) % this.#totalFrames;
    for (const file of this.#files) {
      const frames = framesOf(file);
      if (place < frames) {
        this.#frame = frameOf(file, place);
        break;
      }
      place -= frames;
    }
    return this.#frame;
  }
}

function framesOf(file: Int16Array): number {
  return Math.ceil(file.length / FRAME_SAMPLES);
}

function frameOf(file: Int16Array, place: number): Int16Array {
  const start = place * FRAME_SAMPLES;
  const frame = file.subarray(start, start + FRAME_SAMPLES);
  if (frame.length === FRAME_SAMPLES) return frame;
  const last = new Int16Array(FRAME_SAMPLES);
  last.set(frame);
  return last;
}

class LocalStreamSource implements AudioSource {
  readonly #stream: LocalStream;
  #played = 0;
  #closed = false;

  constructor(stream: LocalStream) {
    this.#stream = stream;
  }

  get samplesPlayed(): number {
    return this.#played;
  }

  next(): Int16Array | undefined {
    if (this.#closed) return undefined;
    this.#played += FRAME_SAMPLES;
    return this.#stream.frame();
  }

  close(): void {
    this.#closed = true;
  }
}
