import { createHash, timingSafeEqual } from 'node:crypto';
import { SCOPES, type Scope } from '../../domain/access/scope.ts';
import type { ApiSettings } from '../../domain/access/settings.ts';
import type { ApiStore } from '../../engine/api-records.ts';

/** Who asks. */
export interface KeyHolder {
  /** Of the key; a key of `api.yaml` is `config:` and its name. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Longer ones are nobody's. */
const MAX_SECRET_LENGTH = 128;
const BEARER = /^Bearer ([\x21-\x7e]+)$/iu;

/** The secret in an Authorization header (RFC 6750 section 2.1); undefined if there is none. */
export function bearerSecret(header: string | undefined): string | undefined {
  const secret = BEARER.exec(header ?? '')?.[1];
  return secret !== undefined && secret.length <= MAX_SECRET_LENGTH ? secret : undefined;
}

/** As keys are kept: SHA-256 of the secret, in hexadecimal. Enough, since secrets are random. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Finds the holder of a secret among the keys of the file and of the store. */
export class KeyRing {
  readonly #store: Pick<ApiStore, 'apiKeyOf'>;
  readonly #keys: () => ApiSettings['keys'];
  /** Those of the file as hashed last, and from what. */
  #hashed: { readonly from: ApiSettings['keys']; readonly holders: readonly HashedHolder[] };

  constructor(keys: () => ApiSettings['keys'], store: Pick<ApiStore, 'apiKeyOf'>) {
    this.#keys = keys;
    this.#store = store;
    const from = keys();
    this.#hashed = { from, holders: hashedHolders(from) };
  }

  /** Undefined if the secret is no key's, or the key was revoked. @throws StoreFailure */
  async holderOf(secret: string): Promise<KeyHolder | undefined> {
    const hash = secretHash(secret);
    const found = this.#inFile(hash);
    if (found !== undefined) return found;
    const key = await this.#store.apiKeyOf(hash);
    if (key === undefined || key.revokedAt !== undefined || !isEqual(key.secretHash, hash)) {
      return undefined;
    }
    return { id: key.id, scopes: knownScopes(key.scopes) };
  }

  /** Looks at every key, so that the time tells nothing of which one was near. */
  #inFile(hash: string): KeyHolder | undefined {
    const keys = this.#keys();
    if (keys !== this.#hashed.from) this.#hashed = { from: keys, holders: hashedHolders(keys) };
    let found: KeyHolder | undefined;
    for (const one of this.#hashed.holders) if (isEqual(one.hash, hash)) found = one.holder;
    return found;
  }
}

interface HashedHolder {
  readonly hash: string;
  readonly holder: KeyHolder;
}

function hashedHolders(keys: ApiSettings['keys']): readonly HashedHolder[] {
  return [...keys].map(([name, { secret, scopes }]) => ({
    hash: secretHash(secret),
    holder: { id: `config:${name}`, scopes: new Set(scopes) },
  }));
}

/** In a time that does not depend on where they differ. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A scope that a later version knows allows nothing here. */
function knownScopes(names: readonly string[]): ReadonlySet<Scope> {
  return new Set(SCOPES.filter((scope) => names.includes(scope)));
}
