import { powerAt, totalPower } from '../../../../protocol/audio/spectrum.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../../../rtp/types.ts';

/** What a detector waits for. */
export interface ToneDetectorOptions {
  /** The name told when the tone is heard. */
  readonly key: string;
  readonly frequenciesHz: readonly number[];
  /** Of what the party says (`received`) or of what it hears (`sent`). */
  readonly side: 'received' | 'sent';
  /** How often in a row 60 ms of the tone must be heard. */
  readonly hits: number;
  /** Gives up after so long; 0 never. */
  readonly timeoutMs: number;
}

/** Sound is judged in pieces of so many frames: shorter ones tell close frequencies apart too badly. */
const FRAMES_PER_PIECE = 3;
const LEAST_SHARE = 0.7;
/** Of the mean square: 40 dB below a full-scale sine. */
const LEAST_POWER = 32_767 ** 2 * 0.5 * 1e-4;

/** One side's sound, piece by piece, for all detectors that listen to it. */
class Pieces {
  readonly samples = new Int16Array(FRAME_SAMPLES * FRAMES_PER_PIECE);
  power = 0;
  #frames = 0;

  /** Takes one frame; undefined is silence. True when a piece is complete. */
  take(frame: Int16Array | undefined): boolean {
    const offset = this.#frames * FRAME_SAMPLES;
    if (frame === undefined) this.samples.fill(0, offset, offset + FRAME_SAMPLES);
    else this.samples.set(frame, offset);
    this.#frames = (this.#frames + 1) % FRAMES_PER_PIECE;
    if (this.#frames > 0) return false;
    this.power = totalPower(this.samples);
    return true;
  }
}

interface Watch {
  readonly options: ToneDetectorOptions;
  readonly heard: () => void;
  hits: number;
  elapsedMs: number;
}

/** Listens for the tones that a channel is to tell. */
export class ToneDetectors {
  readonly #watches = new Set<Watch>();
  readonly #received = new Pieces();
  readonly #sent = new Pieces();

  get size(): number {
    return this.#watches.size;
  }

  /** `heard` is called once, and the tone is listened for no more. */
  add(options: ToneDetectorOptions, heard: () => void): void {
    this.#watches.add({ options, heard, hits: 0, elapsedMs: 0 });
  }

  clear(): void {
    this.#watches.clear();
  }

  /** Takes one frame of each side; undefined is silence. */
  hear(received: Int16Array | undefined, sent: Int16Array | undefined): void {
    if (this.#watches.size === 0) return;
    const complete = this.#received.take(received);
    this.#sent.take(sent);
    for (const watch of this.#watches) {
      const { options } = watch;
      watch.elapsedMs += FRAME_MS;
      const isLate = options.timeoutMs > 0 && watch.elapsedMs > options.timeoutMs;
      if (complete && !isLate) this.#judge(watch);
      if (isLate || watch.hits >= options.hits) this.#watches.delete(watch);
      if (!isLate && watch.hits >= options.hits) watch.heard();
    }
  }

  #judge(watch: Watch): void {
    const { frequenciesHz, side } = watch.options;
    const { samples, power } = side === 'sent' ? this.#sent : this.#received;
    const isTone =
      power >= LEAST_POWER &&
      frequenciesHz.reduce((sum, hz) => sum + powerAt(samples, hz), 0) > LEAST_SHARE * power;
    watch.hits = isTone ? watch.hits + 1 : 0;
  }
}
