import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BeepDetector } from '../../../src/protocol/audio/beep-detector.ts';
import { MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';
import { musicLike, noise, speechLike } from './sounds.ts';

const FRAME = 160;
const PROMPTS = 'freeswitch/sounds/en/prompts';

function tone(lengthMs: number, amplitude: number, ...frequencies: readonly number[]): Int16Array {
  return Int16Array.from({ length: lengthMs * 8 }, (_, index) =>
    Math.round(
      frequencies.reduce(
        (sum, hz) => sum + amplitude * Math.sin((2 * Math.PI * hz * index) / 8000 + hz),
        0,
      ),
    ),
  );
}

function silence(lengthMs: number): Int16Array {
  return new Int16Array(lengthMs * 8);
}

/** As it arrives: through mu-law. */
function beepsIn(...pieces: readonly Int16Array[]): number {
  const detector = new BeepDetector();
  const sound = Int16Array.from(pieces.flatMap((piece) => [...piece])).map(
    (sample) => MU_LAW.decode[MU_LAW.encode[sample & 0xffff] ?? 0] ?? 0,
  );
  let beeps = 0;
  for (let start = 0; start + FRAME <= sound.length; start += FRAME) {
    if (detector.process(sound.subarray(start, start + FRAME))) beeps += 1;
  }
  return beeps;
}

describe('a beep', () => {
  it.each([400, 440, 620, 1000, 1234, 1400, 2000, 2500])('of %i Hz is heard once', (hz) => {
    expect(beepsIn(silence(333), tone(400, 8000, hz), silence(200))).toBe(1);
  });

  it.each([
    ['soft', tone(400, 800, 1000)],
    ['loud', tone(400, 32_000, 1000)],
    ['short', tone(190, 8000, 1000)],
    ['long', tone(1_400, 8000, 1000)],
  ])('that is %s is heard', (_case, beep) => {
    expect(beepsIn(silence(100), beep, silence(200))).toBe(1);
  });

  it('is heard each time', () => {
    const beep = tone(300, 8000, 1000);
    expect(beepsIn(beep, silence(300), beep, silence(300), beep, silence(100))).toBe(3);
  });

  it('is heard right after a voice, and under some noise', () => {
    const noisy = tone(400, 8000, 1000).map((sample, index) => sample + (hiss[index] ?? 0));
    expect(beepsIn(speechLike(4000), tone(400, 8000, 850), silence(100))).toBe(1);
    expect(beepsIn(silence(100), noisy, silence(100))).toBe(1);
  });
  const hiss = noise(3_200, 400);

  it.each([
    ['silence', silence(2_000)],
    ['noise', noise(16_000, 6_000)],
    ['music', musicLike(80_000)],
    ['speech', speechLike(80_000)],
    ['a key', tone(500, 8000, 770, 1336)],
    ['the dial tone', tone(1_000, 8000, 350, 440)],
    ['ringing', tone(1_400, 8000, 440, 480)],
    ['the busy tone', tone(500, 8000, 480, 620)],
    ['a tone that is too long', tone(2_000, 8000, 1000)],
    ['a click', tone(80, 8000, 1000)],
    ['a hum', tone(500, 8000, 120)],
    ['a tone that can hardly be heard', tone(500, 200, 1000)],
  ])('is not %s', (_case, sound) => {
    expect(beepsIn(silence(100), sound, silence(100))).toBe(0);
  });

  it.each(readdirSync(PROMPTS).filter((name) => name.endsWith('.wav')))(
    'is not in the spoken %s',
    (name) => {
      const { channels, rate } = decodeWav(readFileSync(`${PROMPTS}/${name}`));
      expect(rate).toBe(8000);
      expect(beepsIn(channels[0] ?? silence(0))).toBe(0);
    },
  );
});
