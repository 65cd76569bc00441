import { describe, expect, it } from 'vitest';
import { dtmfFrequencies, dtmfSequence, dtmfTone } from '../../../src/protocol/audio/dtmf.ts';
import { createDtmfDetector } from '../../../src/protocol/audio/dtmf-detector.ts';
import { shareAt } from '../../../src/protocol/audio/spectrum.ts';
import { musicLike, noise, speechLike } from './sounds.ts';

const KEYS = '123A456B789C*0#D';

/** The digits heard in a stretch of sound that is fed in frames of 20 ms. */
function heard(samples: Int16Array): string {
  const detector = createDtmfDetector();
  let digits = '';
  for (let start = 0; start < samples.length; start += 160) {
    digits += detector.process(samples.subarray(start, start + 160))?.digit ?? '';
  }
  return digits;
}

function sine(hz: number, amplitude: number, ms: number): Float64Array {
  return Float64Array.from(
    { length: ms * 8 },
    (_, index) => amplitude * Math.sin((2 * Math.PI * hz * index) / 8000),
  );
}

/** Both tones of a key with levels, deviation and length of one's own, after `before` of silence. */
function pressed(
  digit: string,
  options: { ms: number; row?: number; column?: number; deviation?: number; before?: number },
): Int16Array {
  const [rowHz, columnHz] = dtmfFrequencies(digit) ?? [0, 0];
  const scale = 1 + (options.deviation ?? 0);
  const row = sine(rowHz * scale, options.row ?? 7000, options.ms);
  const column = sine(columnHz * scale, options.column ?? 7000, options.ms);
  const before = options.before ?? 0;
  const samples = new Int16Array(before + row.length + 1600);
  row.forEach((value, index) => {
    samples[before + index] = Math.round(value + (column[index] ?? 0));
  });
  return samples;
}

/** Every key at ten places against the blocks of the detector. */
function everyKeyAnywhere(options: {
  ms: number;
  row?: number;
  column?: number;
  deviation?: number;
}): string[] {
  return Array.from(KEYS, (digit) => {
    const found = Array.from({ length: 10 }, (_, place) =>
      heard(pressed(digit, { ...options, before: 200 + place * 17 })),
    );
    return found.every((digits) => digits === digit) ? '' : `${digit}: ${found.join(',')}`;
  }).filter((problem) => problem !== '');
}

describe('DTMF tones', () => {
  it.each(Array.from(KEYS))('of key %s are its two frequencies', (digit) => {
    expect(shareAt(dtmfTone(digit, 100), dtmfFrequencies(digit) ?? [])).toBeGreaterThan(0.98);
  });

  it('are refused for what is no key', () => {
    for (const wrong of ['', 'x', '12']) {
      expect(() => dtmfTone(wrong, 100)).toThrow(expect.objectContaining({ code: 'bad-value' }));
    }
  });
});

describe('the DTMF detector', () => {
  it('hears every digit of a sequence once', () => {
    expect(heard(dtmfSequence('0123456789*#ABCD', { durationMs: 60, gapMs: 60 }))).toBe(
      '0123456789*#ABCD',
    );
    expect(heard(dtmfSequence('1111', { durationMs: 45, gapMs: 45 }))).toBe('1111');
  });

  it('tells how long a key was pressed', () => {
    const detector = createDtmfDetector();
    const samples = dtmfSequence('5', { durationMs: 500, gapMs: 100 });
    let durationMs = 0;
    for (let start = 0; start < samples.length; start += 160) {
      durationMs += detector.process(samples.subarray(start, start + 160))?.durationMs ?? 0;
    }
    expect(durationMs).toBeGreaterThan(470);
    expect(durationMs).toBeLessThanOrEqual(520);
  });

  it.each([
    ['40 ms, the shortest of Q.24', { ms: 40 }],
    ['frequencies 1.5 % high', { ms: 45, deviation: 0.015 }],
    ['frequencies 1.5 % low', { ms: 45, deviation: -0.015 }],
    ['the row 6 dB louder', { ms: 50, row: 8000, column: 4000 }],
    ['the column 6 dB louder', { ms: 50, row: 4000, column: 8000 }],
    ['a quiet line', { ms: 50, row: 400, column: 400 }],
    ['a loud line', { ms: 50, row: 16_000, column: 16_000 }],
  ])('hears %s', (_name, options) => {
    expect(everyKeyAnywhere(options)).toEqual([]);
  });

  it.each([
    ['frequencies 3.5 % off', { ms: 200, deviation: 0.035 }],
    ['tones too far apart in level', { ms: 200, row: 12_000, column: 2000 }],
    ['next to silence', { ms: 200, row: 60, column: 60 }],
    ['10 ms', { ms: 10 }],
  ])('does not hear %s', (_name, options) => {
    for (const digit of KEYS) expect(heard(pressed(digit, { ...options, before: 240 }))).toBe('');
  });

  it.each([5, 10, 20])('takes a tone with %i ms missing in it for one digit', (gapMs) => {
    for (let place = 300; place < 500; place += 40) {
      const samples = dtmfSequence('8', { durationMs: 120, gapMs: 100 });
      samples.fill(0, place, place + gapMs * 8);
      expect(heard(samples)).toBe('8');
    }
  });

  it('hears digits through noise 15 dB below them', () => {
    const samples = dtmfSequence('1590#', { durationMs: 70, gapMs: 70 });
    noise(samples.length, 2100).forEach((value, index) => {
      samples[index] = (samples[index] ?? 0) + value;
    });
    expect(heard(samples)).toBe('1590#');
  });

  it.each([
    ['speech', speechLike],
    ['music', musicLike],
    ['noise', (length: number) => noise(length, 12_000)],
    ['silence', (length: number) => new Int16Array(length)],
  ])('hears no digit in a minute of %s', (_name, make) => {
    expect(heard(make(8000 * 60))).toBe('');
  });

  it('hears no digit in a single tone of a pair, nor in dial and ringing tone', () => {
    for (const pair of [[697], [1209], [350, 440], [440, 480], [480, 620]]) {
      const samples = new Int16Array(8000);
      for (const hz of pair) {
        sine(hz, 7000, 1000).forEach((value, index) => {
          samples[index] = (samples[index] ?? 0) + Math.round(value);
        });
      }
      expect(heard(samples)).toBe('');
    }
  });
});
