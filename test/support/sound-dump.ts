import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WAV_HEADER_BYTES } from '../../src/protocol/audio/wav.ts';
import type { Hearing } from './hearing.ts';

const LOOK_EVERY_MS = 40;
const FRAME_BYTES = 320;
/** As baresip's sndfile module names what it decoded; the names sort by time. */
const HEARD = /^dump-.*-dec\.wav$/u;

/**
 * Follows the files into which baresip's sndfile module writes what it hears (8 kHz, 16 bit, mono),
 * one a call, and tells them frame by frame.
 */
export class SoundDump {
  readonly #folder: string;
  readonly #hearing: Hearing;
  readonly #timer: NodeJS.Timeout;
  #file: string | undefined;
  #offset = WAV_HEADER_BYTES;

  constructor(folder: string, hearing: Hearing) {
    this.#folder = folder;
    this.#hearing = hearing;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const files = readdirSync(this.#folder)
      .filter((name) => HEARD.test(name))
      .sort();
    for (const file of files) {
      if (this.#file !== undefined && file < this.#file) continue;
      this.#read(file);
    }
  }

  #read(file: string): void {
    if (file !== this.#file) {
      this.#file = file;
      this.#offset = WAV_HEADER_BYTES;
    }
    const bytes = readFileSync(join(this.#folder, file));
    // Two calls in one second share a name: the second begins the file anew.
    if (bytes.length < this.#offset) this.#offset = WAV_HEADER_BYTES;
    for (; this.#offset + FRAME_BYTES <= bytes.length; this.#offset += FRAME_BYTES) {
      const frame = Uint8Array.from(bytes.subarray(this.#offset, this.#offset + FRAME_BYTES));
      this.#hearing.hear(new Int16Array(frame.buffer));
    }
  }
}
