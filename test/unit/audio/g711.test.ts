import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { A_LAW, decodeG711, encodeG711, MU_LAW } from '../../../src/protocol/audio/g711.ts';

describe('G.711', () => {
  // Values of ITU-T G.191's reference software.
  it.each([
    [
      'mu-law',
      MU_LAW,
      [
        [0, 0xff],
        [-1, 0x7f],
        [1000, 0xce],
        [-1000, 0x4e],
        [32767, 0x80],
        [-32768, 0x00],
      ],
    ],
    [
      'A-law',
      A_LAW,
      [
        [0, 0xd5],
        [-1, 0x55],
        [1000, 0xfa],
        [-1000, 0x7a],
        [32767, 0xaa],
        [-32768, 0x2a],
      ],
    ],
  ] as const)('encodes as %s', (_name, law, pairs) => {
    for (const [sample, code] of pairs) expect(law.encode[sample & 0xffff]).toBe(code);
  });

  it.each([
    [
      'mu-law',
      MU_LAW,
      [
        [0xff, 0],
        [0x80, 32124],
        [0x00, -32124],
        [0xce, 988],
      ],
    ],
    [
      'A-law',
      A_LAW,
      [
        [0xd5, 8],
        [0xaa, 32256],
        [0x2a, -32256],
        [0xfa, 1008],
      ],
    ],
  ] as const)('decodes %s', (_name, law, pairs) => {
    for (const [code, sample] of pairs) expect(law.decode[code]).toBe(sample);
  });

  it.each([
    ['mu-law', MU_LAW],
    ['A-law', A_LAW],
  ] as const)('gives back the %s code of every code', (name, law) => {
    for (let code = 0; code < 256; code++) {
      const again = law.encode[(law.decode[code] ?? 0) & 0xffff];
      // mu-law has two codes for zero.
      expect(again).toBe(name === 'mu-law' && code === 0x7f ? 0xff : code);
    }
  });

  it.each([
    ['mu-law', MU_LAW],
    ['A-law', A_LAW],
  ] as const)('is off by a small share of the sample in %s', (_name, law) => {
    fc.assert(
      fc.property(fc.integer({ min: -32000, max: 32000 }), (sample) => {
        const decoded = law.decode[law.encode[sample & 0xffff] ?? 0] ?? 0;
        expect(Math.abs(decoded - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 16);
      }),
    );
  });

  it('writes where it is told and no further', () => {
    const into = new Uint8Array(6).fill(1);
    encodeG711(MU_LAW, new Int16Array(8), into, 4);
    expect([...into]).toEqual([1, 1, 1, 1, 0xff, 0xff]);
    expect([...decodeG711(MU_LAW, into.subarray(4))]).toEqual([0, 0]);
  });
});
