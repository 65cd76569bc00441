import { hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StoreFailure, storeFailureOf } from './failure.ts';

/** What is derived from the data key, one key for each use (RFC 5869). */
export interface StoreKeys {
  /** Seals telephone numbers. */
  readonly numbers: Buffer;
  /** Finds a row by its number. */
  readonly index: Buffer;
  /** Seals the end of the ledger. */
  readonly ledger: Buffer;
  /** Not a secret: kept in the database, to recognise the key it was written with. */
  readonly check: Buffer;
}

const KEY_BYTES = 32;
/** Version of the format, then the key. */
const KEY_LINE = /^linekeeper-key-1 ([0-9a-f]{64})\n?$/;

export function deriveKeys(dataKey: Buffer): StoreKeys {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', dataKey, '', `linekeeper ${purpose}`, KEY_BYTES));
  return {
    numbers: derive('number encryption'),
    index: derive('number index'),
    ledger: derive('ledger head'),
    check: derive('key check'),
  };
}

/** Whether two values made with a key are equal, in the same time either way. */
export function sameBytes(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** A key that ends with the process. */
export function passingDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** @throws StoreFailure `keyMissing`, `keyDamaged`, `readOnly` */
export function readDataKey(path: string): Buffer {
  const text = readKeyFile(path);
  if (text === undefined) {
    throw new StoreFailure(
      'keyMissing',
      `store: key file ${path} is missing; without it the telephone numbers cannot be read; ` +
        'restore it from your backup',
    );
  }
  const hex = KEY_LINE.exec(text)?.[1];
  if (hex === undefined) {
    throw new StoreFailure(
      'keyDamaged',
      `store: key file ${path} holds no key ("linekeeper-key-1" and 64 hexadecimal digits)`,
    );
  }
  return Buffer.from(hex, 'hex');
}

/**
 * The key of a new database: the one that is there, or a new one, readable by its owner only and
 * on disk before it is used.
 * @throws StoreFailure
 */
export function readOrMakeDataKey(path: string): Buffer {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return readDataKey(path);
  const key = randomBytes(KEY_BYTES);
  try {
    writeDurably(path, `linekeeper-key-1 ${key.toString('hex')}\n`);
  } catch (error) {
    throw storeFailureOf(error, `making key file ${path}`);
  }
  return key;
}

function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw storeFailureOf(error, `reading key file ${path}`);
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
