import { createHash, createHmac, randomBytes } from 'node:crypto';
import { canonicalJson } from '../json.ts';
import type { LedgerRow } from '../tables.ts';

/** An end of the chain: the position of an entry, and its hash. */
export interface Link {
  readonly position: number;
  readonly hash: Buffer;
}

/** Before the first entry. */
export const START: Link = { position: 0, hash: Buffer.alloc(32) };

const SALT_BYTES = 16;

/** What an entry's hash covers besides the hash before it. */
type Covered = Pick<LedgerRow, 'position' | 'at' | 'about' | 'what' | 'detail' | 'detail_digest'>;

/**
 * SHA-256 over the hash before and the entry in canonical form, with the digest in place of the
 * detail, so that the detail can be forgotten. Entries from before there were digests cover it itself.
 */
export function chainHash(previous: Buffer, entry: Covered): Buffer {
  const { position, at, about, what, detail, detail_digest: digest } = entry;
  const text = canonicalJson(
    digest === null
      ? { position, at, about, what, detail }
      : { position, at, about, what, detailDigest: digest.toString('hex') },
  );
  return createHash('sha256').update(previous).update(text).digest();
}

/** Without its salt the digest tells nothing, even of details that are easily guessed. */
export function saltDetail(
  detail: string,
): Pick<LedgerRow, 'detail' | 'detail_salt' | 'detail_digest'> {
  const salt = randomBytes(SALT_BYTES);
  return { detail, detail_salt: salt, detail_digest: detailDigest(detail, salt) };
}

/** Whether an entry's detail is the one that its hash covers, by way of the digest. */
export function detailFits({
  detail,
  detail_salt: salt,
  detail_digest: digest,
}: Pick<LedgerRow, 'detail' | 'detail_salt' | 'detail_digest'>): boolean {
  if (digest === null) return salt === null;
  return salt !== null && detailDigest(detail, salt).equals(digest);
}

/** Seals an end of the chain with the key. */
export function linkMac(link: Link, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${link.position} `).update(link.hash).digest();
}

function detailDigest(detail: string, salt: Buffer): Buffer {
  return createHash('sha256').update(salt).update(detail).digest();
}
