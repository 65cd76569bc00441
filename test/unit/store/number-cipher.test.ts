import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { E164 } from '../../../src/domain/ids.ts';
import { deriveKeys, passingDataKey } from '../../../src/store/data-key.ts';
import { StoreFailure } from '../../../src/store/failure.ts';
import { createNumberCipher } from '../../../src/store/number-cipher.ts';

const NUMBER: E164 = '+12025550123';
const PLACE = 'tickets.number of ticket-1';
const cipher = createNumberCipher(deriveKeys(passingDataKey()));
const other = createNumberCipher(deriveKeys(passingDataKey()));
const anyNumber = fc.stringMatching(/^[1-9][0-9]{1,14}$/).map((digits): E164 => `+${digits}`);

describe('number cipher', () => {
  test('opens what it sealed', () => {
    fc.assert(
      fc.property(anyNumber, fc.string(), (number, place) => {
        expect(cipher.open(cipher.seal(number, place), place)).toBe(number);
      }),
    );
  });

  test('seals the same number differently each time, and all to one length', () => {
    expect(cipher.seal(NUMBER, PLACE).equals(cipher.seal(NUMBER, PLACE))).toBe(false);
    expect(cipher.seal('+12', PLACE)).toHaveLength(cipher.seal(NUMBER, PLACE).length);
  });

  test('does not open in another place, with another key, or after any change of a bit', () => {
    const sealed = cipher.seal(NUMBER, PLACE);
    expect(() => cipher.open(sealed, 'calls.party of call-1')).toThrow(StoreFailure);
    expect(() => other.open(sealed, PLACE)).toThrow(StoreFailure);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => cipher.open(changed, PLACE)).toThrow(
        expect.objectContaining({ kind: 'damaged' }) as Error,
      );
    }
    expect(() => cipher.open(sealed.subarray(0, 20), PLACE)).toThrow(StoreFailure);
    expect(() => cipher.open(Buffer.alloc(0), PLACE)).toThrow(StoreFailure);
  });

  test('indexes equal numbers alike, and only with the same key', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (one, two) => {
        expect(cipher.index(one).equals(cipher.index(two))).toBe(one === two);
        expect(cipher.index(one).equals(other.index(one))).toBe(false);
      }),
    );
  });

  test.each(['12025550123', '+0', '+', '+1202555012x', '+1234567890123456', '+1202\0', ''])(
    'refuses %j, without saying it',
    (text) => {
      const seal = () => cipher.seal(text as E164, PLACE);
      expect(seal).toThrow(expect.objectContaining({ kind: 'invalidChange' }) as Error);
      expect(seal).not.toThrow('2025550123');
    },
  );
});
