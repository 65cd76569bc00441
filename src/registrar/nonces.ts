import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What became of a nonce that a phone sent back. */
export type NonceUse =
  | 'fresh'
  /** Ours, but too old, or this count was used before: a new challenge is due. */
  | 'stale'
  /** Not made by this process. */
  | 'unknown';

export interface NonceOptions {
  readonly lifetimeMs: number;
  /** Nonces in use that are remembered at once; beyond, the oldest go stale early. */
  readonly maxRemembered: number;
}

const TIME_BYTES = 6;
const RANDOM_BYTES = 8;
const SIGNATURE_BYTES = 16;
const SIGNED_BYTES = TIME_BYTES + RANDOM_BYTES;
/** Counts below the highest that may still come, out of order, each once. */
const WINDOW = 32;

interface Counts {
  readonly issuedAt: number;
  highest: number;
  /** Bit n: the count `highest - n` was used. */
  used: number;
}

/**
 * Nonces of digest authentication (RFC 7616 section 5.5), signed with a key of this process, so that
 * a challenge nobody answers costs no memory. Only those that were used are remembered, with the
 * counts they were used with: each count is good once (section 3.4.5).
 */
export class Nonces {
  readonly #options: NonceOptions;
  readonly #key = randomBytes(32);
  readonly #counts = new Map<string, Counts>();
  /** Nonces from this time and earlier have been forgotten, and may not come again. */
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor(options: NonceOptions) {
    this.#options = options;
  }

  issue(now: number): string {
    const nonce = Buffer.alloc(SIGNED_BYTES);
    nonce.writeUIntBE(now, 0, TIME_BYTES);
    randomBytes(RANDOM_BYTES).copy(nonce, TIME_BYTES);
    return Buffer.concat([nonce, this.#sign(nonce)]).toString('base64url');
  }

  /** Takes note of the use; only for credentials whose secret was proved. */
  use(nonce: string, count: number, now: number): NonceUse {
    const issuedAt = this.#issuedAt(nonce);
    if (issuedAt === undefined) return 'unknown';
    const age = now - issuedAt;
    if (age < 0 || age > this.#options.lifetimeMs || count < 1) return 'stale';
    const counts = this.#counts.get(nonce);
    if (counts !== undefined) return countOnce(counts, count) ? 'fresh' : 'stale';
    if (issuedAt <= this.#forgottenUntil) return 'stale';
    this.#forgetOld(now);
    this.#counts.set(nonce, { issuedAt, highest: count, used: 1 });
    return 'fresh';
  }

  #issuedAt(nonce: string): number | undefined {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== SIGNED_BYTES + SIGNATURE_BYTES) return undefined;
    // Decoding is lenient; one nonce must have one spelling, or its counts could be used twice.
    if (bytes.toString('base64url') !== nonce) return undefined;
    const signed = bytes.subarray(0, SIGNED_BYTES);
    const known = timingSafeEqual(bytes.subarray(SIGNED_BYTES), this.#sign(signed));
    return known ? bytes.readUIntBE(0, TIME_BYTES) : undefined;
  }

  #sign(signed: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(signed).digest().subarray(0, SIGNATURE_BYTES);
  }

  /** Makes room for one more. */
  #forgetOld(now: number): void {
    for (const [nonce, { issuedAt }] of this.#counts) {
      const expired = now - issuedAt > this.#options.lifetimeMs;
      if (!expired && this.#counts.size < this.#options.maxRemembered) return;
      this.#counts.delete(nonce);
      this.#forgottenUntil = Math.max(this.#forgottenUntil, issuedAt);
    }
  }
}

/** Whether the count is new; then it is not any more. */
function countOnce(counts: Counts, count: number): boolean {
  const ahead = count - counts.highest;
  if (ahead > 0) {
    counts.used = ahead >= WINDOW ? 1 : ((counts.used << ahead) | 1) >>> 0;
    counts.highest = count;
    return true;
  }
  const bit = 2 ** -ahead;
  if (-ahead >= WINDOW || (counts.used & bit) !== 0) return false;
  counts.used = (counts.used | bit) >>> 0;
  return true;
}
