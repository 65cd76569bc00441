import { type AudioSource, FRAME_SAMPLES } from '../types.ts';

/** Silence, or a soft hiss: FreeSWITCH's silence_stream. */
export class SilenceSource implements AudioSource {
  readonly #lengthSamples: number;
  readonly #divisor: number;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  #seed = 1;
  #played = 0;
  #closed = false;

  /** `lengthSamples` may be Infinity. The greater the divisor, the softer the hiss; 0 is silence. */
  constructor(lengthSamples: number, divisor: number) {
    this.#lengthSamples = lengthSamples;
    this.#divisor = divisor;
  }

  get samplesPlayed(): number {
    return this.#played;
  }

  next(): Int16Array | undefined {
    if (this.#closed || this.#played >= this.#lengthSamples) return undefined;
    this.#played = Math.min(this.#played + FRAME_SAMPLES, this.#lengthSamples);
    if (this.#divisor > 0) this.#hiss();
    return this.#frame;
  }

  close(): void {
    this.#closed = true;
  }

  /** Sums of six steps of a 16-bit congruential generator, as FreeSWITCH makes its comfort noise. */
  #hiss(): void {
    for (let index = 0; index < FRAME_SAMPLES; index++) {
      let sum = 0;
      for (let step = 0; step < 6; step++) {
        this.#seed = ((Math.imul(this.#seed, 31821) + 13849) << 16) >> 16;
        sum += this.#seed;
      }
      this.#frame[index] = Math.trunc(((sum << 16) >> 16) / this.#divisor);
    }
  }
}
