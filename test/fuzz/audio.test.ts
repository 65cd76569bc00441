import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDtmfDetector } from '../../src/protocol/audio/dtmf-detector.ts';
import { AudioError } from '../../src/protocol/audio/errors.ts';
import { createToneGenerator } from '../../src/protocol/audio/tone-generator.ts';
import { parseToneScript } from '../../src/protocol/audio/tone-script.ts';
import { decodeWav, encodeWav } from '../../src/protocol/audio/wav.ts';

/** Runs `read`; only the codec's own error may come out of it. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(AudioError);
    return undefined;
  }
}

describe('the WAV reader', () => {
  it('reads or refuses a file with any bytes changed', () => {
    const file = encodeWav(8000, [Int16Array.from({ length: 50 }, (_, index) => index)]);
    const changes = fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(changes, fc.nat({ max: file.length }), (changed, length) => {
        const damaged = Buffer.from(file);
        for (const [place, value] of changed) damaged[place] = value;
        const sound = tried(() => decodeWav(damaged.subarray(0, length)));
        for (const channel of sound?.channels ?? []) {
          expect(channel.length).toBeLessThanOrEqual(damaged.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the tone script reader', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '%(',
      ')',
      ',',
      ';',
      'L=',
      'l=',
      'v=',
      'loops=',
      ';loops=-1',
      '1',
      '#',
      ' ',
      '>=',
    ),
    fc.nat({ max: 2000 }).map(String),
    fc.string({ maxLength: 3 }),
  );

  it('plays or refuses any text, a frame at a time', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }), (parts) => {
        const script = tried(() => parseToneScript(parts.join('')));
        if (!script) return;
        const generator = createToneGenerator(script);
        const frame = new Int16Array(160);
        for (let count = 0; count < 5; count++) {
          expect(generator.fill(frame)).toBeLessThanOrEqual(160);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the DTMF detector', () => {
  it('takes any sound in pieces of any length', () => {
    const sound = fc.array(fc.int16Array({ maxLength: 300 }), { maxLength: 10 });
    fc.assert(
      fc.property(sound, (pieces) => {
        const detector = createDtmfDetector();
        for (const piece of pieces) {
          const found = detector.process(piece);
          if (found) expect('0123456789*#ABCD').toContain(found.digit);
        }
      }),
    );
  });
});
