import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest, sha256 } from '../../../scripts/sound/manifest.ts';
import { peak, rootMeanSquare } from '../../../scripts/sound/shape.ts';
import { RECIPE, wantedSounds } from '../../../scripts/sound/wanted.ts';
import { SPOKEN_PARTS, SYSTEM_PROMPTS } from '../../../src/config/spoken-parts.ts';
import { powerAt, totalPower } from '../../../src/protocol/audio/spectrum.ts';
import { decodeWav, readWavFormat } from '../../../src/protocol/audio/wav.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SOUNDS = join(ROOT, 'freeswitch', 'sounds');
const ENGLISH = join(SOUNDS, 'en');
const PROMPTS = join(ROOT, 'config', 'prompts.yaml');
const RATE = 8000;

const MANIFEST = await readManifest(join(ENGLISH, 'manifest.json'));
const NAMES = Object.keys(MANIFEST.sounds);
const SPOKEN = NAMES.filter((name) => name !== 'words/pause' && name !== 'words/beep');

function file(name: string): Buffer {
  return readFileSync(join(ENGLISH, `${name}.wav`));
}

function samplesOf(bytes: Buffer): Int16Array {
  return decodeWav(bytes).channels[0] ?? expect.fail('no channel');
}

/** Share of the power that lies in the band of speech, measured every 20 Hz over one second. */
function speechShare(samples: Int16Array): number {
  let inside = 0;
  let all = 0;
  for (let hz = 20; hz < RATE / 2; hz += 20) {
    const power = powerAt(samples, hz, RATE);
    all += power;
    if (hz >= 100 && hz <= 3800) inside += power;
  }
  return inside / all;
}

describe('the sounds', () => {
  it('are there for every prompt of the program and every part of a number', () => {
    const wanted = [...SYSTEM_PROMPTS.map((id) => `prompts/${id}`), ...SPOKEN_PARTS.en.keys()];
    expect(NAMES).toEqual(expect.arrayContaining(wanted));
  });

  it('say what the texts say; after a change run "npm run prompts"', async () => {
    const wanted = await wantedSounds(PROMPTS, 'en');
    const texts = Object.fromEntries(wanted.map(({ name, text }) => [name, text]));
    const made = NAMES.map((name) => [name, MANIFEST.sounds[name]?.text] as const);
    expect(Object.fromEntries(made)).toEqual(texts);
    expect(MANIFEST.recipe).toBe(RECIPE);
  });

  it.each(NAMES)('%s is the file that was made', (name) => {
    expect(sha256(file(name))).toBe(MANIFEST.sounds[name]?.sha256);
  });

  it.each(NAMES)('%s is 8 kHz, mono, 16 bit', (name) => {
    expect(readWavFormat(file(name))).toMatchObject({
      encoding: 'pcm',
      channels: 1,
      rate: RATE,
      bitsPerSample: 16,
    });
  });

  it.each(SPOKEN)('%s is heard, not clipped, and as long as its text', (name) => {
    const samples = samplesOf(file(name));
    const seconds = samples.length / RATE;
    const letters = MANIFEST.sounds[name]?.text.length ?? 0;
    expect(rootMeanSquare(samples)).toBeGreaterThan(0.05);
    expect(peak(samples)).toBeLessThan(0.85);
    expect(seconds).toBeGreaterThan(0.15 + letters * 0.03);
    expect(seconds).toBeLessThan(1 + letters * 0.12);
    expect(speechShare(samples)).toBeGreaterThan(0.9);
  });

  it.each(SPOKEN)('%s begins and ends in silence without waiting', (name) => {
    const samples = samplesOf(file(name));
    const loud = (sample: number) => Math.abs(sample) > 330;
    const before = samples.findIndex(loud) / RATE;
    const after = (samples.length - 1 - samples.findLastIndex(loud)) / RATE;
    expect(Math.abs(samples[0] ?? 0)).toBeLessThan(33);
    expect(before).toBeLessThan(0.25);
    expect(after).toBeLessThan(0.6);
  });

  it('are of one loudness', () => {
    const levels = SPOKEN.map((name) => rootMeanSquare(samplesOf(file(name))));
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(2);
  });

  it('differ from each other', () => {
    const hashes = NAMES.filter((name) => !name.startsWith('numbers/')).map(
      (name) => MANIFEST.sounds[name]?.sha256,
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('have a pause that is silent and a beep that is one tone', () => {
    expect(totalPower(samplesOf(file('words/pause')))).toBe(0);
    const beep = samplesOf(file('words/beep'));
    expect(powerAt(beep, 1000, RATE) / totalPower(beep)).toBeGreaterThan(0.9);
  });
});

describe('the music on hold', () => {
  const files = readdirSync(join(SOUNDS, 'music')).filter((name) => name.endsWith('.wav'));
  const music = readFileSync(join(SOUNDS, 'music', files[0] ?? ''));

  it('is 8 kHz, mono, 16 bit and between one and one and a half minutes', () => {
    expect(readWavFormat(music)).toMatchObject({ channels: 1, rate: RATE, bitsPerSample: 16 });
    const seconds = samplesOf(music).length / RATE;
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThanOrEqual(90);
  });

  it('is softer than speech, never clipped, and never silent for a second', () => {
    const samples = samplesOf(music);
    expect(rootMeanSquare(samples)).toBeLessThan(0.08);
    expect(peak(samples)).toBeLessThan(0.5);
    for (let at = 0; at + RATE <= samples.length; at += RATE) {
      expect(rootMeanSquare(samples.subarray(at, at + RATE))).toBeGreaterThan(0.02);
    }
  });

  it('goes round without a click: the seam is no steeper than the music is', () => {
    const samples = samplesOf(music);
    let steepest = 0;
    for (let at = 1; at < samples.length; at += 1) {
      steepest = Math.max(steepest, Math.abs((samples[at] ?? 0) - (samples[at - 1] ?? 0)));
    }
    expect(Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 0))).toBeLessThanOrEqual(steepest);
  });
});

describe('the whole set', () => {
  it('stays below 8 MB', () => {
    const sizes = readdirSync(SOUNDS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8_000_000);
  });
});
