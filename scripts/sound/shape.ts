import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';

const FULL_SCALE = 32_767;
const FRAME = TELEPHONE_RATE / 100;
/** A frame of 10 ms softer than this share of the loudest one is silence; an f or s is above it. */
const SILENCE_SHARE = 0.005;
const FADE_SAMPLES = TELEPHONE_RATE / 200;
/** Root mean square of what is spoken, in share of full scale: -20 dB. */
const SPEECH_LEVEL = 0.1;
/** Highest sample after normalising: -2 dB. */
const PEAK = 0.8;

/** Silence left around a sound, so that one file follows another without haste. */
export interface Margins {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/**
 * Cuts the silence at both ends down to `margins`, brings what is spoken to one level, and fades
 * the edges. Samples at 8 kHz. An all-silent sound comes back empty of speech: only its margins.
 */
export function shapeSpeech(samples: Int16Array, margins: Margins): Int16Array {
  const spoken = trim(samples);
  const levelled = fade(scale(spoken, gainFor(spoken)));
  const before = samplesOf(margins.beforeMs);
  const shaped = new Int16Array(before + levelled.length + samplesOf(margins.afterMs));
  shaped.set(levelled, before);
  return shaped;
}

/** Root mean square as share of full scale. */
export function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length) / FULL_SCALE;
}

/** Highest absolute sample as share of full scale. */
export function peak(samples: Int16Array): number {
  let highest = 0;
  for (const sample of samples) highest = Math.max(highest, Math.abs(sample));
  return highest / FULL_SCALE;
}

/** Samples from -1 to 1 as 16 bits. */
export function toInt16(samples: Float64Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.round(sample * FULL_SCALE));
}

/** Both edges faded over 5 ms against clicks. */
export function fade(samples: Int16Array): Int16Array {
  const length = Math.min(FADE_SAMPLES, Math.floor(samples.length / 2));
  return samples.map((sample, index) => {
    const fromEdge = Math.min(index, samples.length - 1 - index);
    return fromEdge >= length ? sample : Math.round((sample * fromEdge) / length);
  });
}

function trim(samples: Int16Array): Int16Array {
  const levels: number[] = [];
  for (let at = 0; at < samples.length; at += FRAME) {
    levels.push(rootMeanSquare(samples.subarray(at, at + FRAME)));
  }
  const threshold = SILENCE_SHARE * levels.reduce((most, level) => Math.max(most, level), 0);
  const loud = (index: number) => (levels[index] ?? 0) > threshold;
  // One frame alone is a click of the voice's recordings, not speech.
  const first = levels.findIndex((_, index) => loud(index) && loud(index + 1));
  const last = levels.findLastIndex((_, index) => loud(index) && loud(index - 1));
  return first === -1 ? new Int16Array(0) : samples.slice(first * FRAME, (last + 1) * FRAME);
}

/** Measured over frames that hold speech, so that pauses inside do not count. */
function gainFor(samples: Int16Array): number {
  const highest = peak(samples);
  const threshold = (SILENCE_SHARE * highest) / 2;
  let sum = 0;
  let frames = 0;
  for (let at = 0; at < samples.length; at += FRAME) {
    const level = rootMeanSquare(samples.subarray(at, at + FRAME));
    if (level <= threshold) continue;
    sum += level * level;
    frames += 1;
  }
  return frames === 0 ? 1 : Math.min(SPEECH_LEVEL / Math.sqrt(sum / frames), PEAK / highest);
}

function scale(samples: Int16Array, gain: number): Int16Array {
  return samples.map((sample) => Math.round(sample * gain));
}

function samplesOf(ms: number): number {
  return Math.round((ms * TELEPHONE_RATE) / 1000);
}
