import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';

/** Highest partial that is played; a telephone passes little above it. */
const HIGHEST_HZ = 3300;

/** A sound that ends where it begins: what is played past its end goes on at its beginning. */
export interface Loop {
  readonly samples: Float64Array;
}

/** One voice: how its partials and its loudness run. */
export interface Instrument {
  /** Loudness of each partial, the fundamental first. */
  readonly partials: readonly number[];
  readonly attackSeconds: number;
  /** Time in which a struck note falls to 37 %; undefined for one that is held. */
  readonly decaySeconds: number | undefined;
  /** Time after the note's end in which it fades. */
  readonly releaseSeconds: number;
}

/** A note in a loop. */
export interface Note {
  readonly startSeconds: number;
  readonly lengthSeconds: number;
  /** MIDI number: 60 is middle C, 69 is A of 440 Hz. */
  readonly pitch: number;
  /** 0 to 1. */
  readonly loudness: number;
}

/** An empty loop. */
export function createLoop(seconds: number): Loop {
  return { samples: new Float64Array(Math.round(seconds * TELEPHONE_RATE)) };
}

/** Adds a note; its tail wraps round the loop's end. */
export function play(loop: Loop, instrument: Instrument, note: Note): void {
  const hz = 440 * 2 ** ((note.pitch - 69) / 12);
  const start = Math.round(note.startSeconds * TELEPHONE_RATE);
  const length = Math.round((note.lengthSeconds + instrument.releaseSeconds) * TELEPHONE_RATE);
  for (let index = 0; index < length; index += 1) {
    const seconds = index / TELEPHONE_RATE;
    const value = envelope(instrument, note, seconds) * timbre(instrument, hz, seconds);
    const at = (start + index) % loop.samples.length;
    loop.samples[at] = (loop.samples[at] ?? 0) + note.loudness * value;
  }
}

/** The loop with a soft echo of itself, which wraps round as well. */
export function withEcho(loop: Loop, delaySeconds: number, share: number): Loop {
  const { length } = loop.samples;
  const delay = Math.round(delaySeconds * TELEPHONE_RATE);
  const echoed = loop.samples.map((sample, index) => {
    const once = loop.samples[(index - delay + length) % length] ?? 0;
    const twice = loop.samples[(index - 2 * delay + 2 * length) % length] ?? 0;
    return sample + share * once + share * share * twice;
  });
  return { samples: echoed };
}

/** The loop at a root mean square of `level` (share of full scale). */
export function atLevel(loop: Loop, level: number): Loop {
  const power = loop.samples.reduce((sum, sample) => sum + sample * sample, 0);
  const gain = level / Math.sqrt(power / loop.samples.length);
  return { samples: loop.samples.map((sample) => sample * gain) };
}

function timbre({ partials }: Instrument, hz: number, seconds: number): number {
  let sum = 0;
  for (const [index, loudness] of partials.entries()) {
    const partial = hz * (index + 1);
    if (partial < HIGHEST_HZ) sum += loudness * Math.sin(2 * Math.PI * partial * seconds);
  }
  return sum;
}

function envelope(instrument: Instrument, note: Note, seconds: number): number {
  const { attackSeconds, decaySeconds, releaseSeconds } = instrument;
  const attack = Math.min(1, seconds / attackSeconds);
  const decay = decaySeconds === undefined ? 1 : Math.exp(-seconds / decaySeconds);
  const past = Math.max(0, seconds - note.lengthSeconds) / releaseSeconds;
  return attack * decay * Math.max(0, 1 - past);
}
