import { randomBytes } from 'node:crypto';
import type { AgentId, TrunkId } from '../domain/ids.ts';
import type { AuthenticatedRequest, Authentication } from '../engine/phones.ts';
import type { Log } from '../engine/ports.ts';
import { type DigestAlgorithm, formatChallenge } from '../protocol/digest/challenge.ts';
import {
  type DigestCredentials,
  digestSecret,
  parseCredentials,
  provesSecret,
} from '../protocol/digest/credentials.ts';
import { DigestError } from '../protocol/digest/fields.ts';
import { isDigestUriOf } from './digest-uri.ts';
import { type FailureLimitOptions, FailureLimits } from './failure-limits.ts';
import { Nonces } from './nonces.ts';

/** Who may prove who they are, by SIP user. */
export type Account =
  | { readonly kind: 'agent'; readonly agentId: AgentId; readonly secret: string }
  | { readonly kind: 'trunk'; readonly trunk: TrunkId; readonly secret: string };

export interface AuthenticatorOptions {
  readonly realm: string;
  /** From the configuration as it is now. */
  readonly findAccount: (user: string) => Account | undefined;
  /**
   * What we ask for. With `MD5`, which every phone knows, SHA-256 is taken too; with `SHA-256`
   * nothing less is taken, so that nobody can talk a phone down (RFC 7616 section 5.8).
   */
  readonly algorithm: DigestAlgorithm;
  readonly nonceLifetimeMs: number;
  readonly failureLimits: FailureLimitOptions;
  readonly now: () => number;
  readonly log: Log;
}

const MAX_NONCES = 20_000;
/** Longer names are nobody's, and do not belong into tables. */
const MAX_USER_LENGTH = 100;

/** Digest authentication (RFC 7616, RFC 3261 section 22) that cannot be replayed. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #nonces: Nonces;
  readonly #limits: FailureLimits;
  /** Stands in for the secret of users that do not exist: they cost and answer the same. */
  readonly #nobodysSecret = randomBytes(16).toString('hex');

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#nonces = new Nonces({
      lifetimeMs: options.nonceLifetimeMs,
      maxRemembered: MAX_NONCES,
    });
    this.#limits = new FailureLimits(options.failureLimits);
  }

  /** Never throws. */
  authenticate(request: AuthenticatedRequest): Authentication {
    const credentials = readCredentials(request.authorization);
    if (credentials === undefined || !this.#answersUs(credentials)) return this.#challenge(false);
    const now = this.#options.now();
    const user = credentials.username;
    const attempt = { user, address: addressOf(request.source) };
    if (user.length > MAX_USER_LENGTH || this.#limits.refuses(attempt, now)) {
      return { result: 'refused' };
    }
    const account = this.#options.findAccount(user);
    if (!this.#proves(credentials, account, request) || account === undefined) {
      this.#limits.failed(attempt, now);
      this.#logFailure(account, attempt.address);
      return { result: 'refused' };
    }
    this.#limits.proved(attempt);
    const use = this.#nonces.use(credentials.nonce, credentials.use?.count ?? 0, now);
    // A nonce from before our restart is answered like an old one: the phone just tries again.
    if (use !== 'fresh') return this.#challenge(true);
    return account.kind === 'agent'
      ? { result: 'agent', agentId: account.agentId }
      : { result: 'trunk', trunk: account.trunk };
  }

  #challenge(stale: boolean): Authentication {
    const { realm, algorithm, now } = this.#options;
    const nonce = this.#nonces.issue(now());
    const challenge = formatChallenge({ realm, nonce, algorithm, qopAuth: true, stale });
    return { result: 'challenge', challenge };
  }

  /** Only known users are worth a warning: anybody may fill the log with others. */
  #logFailure(account: Account | undefined, source: string): void {
    const { log } = this.#options;
    if (account === undefined) log.debug('digest credentials of nobody', { source });
    else if (account.kind === 'agent') {
      log.warn('wrong digest credentials', { agentId: account.agentId, source });
    } else log.warn('wrong digest credentials', { trunk: account.trunk, source });
  }

  /** Whether these are an answer to a challenge of ours at all. */
  #answersUs(credentials: DigestCredentials): boolean {
    const { realm, algorithm } = this.#options;
    const strongEnough = algorithm === 'MD5' || credentials.algorithm === 'SHA-256';
    return credentials.realm === realm && credentials.use !== undefined && strongEnough;
  }

  #proves(
    credentials: DigestCredentials,
    account: Account | undefined,
    request: AuthenticatedRequest,
  ): boolean {
    const { username, realm, algorithm } = credentials;
    const password = account?.secret ?? this.#nobodysSecret;
    const secret = digestSecret(algorithm, { username, realm, password });
    const proved = provesSecret(credentials, secret, request.method);
    return isDigestUriOf(credentials.uri, request.requestUri) && proved;
  }
}

function readCredentials(authorization: string | undefined): DigestCredentials | undefined {
  if (authorization === undefined) return undefined;
  try {
    return parseCredentials(authorization);
  } catch (error) {
    if (error instanceof DigestError) return undefined;
    throw error;
  }
}

/** `192.0.2.1:5060`, `[2001:db8::1]:5060` or `2001:db8::1:5060` without its port. */
function addressOf(source: string): string {
  const colon = source.lastIndexOf(':');
  return colon < 0 ? source : source.slice(0, colon);
}
