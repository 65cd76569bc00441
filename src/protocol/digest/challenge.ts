import { DigestError, parseFields, quoteField, requireField } from './fields.ts';

/** The hash of a digest. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** The value of WWW-Authenticate or Proxy-Authenticate (RFC 7616 section 3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  readonly algorithm: DigestAlgorithm;
  /** False only for a peer of RFC 2069, which knows no qop. */
  readonly qopAuth: boolean;
  /** The credentials were good, but their nonce is too old: try again without asking anybody. */
  readonly stale: boolean;
}

/** Reads a challenge. Throws DigestError on a malformed one or one whose algorithm or qop is not supported. */
export function parseChallenge(value: string): DigestChallenge {
  const fields = parseFields(value);
  const qop = fields.get('qop');
  const qopAuth = qop?.split(',').some((choice) => choice.trim().toLowerCase() === 'auth');
  if (qopAuth === false) throw new DigestError('qop is not auth');
  const opaque = fields.get('opaque');
  return {
    realm: requireField(fields, 'realm'),
    nonce: requireField(fields, 'nonce'),
    algorithm: parseAlgorithm(fields.get('algorithm')),
    qopAuth: qopAuth === true,
    stale: fields.get('stale')?.toLowerCase() === 'true',
    ...(opaque === undefined ? {} : { opaque }),
  };
}

/** A challenge as a header value. */
export function formatChallenge(challenge: DigestChallenge): string {
  const fields = [`realm=${quoteField(challenge.realm)}`, `nonce=${quoteField(challenge.nonce)}`];
  if (challenge.opaque !== undefined) fields.push(`opaque=${quoteField(challenge.opaque)}`);
  fields.push(`algorithm=${challenge.algorithm}`);
  if (challenge.qopAuth) fields.push('qop="auth"');
  if (challenge.stale) fields.push('stale=true');
  return `Digest ${fields.join(', ')}`;
}

/** The strongest of the challenges we can answer, or nothing. Those that are malformed are passed over. */
export function chooseChallenge(values: readonly string[]): DigestChallenge | undefined {
  const usable = values.flatMap((value) => {
    try {
      return [parseChallenge(value)];
    } catch (error) {
      if (error instanceof DigestError) return [];
      throw error;
    }
  });
  return usable.find(({ algorithm }) => algorithm === 'SHA-256') ?? usable[0];
}

/** MD5 when absent (RFC 7616 section 3.3). Throws DigestError on one that is not supported. */
export function parseAlgorithm(value: string | undefined): DigestAlgorithm {
  const name = (value ?? 'MD5').toUpperCase();
  if (name !== 'MD5' && name !== 'SHA-256') throw new DigestError('algorithm not supported');
  return name;
}
