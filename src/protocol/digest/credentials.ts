import { createHash, timingSafeEqual } from 'node:crypto';
import { type DigestAlgorithm, type DigestChallenge, parseAlgorithm } from './challenge.ts';
import { DigestError, parseFields, quoteField, requireField } from './fields.ts';

/** What proves that a nonce is not replayed; both sides must count. */
export interface NonceUse {
  /** Chosen by whoever answers. */
  readonly clientNonce: string;
  /** 1 for the first use of the nonce, then one more each time (RFC 7616 section 3.4). */
  readonly count: number;
}

/** The value of Authorization or Proxy-Authorization (RFC 7616 section 3.4). */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly opaque?: string;
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal. */
  readonly response: string;
  /** Absent without qop (RFC 2069): then nothing keeps the answer from being replayed. */
  readonly use?: NonceUse;
}

/** The secret a server keeps in place of a password: H(user:realm:password), lower-case hexadecimal. */
export function digestSecret(
  algorithm: DigestAlgorithm,
  user: { readonly username: string; readonly realm: string; readonly password: string },
): string {
  return hash(algorithm, `${user.username}:${user.realm}:${user.password}`);
}

/** The response that proves the secret for one request (RFC 7616 section 3.4.1), lower-case hexadecimal. */
function digestResponse(
  secret: string,
  request: { readonly method: string; readonly uri: string },
  proof: Pick<DigestCredentials, 'algorithm' | 'nonce' | 'use'>,
): string {
  const target = hash(proof.algorithm, `${request.method}:${request.uri}`);
  const { nonce, use } = proof;
  const middle =
    use === undefined ? nonce : `${nonce}:${countText(use.count)}:${use.clientNonce}:auth`;
  return hash(proof.algorithm, `${secret}:${middle}:${target}`);
}

/** The credentials that answer a challenge for one request. `use` is left out for a peer that knows no qop. */
export function answerChallenge(
  challenge: DigestChallenge,
  user: { readonly username: string; readonly password: string },
  request: { readonly method: string; readonly uri: string },
  use: NonceUse,
): DigestCredentials {
  const { realm, nonce, algorithm, opaque, qopAuth } = challenge;
  const secret = digestSecret(algorithm, { ...user, realm });
  const proof = { algorithm, nonce, ...(qopAuth ? { use } : {}) };
  return {
    username: user.username,
    realm,
    uri: request.uri,
    response: digestResponse(secret, request, proof),
    ...proof,
    ...(opaque === undefined ? {} : { opaque }),
  };
}

/**
 * Do the credentials prove the secret for a request of this method? Takes the same time either way.
 * Its caller still has to check realm, URI, the age of the nonce, and that its count grows.
 */
export function provesSecret(
  credentials: DigestCredentials,
  secret: string,
  method: string,
): boolean {
  const expected = digestResponse(secret, { method, uri: credentials.uri }, credentials);
  const [given, wanted] = [Buffer.from(credentials.response), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Reads credentials. Throws DigestError on malformed ones, or another algorithm or qop. */
export function parseCredentials(value: string): DigestCredentials {
  const fields = parseFields(value);
  const opaque = fields.get('opaque');
  const use = parseUse(fields);
  return {
    username: requireField(fields, 'username'),
    realm: requireField(fields, 'realm'),
    nonce: requireField(fields, 'nonce'),
    uri: requireField(fields, 'uri'),
    algorithm: parseAlgorithm(fields.get('algorithm')),
    response: requireField(fields, 'response').toLowerCase(),
    ...(opaque === undefined ? {} : { opaque }),
    ...(use === undefined ? {} : { use }),
  };
}

/** Credentials as a header value. */
export function formatCredentials(credentials: DigestCredentials): string {
  const { username, realm, nonce, uri, response, algorithm, opaque, use } = credentials;
  const fields = Object.entries({ username, realm, nonce, uri, response }).map(
    ([name, value]) => `${name}=${quoteField(value)}`,
  );
  fields.push(`algorithm=${algorithm}`);
  if (opaque !== undefined) fields.push(`opaque=${quoteField(opaque)}`);
  if (use !== undefined) {
    const clientNonce = quoteField(use.clientNonce);
    fields.push('qop=auth', `nc=${countText(use.count)}`, `cnonce=${clientNonce}`);
  }
  return `Digest ${fields.join(', ')}`;
}

function parseUse(fields: ReadonlyMap<string, string>): NonceUse | undefined {
  const qop = fields.get('qop');
  if (qop === undefined) return undefined;
  if (qop.toLowerCase() !== 'auth') throw new DigestError('qop is not auth');
  const count = requireField(fields, 'nc');
  if (!/^[0-9A-Fa-f]{8}$/.test(count)) throw new DigestError('malformed nc');
  return { clientNonce: requireField(fields, 'cnonce'), count: Number.parseInt(count, 16) };
}

function countText(count: number): string {
  return count.toString(16).padStart(8, '0');
}

function hash(algorithm: DigestAlgorithm, text: string): string {
  return createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex');
}
