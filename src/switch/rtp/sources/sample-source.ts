import { type AudioSource, FRAME_SAMPLES } from '../types.ts';

/** Plays samples that lie in memory, once. They are shared, never changed. */
export class SampleSource implements AudioSource {
  readonly #samples: Int16Array;
  #position = 0;
  #closed = false;

  constructor(samples: Int16Array) {
    this.#samples = samples;
  }

  get samplesPlayed(): number {
    return this.#position;
  }

  next(): Int16Array | undefined {
    const start = this.#position;
    const end = start + FRAME_SAMPLES;
    if (this.#closed || start >= this.#samples.length) return undefined;
    this.#position = Math.min(end, this.#samples.length);
    if (end <= this.#samples.length) return this.#samples.subarray(start, end);
    const last = new Int16Array(FRAME_SAMPLES);
    last.set(this.#samples.subarray(start));
    return last;
  }

  close(): void {
    this.#closed = true;
  }
}
