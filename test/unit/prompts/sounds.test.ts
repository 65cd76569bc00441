import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Manifest, readManifest, sha256 } from '../../../scripts/sound/manifest.ts';
import { peak, rootMeanSquare } from '../../../scripts/sound/shape.ts';
import { SLOW_RECIPE } from '../../../scripts/sound/slow.ts';
import { recipeOf, wantedSounds } from '../../../scripts/sound/wanted.ts';
import { SYSTEM_PROMPTS, spokenParts } from '../../../src/config/spoken-parts.ts';
import { LANGUAGES } from '../../../src/domain/ivr/languages/table.ts';
import { soundFolder, voiceIn } from '../../../src/domain/ivr/voice.ts';
import { powerAt, totalPower } from '../../../src/protocol/audio/spectrum.ts';
import { decodeWav, readWavFormat } from '../../../src/protocol/audio/wav.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SOUNDS = join(ROOT, 'freeswitch', 'sounds');
const PROMPTS = join(ROOT, 'config', 'prompts.yaml');
const RATE = 8000;

/** A voice's folder, and what its manifest says of it. */
interface Folder {
  readonly name: string;
  readonly language: string;
  readonly isSlow: boolean;
  readonly manifest: Manifest;
}

const FOLDERS = await Promise.all(
  [...LANGUAGES.keys()].flatMap((language) =>
    [false, true].map(async (isSlow): Promise<Folder> => {
      const pace = isSlow ? 'slow' : 'normal';
      const name = soundFolder({ ...voiceIn(language), pace });
      const manifest = await readManifest(join(SOUNDS, name, 'manifest.json'));
      return { name, language, isSlow, manifest };
    }),
  ),
);
const NAMES = FOLDERS.flatMap((folder) =>
  Object.keys(folder.manifest.sounds).map((sound) => [`${folder.name}/${sound}`, folder] as const),
);
const SPOKEN = NAMES.filter(([name]) => !/words\/(?:pause|beep)$/u.test(name));

function file(name: string): Buffer {
  return readFileSync(join(SOUNDS, `${name}.wav`));
}

function samplesOf(bytes: Buffer): Int16Array {
  return decodeWav(bytes).channels[0] ?? expect.fail('no channel');
}

