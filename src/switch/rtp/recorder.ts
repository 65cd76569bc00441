import { EventEmitter } from 'node:events';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TELEPHONE_RATE } from '../../protocol/audio/spectrum.ts';
import { HOST_IS_LITTLE_ENDIAN, WAV_HEADER_BYTES, wavHeader } from '../../protocol/audio/wav.ts';
import { RecorderError } from './errors.ts';
import { addSaturated } from './mixer.ts';
import {
  FRAME_SAMPLES,
  type Recorder,
  type RecorderEvents,
  type RecordingResult,
} from './types.ts';

/** Frames written at once: 500 ms, so that a killed process loses less than a second. */
const BLOCK_FRAMES = 25;
/** For who reads the file as it grows: 60 ms. */
const PROMPT_BLOCK_FRAMES = 3;

/** Blocks that may wait for a slow disk: 10 s. */
const MAX_WAITING_BLOCKS = 20;

const DEFAULT_MAX_SECONDS = 12 * 3600;

export interface RecorderOptions {
  readonly path: string;
  /** 2: what the party said on the left, what it heard on the right. 1: both added up. */
  readonly channels: 1 | 2;
  /** The recording fails with `too-long` after so long; 12 hours by default. */
  readonly maxSeconds?: number;
  /** Writes the sound in pieces as short as can be. */
  readonly promptly?: boolean;
}

/**
 * Creates the file, and its directory, with a header of no samples. Rejects with RecorderError
 * `cannot-open`.
 */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const { path, channels } = options;
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(path, 'w');
    await writeAll(file, wavHeader({ rate: TELEPHONE_RATE, channels, dataBytes: 0 }), 0);
    return new WavRecorder(file, options);
  } catch (error) {
    await file?.close();
    throw new RecorderError('cannot-open', path, reasonOf(error), error);
  }
}

/** One stretch of sound on its way to the disk. */
interface Block {
  readonly samples: Int16Array;
  /** Samples in it, of all channels. */
  filled: number;
}

class WavRecorder extends EventEmitter<RecorderEvents> implements Recorder {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #channels: 1 | 2;
  readonly #maxSamples: number;
  readonly #blockFrames: number;
  readonly #waiting: Block[] = [];
  /** Blocks that were written, to be used again. */
  readonly #spare: Block[] = [];
  #block: Block;
  #dataBytes = 0;
  #samples = 0;
  #maskedSamples = 0;
  #masked = false;
  #error: RecorderError | undefined;
  #writing: Promise<void> | undefined;
  #stopped: Promise<RecordingResult> | undefined;

  constructor(file: FileHandle, options: RecorderOptions) {
    super();
    this.#file = file;
    this.path = options.path;
    this.#channels = options.channels;
    this.#maxSamples = (options.maxSeconds ?? DEFAULT_MAX_SECONDS) * TELEPHONE_RATE;
    this.#blockFrames = options.promptly === true ? PROMPT_BLOCK_FRAMES : BLOCK_FRAMES;
    this.#block = this.#emptyBlock();
  }

  get samples(): number {
    return this.#samples;
  }

  get masked(): boolean {
    return this.#masked;
  }

  get failed(): boolean {
    return this.#error !== undefined;
  }

  mask(on: boolean): void {
    this.#masked = on;
  }

  write(left: Int16Array | undefined, right: Int16Array | undefined): void {
    if (this.#error || this.#stopped) return;
    if (this.#samples >= this.#maxSamples) {
      this.#fail('too-long', `longer than ${this.#maxSamples / TELEPHONE_RATE} s`);
      return;
    }
    const block = this.#block;
    const target = block.samples.subarray(
      block.filled,
      block.filled + FRAME_SAMPLES * this.#channels,
    );
    if (this.#masked) {
      target.fill(0);
      this.#maskedSamples += FRAME_SAMPLES;
    } else if (this.#channels === 2) {
      interleave(left, right, target);
    } else {
      target.fill(0);
      if (left) addSaturated(target, left);
      if (right) addSaturated(target, right);
    }
    block.filled += target.length;
    this.#samples += FRAME_SAMPLES;
    if (block.filled === block.samples.length) this.#handOver();
  }

  stop(): Promise<RecordingResult> {
    this.#stopped ??= this.#finish();
    return this.#stopped;
  }

  async #finish(): Promise<RecordingResult> {
    if (this.#block.filled > 0) this.#handOver();
    await this.#writing;
    try {
      await this.#file.close();
    } catch (error) {
      this.#fail('write-failed', reasonOf(error), error);
    }
    return {
      path: this.path,
      samples: this.#dataBytes / (2 * this.#channels),
      maskedSamples: this.#maskedSamples,
      ...(this.#error && { error: this.#error }),
    };
  }

  /** Gives the full block to the writer and goes on with an empty one. */
  #handOver(): void {
    if (this.#waiting.length >= MAX_WAITING_BLOCKS) {
      this.#fail('too-slow', 'the disk is slower than the sound');
      return;
    }
    this.#waiting.push(this.#block);
    this.#block = this.#spare.pop() ?? this.#emptyBlock();
    this.#block.filled = 0;
    this.#writing ??= this.#writeWaiting();
  }

  /** Sound first, then the header that counts it: the file can be played at any moment. */
  async #writeWaiting(): Promise<void> {
    try {
      for (let block = this.#waiting.shift(); block; block = this.#waiting.shift()) {
        const bytes = bytesOf(block);
        await writeAll(this.#file, bytes, WAV_HEADER_BYTES + this.#dataBytes);
        this.#dataBytes += bytes.length;
        await writeAll(this.#file, this.#header(), 0);
        this.#spare.push(block);
      }
    } catch (error) {
      this.#waiting.length = 0;
      this.#fail('write-failed', reasonOf(error), error);
    } finally {
      this.#writing = undefined;
    }
  }

  #header(): Buffer {
    return wavHeader({
      rate: TELEPHONE_RATE,
      channels: this.#channels,
      dataBytes: this.#dataBytes,
    });
  }

  #fail(code: RecorderError['code'], reason: string, cause?: unknown): void {
    if (this.#error) return;
    this.#error = new RecorderError(code, this.path, reason, cause);
    this.emit('failed', this.#error);
  }

  #emptyBlock(): Block {
    return {
      samples: new Int16Array(this.#blockFrames * FRAME_SAMPLES * this.#channels),
      filled: 0,
    };
  }
}

function interleave(
  left: Int16Array | undefined,
  right: Int16Array | undefined,
  target: Int16Array,
): void {
  for (let index = 0; index < FRAME_SAMPLES; index++) {
    target[index * 2] = left?.[index] ?? 0;
    target[index * 2 + 1] = right?.[index] ?? 0;
  }
}

function bytesOf(block: Block): Buffer {
  const bytes = Buffer.from(block.samples.buffer, 0, block.filled * 2);
  return HOST_IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap16();
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
