import { describe, expect, it } from 'vitest';
import { shareAt, totalPower } from '../../../src/protocol/audio/spectrum.ts';
import { createToneGenerator } from '../../../src/protocol/audio/tone-generator.ts';
import { parseToneScript } from '../../../src/protocol/audio/tone-script.ts';

/** All that a script plays, at most a minute of it. */
function played(text: string): Int16Array {
  const generator = createToneGenerator(parseToneScript(text));
  const samples = new Int16Array(8000 * 60);
  let filled = 0;
  while (filled < samples.length) {
    const frame = samples.subarray(filled, filled + 160);
    const count = generator.fill(frame);
    filled += count;
    if (count < frame.length) break;
  }
  return samples.slice(0, filled);
}

describe('tone scripts', () => {
  it.each([
    ['%(100,50,440)', 1200],
    ['%(100,50,440);%(10,0,500)', 1280],
    [' %(100,50,440) \n %(10,0,500)', 1280],
    ['1(100,50)', 1200],
    // teletone's own defaults are 2000 and 500 samples.
    ['1', 2500],
    ['d=100;w=50;12', 2400],
    ['L=3;%(100,0,440)', 2400],
    ['l=3;%(100,0,440);%(100,0,440)', 3200],
    ['%(100,0,440);loops=3', 2400],
    ['%(100,0,440);loops=0', 800],
    ['L=2;%(100,0,440);loops=2', 3200],
    ['%(0,0,440);loops=-1', 0],
    ['v=-10', 0],
    ['', 0],
  ])('%j plays %i samples', (text, samples) => {
    expect(played(text)).toHaveLength(samples);
  });

  it('play for ever with loops=-1', () => {
    expect(played('%(100,0,440);loops=-1')).toHaveLength(8000 * 60);
  });

  it('have the frequencies they name, then silence', () => {
    const samples = played('%(200,100,440,480)');
    expect(shareAt(samples.subarray(0, 1600), [440, 480])).toBeGreaterThan(0.99);
    expect(totalPower(samples.subarray(1600))).toBe(0);
  });

  it('have the keys of the telephone', () => {
    const samples = played('5(100,0)#(100,0)');
    expect(shareAt(samples.subarray(0, 800), [770, 1336])).toBeGreaterThan(0.98);
    expect(shareAt(samples.subarray(800), [941, 1477])).toBeGreaterThan(0.98);
  });

  it('are as loud as teletone makes them', () => {
    const peak = (text: string): number => Math.max(...played(text));
    // 32767 * sqrt(2) * 10^((-7 - 6.16) / 20)
    expect(peak('%(100,0,500)')).toBeGreaterThan(10_150);
    expect(peak('%(100,0,500)')).toBeLessThan(10_200);
    expect(peak('v=-27;%(100,0,500)') / peak('v=-7;%(100,0,500)')).toBeCloseTo(0.1, 2);
  });

  it('change their volume by steps', () => {
    const samples = played('>=10;+=3;%(200,0,1000)');
    const first = totalPower(samples.subarray(0, 80));
    const second = totalPower(samples.subarray(80, 160));
    expect(10 * Math.log10(first / second)).toBeCloseTo(3, 1);
  });

  it('begin later passes with the settings the first ended with', () => {
    const samples = played('L=2;%(100,0,500);v=-27');
    const loudness = totalPower(samples.subarray(0, 800)) / totalPower(samples.subarray(800));
    expect(10 * Math.log10(loudness)).toBeCloseTo(20, 0);
  });

  it.each([
    '%(100)',
    '%(100,50)',
    '%(100,50,440',
    '%(a,b,c)',
    '%(-1,0,440)',
    '%(100,0,9000)',
    '1(100)',
    'x',
    'q=3',
    'v=5',
    'v=loud',
    'c=2',
    'r=16000',
    '%(99999999,0,440)',
    'L=-1;%(1,0,440)',
    '%(100,0,440);loops=forever',
    `%(1,0${',440'.repeat(19)})`,
    '1'.repeat(600),
    ' '.repeat(5000),
  ])('are refused when they are %j', (text) => {
    expect(() => parseToneScript(text)).toThrow(
      expect.objectContaining({ name: 'AudioError', code: 'bad-script' }),
    );
  });
});
