import { powerAt } from './spectrum.ts';

/** Frames of 20 ms at 8 kHz. */
const FRAME_SAMPLES = 160;
/** Bands in which speech differs, all within what a telephone carries. */
const BANDS_HZ: readonly number[] = [
  300, 450, 600, 800, 1000, 1250, 1500, 1800, 2150, 2500, 2900, 3300,
];
/** Where frames begin in the templates, as nobody knows where they will begin in what is heard. */
const OFFSETS: readonly number[] = [0, 40, 80, 120];
/** What is compared: at most the first 2 s of a sound, at least 0.3 s. */
const MOST_FRAMES = 100;
const FEWEST_FRAMES = 15;
/** Correlation from which a sound counts as recognised. Short sounds are sooner alike by chance. */
const RECOGNISED = 0.82;
const RECOGNISED_SHORT = 0.87;
const SHORT_FRAMES = 100;
/** Every second frame is compared: enough to tell, at half the cost. */
const STRIDE = 2;
/** Keeps silence from dominating the logarithm. */
const FLOOR = 100;

/** Fingerprints of known sounds, made once and shared. */
export interface KnownSounds {
  readonly templates: readonly Template[];
}

interface Template {
  readonly name: string;
  readonly frames: number;
  /** Band levels frame by frame, shifted to mean 0 and scaled to length 1. */
  readonly levels: Float64Array;
}

/** Makes fingerprints of sounds at 8 kHz. Those shorter than 0.3 s are left out: too little to tell. */
export function knownSounds(sounds: ReadonlyMap<string, Int16Array>): KnownSounds {
  const templates = [...sounds].flatMap(([name, samples]) =>
    OFFSETS.flatMap((offset) => {
      const template = templateOf(name, samples.subarray(offset));
      return template === undefined ? [] : [template];
    }),
  );
  return { templates };
}

function templateOf(name: string, samples: Int16Array): Template | undefined {
  const frames = Math.min(MOST_FRAMES, Math.floor(samples.length / FRAME_SAMPLES));
  if (frames < FEWEST_FRAMES) return undefined;
  const levels = new Float64Array(Math.ceil(frames / STRIDE) * BANDS_HZ.length);
  for (let frame = 0; frame < frames; frame += STRIDE) {
    const start = frame * FRAME_SAMPLES;
    const at = (frame / STRIDE) * BANDS_HZ.length;
    measure(samples.subarray(start, start + FRAME_SAMPLES), levels, at);
  }
  normalise(levels);
  return { name, frames, levels };
}

/**
 * Recognises known sounds in a stream by the course of their spectrum, whatever the companding, the
 * loudness, or where a frame begins. One recogniser a stream.
 */
export class Recogniser {
  readonly #known: KnownSounds;
  readonly #history = new Float64Array(MOST_FRAMES * BANDS_HZ.length);
  readonly #window = new Float64Array(MOST_FRAMES * BANDS_HZ.length);
  #frames = 0;

  constructor(known: KnownSounds) {
    this.#known = known;
  }

  /**
   * Takes the next 20 ms.
   * @returns names of the sounds whose (first two seconds) have just been heard, mostly none.
   */
  hear(frame: Int16Array): readonly string[] {
    const width = BANDS_HZ.length;
    this.#history.copyWithin(0, width);
    measure(frame, this.#history, this.#history.length - width);
    this.#frames += 1;
    const heard: string[] = [];
    for (const template of this.#known.templates) {
      const { name, frames } = template;
      if (this.#frames < frames) continue;
      const least = frames < SHORT_FRAMES ? RECOGNISED_SHORT : RECOGNISED;
      if (this.#likeness(template) >= least) heard.push(name);
    }
    return heard;
  }

  #likeness(template: Template): number {
    const { levels } = template;
    const width = BANDS_HZ.length;
    const window = this.#window.subarray(0, levels.length);
    let from = this.#history.length - template.frames * width;
    for (let at = 0; at < window.length; at += width) {
      window.set(this.#history.subarray(from, from + width), at);
      from += STRIDE * width;
    }
    normalise(window);
    let product = 0;
    for (let index = 0; index < levels.length; index += 1) {
      product += (levels[index] ?? 0) * (window[index] ?? 0);
    }
    return product;
  }
}

function measure(frame: Int16Array, into: Float64Array, at: number): void {
  for (let band = 0; band < BANDS_HZ.length; band += 1) {
    into[at + band] = Math.log(FLOOR + powerAt(frame, BANDS_HZ[band] ?? 0));
  }
}

/** Shifts to mean 0 and scales to length 1, so that a product is Pearson's correlation. */
function normalise(values: Float64Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = (values[index] ?? 0) - mean;
    values[index] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (length === 0) return;
  for (let index = 0; index < values.length; index += 1) {
    values[index] = (values[index] ?? 0) / length;
  }
}
