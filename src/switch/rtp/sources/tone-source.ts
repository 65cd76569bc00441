import { createToneGenerator, type ToneGenerator } from '../../../protocol/audio/tone-generator.ts';
import type { ToneScript } from '../../../protocol/audio/tone-script.ts';
import { type AudioSource, FRAME_SAMPLES } from '../types.ts';

/** Plays a tone script: FreeSWITCH's tone_stream. */
export class ToneSource implements AudioSource {
  readonly #generator: ToneGenerator;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  #played = 0;
  #ended = false;

  constructor(script: ToneScript) {
    this.#generator = createToneGenerator(script);
  }

  get samplesPlayed(): number {
    return this.#played;
  }

  next(): Int16Array | undefined {
    if (this.#ended) return undefined;
    const count = this.#generator.fill(this.#frame);
    this.#played += count;
    if (count === FRAME_SAMPLES) return this.#frame;
    this.#ended = true;
    if (count === 0) return undefined;
    this.#frame.fill(0, count);
    return this.#frame;
  }

  close(): void {
    this.#ended = true;
  }
}
