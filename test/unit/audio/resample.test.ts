import { describe, expect, it } from 'vitest';
import { createResampler, mixToMono } from '../../../src/protocol/audio/resample.ts';
import { powerAt, totalPower } from '../../../src/protocol/audio/spectrum.ts';

const AMPLITUDE = 10_000;

function tone(hz: number, rate: number, seconds: number): Int16Array {
  return Int16Array.from({ length: rate * seconds }, (_, index) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * index) / rate)),
  );
}

function resample(
  samples: Int16Array,
  from: number,
  to: number,
  piece = samples.length,
): Int16Array {
  const resampler = createResampler(from, to);
  const parts: number[] = [];
  for (let start = 0; start < samples.length; start += piece) {
    parts.push(...resampler.process(samples.subarray(start, start + piece)));
  }
  parts.push(...resampler.flush());
  return Int16Array.from(parts);
}

describe('changing the rate', () => {
  const RATES = [11_025, 16_000, 22_050, 44_100, 48_000];

  it.each(RATES)('keeps the length and the tones from %i to 8000', (rate) => {
    const heard = resample(tone(1000, rate, 0.5), rate, 8000);
    expect(Math.abs(heard.length - 4000)).toBeLessThanOrEqual(1);
    const middle = heard.subarray(200, 3800);
    expect(powerAt(middle, 1000) / (AMPLITUDE ** 2 / 2)).toBeCloseTo(1, 1);
    expect(powerAt(middle, 1000) / totalPower(middle)).toBeGreaterThan(0.999);
  });

  it.each(RATES)('lets nothing above 4 kHz through as a lower tone from %i', (rate) => {
    const heard = resample(tone(4600, rate, 0.5), rate, 8000).subarray(200, 3800);
    expect(totalPower(heard) / (AMPLITUDE ** 2 / 2)).toBeLessThan(1e-4);
  });

  it('gives the same whatever the pieces', () => {
    const samples = tone(700, 44_100, 0.2);
    const whole = resample(samples, 44_100, 8000);
    for (const piece of [1, 7, 160, 5000]) {
      expect(resample(samples, 44_100, 8000, piece)).toEqual(whole);
    }
  });

  it('goes up as well', () => {
    const heard = resample(tone(1000, 8000, 0.5), 8000, 48_000);
    expect(powerAt(heard.subarray(2000, 20_000), 1000, 48_000)).toBeGreaterThan(4.8e7);
  });

  it.each([0, 3999, 8000.5, 400_000])('refuses %d samples a second', (rate) => {
    expect(() => createResampler(rate, 8000)).toThrow(
      expect.objectContaining({ code: 'bad-value' }),
    );
  });

  it('takes the mean of channels', () => {
    expect([...mixToMono([Int16Array.of(100, -3), Int16Array.of(300, 0)])]).toEqual([200, -1]);
    expect(mixToMono([])).toHaveLength(0);
  });
});
