import { levelDb, shareAt } from '../../../protocol/audio/spectrum.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../../rtp/types.ts';

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
const LEAST_LEVEL_DB = -40;

/** Listens for one tone, frame by frame. */
export class ToneDetector {
  readonly options: ToneDetectorOptions;
  readonly #piece = new Int16Array(FRAME_SAMPLES * FRAMES_PER_PIECE);
  #frames = 0;
  #hits = 0;
  #elapsedMs = 0;

  constructor(options: ToneDetectorOptions) {
    this.options = options;
  }

  /** Takes one frame; undefined is silence. */
  hear(frame: Int16Array | undefined): 'heard' | 'given-up' | undefined {
    this.#elapsedMs += FRAME_MS;
    const { timeoutMs, hits } = this.options;
    if (timeoutMs > 0 && this.#elapsedMs > timeoutMs) return 'given-up';
    const offset = this.#frames * FRAME_SAMPLES;
    if (frame === undefined) this.#piece.fill(0, offset, offset + FRAME_SAMPLES);
    else this.#piece.set(frame, offset);
    this.#frames = (this.#frames + 1) % FRAMES_PER_PIECE;
    if (this.#frames > 0) return undefined;
    this.#hits = this.#isTone() ? this.#hits + 1 : 0;
    return this.#hits >= hits ? 'heard' : undefined;
  }

  #isTone(): boolean {
    if (levelDb(this.#piece) < LEAST_LEVEL_DB) return false;
    return shareAt(this.#piece, this.options.frequenciesHz) > LEAST_SHARE;
  }
}
