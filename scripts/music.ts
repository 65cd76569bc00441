/**
 * `npm run music`: composes the music on hold. Broken chords over held ones, a quiet melody on top;
 * 24 bars at 80 beats a minute, which is 72 seconds and loops without a seam.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TELEPHONE_RATE } from '../src/protocol/audio/spectrum.ts';
import { encodeWav } from '../src/protocol/audio/wav.ts';
import { toInt16 } from './sound/shape.ts';
import {
  atLevel,
  createLoop,
  type Instrument,
  type Loop,
  play,
  withEcho,
} from './sound/synthesis.ts';

const BEAT_SECONDS = 0.75;
const BAR_SECONDS = 4 * BEAT_SECONDS;
/** -24 dB: below speech, so that nobody holds the telephone away. */
const LEVEL = 0.063;

/** Three times eight bars; each chord as MIDI numbers from the bottom. */
const CHORDS: Readonly<Record<string, readonly number[]>> = {
  C: [60, 64, 67, 71],
  Am: [57, 64, 67, 72],
  F: [65, 69, 72, 76],
  G: [62, 67, 71, 74],
  Em: [59, 64, 67, 74],
  Dm: [62, 65, 69, 72],
};
const BARS = ['C Am F G C Em F G', 'Am Em F C Dm Am Dm G', 'C Am Dm G Em Am F G'].flatMap((line) =>
  line.split(' '),
);

/** Order in which the tones of a chord are plucked, by half beats. */
const FIGURES: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 2, 1, 2, 1],
  [0, 2, 1, 3, 1, 2, 3, 2],
  [3, 2, 1, 2, 0, 1, 2, 1],
];

/** Bar, beat, beats long, MIDI number. */
// biome-ignore format: five notes a line read better than one
const MELODY: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 3, 79], [1, 1, 3, 76], [2, 0, 2, 77], [2, 2, 2, 81], [3, 0, 4, 79],
  [4, 0, 3, 76], [5, 1, 3, 79], [6, 0, 2, 81], [6, 2, 2, 77], [7, 0, 3, 74],
  [9, 0, 3, 79], [10, 0, 2, 77], [11, 0, 3, 76], [13, 0, 3, 72], [14, 0, 2, 74],
  [15, 0, 3, 79], [16, 0, 3, 84], [17, 1, 3, 81], [18, 0, 2, 77], [18, 2, 2, 76],
  [19, 0, 3, 74], [20, 0, 3, 79], [21, 1, 2, 76], [22, 0, 3, 77], [23, 0, 3, 79],
];

const PLUCKED: Instrument = {
  partials: [1, 0.45, 0.2, 0.1, 0.05],
  attackSeconds: 0.008,
  decaySeconds: 0.7,
  releaseSeconds: 0.9,
};
const HELD: Instrument = {
  partials: [1, 0.3, 0.12],
  attackSeconds: 0.9,
  decaySeconds: undefined,
  releaseSeconds: 1.2,
};
const BELL: Instrument = {
  partials: [1, 0.15, 0.25],
  attackSeconds: 0.03,
  decaySeconds: 1.4,
  releaseSeconds: 0.8,
};

const folder = join(import.meta.dirname, '..', 'freeswitch', 'sounds', 'music');
await mkdir(folder, { recursive: true });
const music = atLevel(withEcho(compose(), BEAT_SECONDS * 0.75, 0.3), LEVEL);
await writeFile(
  join(folder, 'evening-line.wav'),
  encodeWav(TELEPHONE_RATE, [toInt16(music.samples)]),
);
console.log(`music/evening-line.wav: ${BARS.length * BAR_SECONDS} seconds`);

function compose(): Loop {
  const loop = createLoop(BARS.length * BAR_SECONDS);
  for (const [bar, name] of BARS.entries()) {
    const chord = CHORDS[name];
    if (chord === undefined) throw new Error(`no chord ${name}`);
    playBar(loop, bar, chord);
  }
  for (const [bar, beat, beats, pitch] of MELODY) {
    const startSeconds = bar * BAR_SECONDS + beat * BEAT_SECONDS;
    play(loop, BELL, { startSeconds, lengthSeconds: beats * BEAT_SECONDS, pitch, loudness: 0.5 });
  }
  return loop;
}

function playBar(loop: Loop, bar: number, chord: readonly number[]): void {
  const barStart = bar * BAR_SECONDS;
  for (const pitch of chord) {
    play(loop, HELD, { startSeconds: barStart, lengthSeconds: BAR_SECONDS, pitch, loudness: 0.16 });
  }
  const figure = FIGURES[Math.floor(bar / 8) % FIGURES.length] ?? [];
  for (const [index, tone] of figure.entries()) {
    const pitch = chord[tone];
    if (pitch === undefined) continue;
    play(loop, PLUCKED, {
      startSeconds: barStart + (index * BEAT_SECONDS) / 2,
      lengthSeconds: BEAT_SECONDS / 2,
      pitch,
      loudness: index % 4 === 0 ? 0.7 : 0.5,
    });
  }
}
