import type { AgentId, EpochMs } from '../domain/ids.ts';

/**
 * What the telephony adapter asks the registrar. Both are adapters and do not know each other;
 * they meet here.
 */
export interface PhoneDirectory {
  /** Checks who sent a request, by digest (RFC 7616, RFC 3261 section 22). Never throws. */
  authenticate(request: AuthenticatedRequest): Authentication;
  /** Applies a REGISTER (RFC 3261 section 10.3) of an authenticated agent. */
  register(agentId: AgentId, registration: Registration): Promise<RegistrationResult>;
  /** Where the agent's phones are now, newest first. */
  contacts(agentId: AgentId): readonly PhoneContact[];
}

export interface AuthenticatedRequest {
  readonly method: string;
  /** Request-URI as received. */
  readonly requestUri: string;
  /** Value of Authorization or Proxy-Authorization, if there was one. */
  readonly authorization: string | undefined;
  /** Source `address:port`, for limits on failed tries. */
  readonly source: string;
}

export type Authentication =
  | { readonly result: 'agent'; readonly agentId: AgentId }
  | { readonly result: 'trunk'; readonly trunk: string }
  /** Send 401 (REGISTER) or 407 with this value of WWW-Authenticate or Proxy-Authenticate. */
  | { readonly result: 'challenge'; readonly challenge: string }
  /** Wrong secret, or too many failures: 403. A replay is challenged anew, as an old nonce is. */
  | { readonly result: 'refused' };

export interface Registration {
  /** Value(s) of Contact, as received; `*` removes all. */
  readonly contacts: readonly string[];
  /** Value of Expires in seconds, if there was one. */
  readonly expiresSeconds: number | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly source: PhoneSource;
}

/** Where a REGISTER came from; calls go there, so that phones behind NAT are reached. */
export interface PhoneSource {
  readonly protocol: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
  readonly address: string;
  readonly port: number;
}

export interface PhoneContact {
  /** Contact URI as registered, without name and parameters of the header. */
  readonly uri: string;
  readonly expiresAt: EpochMs;
  readonly source: PhoneSource;
}

export type RegistrationResult =
  | {
      readonly status: 200;
      /** Values of Contact for the response, with their remaining `expires`. */
      readonly contacts: readonly string[];
    }
  | { readonly status: 400 | 403 | 423 | 500; readonly minExpiresSeconds?: number };

/** A phone as it is kept, so that it is still known after a restart. */
export interface RegisteredPhone extends PhoneContact {
  /** Dialog and number of the REGISTER that set it (RFC 3261 section 10.3 step 7). */
  readonly callId: string;
  readonly cseq: number;
  readonly registeredAt: EpochMs;
}

/** Where the registrar keeps its phones. */
export interface PhoneStore {
  phones(): Promise<ReadonlyMap<AgentId, readonly RegisteredPhone[]>>;
  /** Replaces an agent's phones; on disk when it resolves. @throws StoreFailure */
  replacePhones(agentId: AgentId, phones: readonly RegisteredPhone[]): Promise<void>;
}
