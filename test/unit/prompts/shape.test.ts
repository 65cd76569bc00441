import { describe, expect, it } from 'vitest';
import { peak, rootMeanSquare, shapeSpeech } from '../../../scripts/sound/shape.ts';

const RATE = 8000;
const MARGINS = { beforeMs: 50, afterMs: 100 };

/** Silence, a tone, silence. */
function toneWithin(amplitude: number, silenceSeconds: number, toneSeconds: number): Int16Array {
  const samples = new Int16Array((2 * silenceSeconds + toneSeconds) * RATE);
  for (let index = 0; index < toneSeconds * RATE; index += 1) {
    const value = amplitude * Math.sin((2 * Math.PI * 400 * index) / RATE);
    samples[silenceSeconds * RATE + index] = Math.round(value);
  }
  return samples;
}

describe('shaping speech', () => {
  it('cuts the silence around it down to the margins', () => {
    const shaped = shapeSpeech(toneWithin(8000, 1, 2), MARGINS);
    expect(shaped.length).toBe((0.05 + 2 + 0.1) * RATE);
    expect(shaped.subarray(0, 400).every((sample) => sample === 0)).toBe(true);
    expect(shaped.subarray(-800).every((sample) => sample === 0)).toBe(true);
  });

  it.each([50, 800, 8000, 32_000])('brings amplitude %d to the same level', (amplitude) => {
    const shaped = shapeSpeech(toneWithin(amplitude, 1, 2), MARGINS);
    expect(rootMeanSquare(shaped.subarray(800, -1200))).toBeCloseTo(0.1, 2);
  });

  it('keeps a click from pushing it into clipping', () => {
    const samples = toneWithin(100, 1, 2);
    samples[1.5 * RATE] = 30_000;
    expect(peak(shapeSpeech(samples, MARGINS))).toBeLessThanOrEqual(0.81);
  });

  it('leaves only the margins of silence', () => {
    const shaped = shapeSpeech(new Int16Array(RATE), MARGINS);
    expect(shaped.length).toBe(0.15 * RATE);
    expect(peak(shaped)).toBe(0);
  });

  it('copes with nothing at all', () => {
    expect(shapeSpeech(new Int16Array(0), { beforeMs: 0, afterMs: 0 })).toEqual(new Int16Array(0));
  });
});
