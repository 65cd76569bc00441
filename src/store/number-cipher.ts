import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { E164 } from '../domain/ids.ts';
import type { StoreKeys } from './data-key.ts';
import { StoreFailure } from './failure.ts';

/** Encrypts telephone numbers, each bound to its place, and finds equal ones by a keyed index. */
export interface NumberCipher {
  /**
   * @param place table, column and row; a sealed number copied elsewhere does not open
   * @throws StoreFailure `invalidChange` if this is no E.164 number
   */
  seal(number: E164, place: string): Buffer;
  /** @throws StoreFailure `damaged` */
  open(sealed: Uint8Array, place: string): E164;
  /** Equal for equal numbers; tells nothing without the key. */
  index(number: E164): Buffer;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A plus sign and at most 15 digits (E.164), padded so that the length tells nothing. */
const PLAIN_BYTES = 16;
const SEALED_BYTES = 1 + NONCE_BYTES + TAG_BYTES + PLAIN_BYTES;
const NUMBER = /^\+[1-9][0-9]{1,14}$/;

/** AES-256-GCM (NIST SP 800-38D) with random nonces, and HMAC-SHA-256 for the index. */
export function createNumberCipher(keys: Pick<StoreKeys, 'numbers' | 'index'>): NumberCipher {
  return {
    seal(number, place) {
      const plain = Buffer.alloc(PLAIN_BYTES);
      plain.write(checked(number, place), 'latin1');
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys.numbers, nonce);
      cipher.setAAD(Buffer.from(place));
      const text = cipher.update(plain);
      cipher.final();
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, place) {
      try {
        return open(sealed, place, keys.numbers);
      } catch (error) {
        const message = `store: the telephone number in ${place} cannot be decrypted`;
        throw new StoreFailure('damaged', message, { cause: error });
      }
    },
    index(number) {
      return createHmac('sha256', keys.index).update(number).digest();
    },
  };
}

function open(sealed: Uint8Array, place: string, key: Buffer): E164 {
  if (sealed.length !== SEALED_BYTES || sealed[0] !== VERSION) throw new Error('unknown format');
  const tagAt = 1 + NONCE_BYTES;
  const textAt = tagAt + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, tagAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(tagAt, textAt));
  const plain = Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
  const end = plain.indexOf(0);
  return `+${plain.toString('latin1', 1, end === -1 ? PLAIN_BYTES : end)}`;
}

function checked(number: string, place: string): string {
  if (NUMBER.test(number)) return number;
  throw new StoreFailure('invalidChange', `store: ${place} is given what is no E.164 number`);
}