function entryOf(name: string, { name: folder, manifest }: Folder) {
  return manifest.sounds[name.slice(folder.length + 1)] ?? expect.fail(`${name} is not listed`);
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

describe.each(FOLDERS)('the sounds of $name', ({ name, language, isSlow, manifest }) => {
  it('are there for every prompt of the program and every part of what is put together', () => {
    const parts = [...spokenParts(language).keys()];
    const wanted = [...SYSTEM_PROMPTS.map((id) => `prompts/${id}`), ...parts];
    expect(Object.keys(manifest.sounds)).toEqual(expect.arrayContaining(wanted));
  });

  it('say what the texts say; after a change run "npm run prompts"', async () => {
    const wanted = await wantedSounds(PROMPTS, language);
    const texts = Object.fromEntries(wanted.map((sound) => [sound.name, sound.text]));
    const made = Object.entries(manifest.sounds).map(([sound, { text }]) => [sound, text] as const);
    expect(Object.fromEntries(made)).toEqual(texts);
    expect(manifest.recipe).toBe(isSlow ? SLOW_RECIPE : recipeOf(language));
  });

  it('are of one loudness', () => {
    const levels = SPOKEN.filter(([, folder]) => folder.name === name).map(([sound]) =>
      rootMeanSquare(samplesOf(file(sound))),
    );
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(2.5);
  });

  it('differ from each other unless they say the same', () => {
    const texts = new Map<string, string>();
    for (const { text, sha256: hash } of Object.values(manifest.sounds)) {
      expect(texts.get(hash) ?? text).toBe(text);
      texts.set(hash, text);
    }
  });

  it('have a pause that is silent and a beep that is one tone', () => {
    expect(totalPower(samplesOf(file(`${name}/words/pause`)))).toBe(0);
    const beep = samplesOf(file(`${name}/words/beep`));
    expect(powerAt(beep, 1000, RATE) / totalPower(beep)).toBeGreaterThan(0.9);
  });
});

describe('the voices', () => {
  it('speak as loudly as each other', () => {
    const levels = FOLDERS.map(({ name }) => {
      const prompts = SPOKEN.filter(([sound]) => sound.startsWith(`${name}/prompts/`));
      const sum = prompts.reduce((all, [sound]) => all + rootMeanSquare(samplesOf(file(sound))), 0);
      return sum / prompts.length;
    });
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(1.25);
  });
});

describe('a sound', () => {
  it.each(NAMES)('%s is the file that was made: 8 kHz, mono, 16 bit', (name, folder) => {
    const bytes = file(name);
    expect(sha256(bytes)).toBe(entryOf(name, folder).sha256);
    expect(readWavFormat(bytes)).toMatchObject({
      encoding: 'pcm',
      channels: 1,
      rate: RATE,
      bitsPerSample: 16,
    });
  });

  it.each(SPOKEN)('%s is heard, not clipped, and as long as its text', (name, folder) => {
    const samples = samplesOf(file(name));
    const seconds = samples.length / RATE;
    const letters = entryOf(name, folder).text.length;
    expect(rootMeanSquare(samples)).toBeGreaterThan(0.05);
    expect(peak(samples)).toBeLessThan(0.95);
    expect(seconds).toBeGreaterThan(0.15 + letters * 0.03);
    expect(seconds).toBeLessThan((1 + letters * 0.12) * (folder.isSlow ? 1.25 : 1));
    expect(speechShare(samples)).toBeGreaterThan(0.9);
  });

  it.each(SPOKEN)('%s begins and ends in silence without waiting', (name, folder) => {
    const samples = samplesOf(file(name));
    const loud = (sample: number) => Math.abs(sample) > 330;
    const before = samples.findIndex(loud) / RATE;
    const after = (samples.length - 1 - samples.findLastIndex(loud)) / RATE;
    expect(Math.abs(samples[0] ?? 0)).toBeLessThan(33);
    expect(before).toBeLessThan(folder.isSlow ? 0.3125 : 0.25);
    expect(after).toBeLessThan(folder.isSlow ? 0.75 : 0.6);
  });
});

describe('slow speech', () => {
  const slow = SPOKEN.filter(([, folder]) => folder.isSlow);
  const normalOf = (name: string) => name.replace('-slow/', '/');

  it.each(slow)(
    '%s is made of its sound at normal pace and takes a quarter longer',
    (name, folder) => {
      const normal = file(normalOf(name));
      expect(entryOf(name, folder).madeOf).toBe(sha256(normal));
      const ratio = samplesOf(file(name)).length / samplesOf(normal).length;
      expect(ratio).toBeCloseTo(1.25, 1);
    },
  );

  it.each(['en', 'es'])('keeps the pitch of %s', (language) => {
    const sound = 'prompts/notice-callback.wav';
    const [normal, stretched] = [language, `${language}-slow`].map((folder) =>
      pitchOf(samplesOf(readFileSync(join(SOUNDS, folder, sound)))),
    );
    expect((stretched ?? 0) / (normal ?? 0)).toBeGreaterThan(0.93);
    expect((stretched ?? 0) / (normal ?? 0)).toBeLessThan(1.07);
  });
});

/** The lag at which the voice is most like itself, as a frequency: the median over pieces of 40 ms. */
function pitchOf(samples: Int16Array): number {
  const found: number[] = [];
  for (let at = 0; at + 640 < samples.length; at += 320) {
    const piece = samples.subarray(at, at + 320);
    if (rootMeanSquare(piece) < 0.08) continue;
    const lags = Array.from({ length: 80 }, (_, index) => index + 27);
    const best = lags
      .map((lag) => ({ lag, alike: likeness(piece, samples.subarray(at + lag, at + lag + 320)) }))
      .reduce((a, b) => (b.alike > a.alike ? b : a));
    if (best.alike > 0.7) found.push(RATE / best.lag);
  }
  return found.toSorted((a, b) => a - b)[Math.floor(found.length / 2)] ?? expect.fail('no voice');
}

function likeness(a: Int16Array, b: Int16Array): number {
  let both = 0;
  let alone = 0;
  let other = 0;
  for (const [index, sample] of a.entries()) {
    const second = b[index] ?? 0;
    both += sample * second;
    alone += sample * sample;
    other += second * second;
  }
  return both / Math.sqrt(alone * other + 1);
}

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
  it('stays below 32 MB', () => {
    const sizes = readdirSync(SOUNDS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(32_000_000);
  });
});
