import type { E164, EpochMs } from '../domain/ids.ts';

/** A program that may use the API. */
export interface ApiKey {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** SHA-256 of the secret, which has 128 random bits or more, in hexadecimal. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly createdAt: EpochMs;
  readonly revokedAt: EpochMs | undefined;
}

/** One message to one subscriber of webhooks. */
export interface Delivery {
  readonly eventId: string;
  /** Name of the subscription. */
  readonly subscription: string;
  /** As it is sent, without telephone numbers; at most `MAX_BODY_LENGTH` characters. */
  readonly body: string;
  readonly createdAt: EpochMs;
  /** Attempts that failed, or the one that succeeded. */
  readonly attempts: number;
  /** Of one that is pending. */
  readonly nextAttemptAt: EpochMs;
  readonly state: 'pending' | 'delivered' | 'abandoned';
}

/** A request that may be sent again and is then answered as before. */
export interface IdempotentRequest {
  /** The client's key, made unique to the client. */
  readonly key: string;
  /** Digest of the request: the same key with another request is a mistake. */
  readonly fingerprint: string;
  /** Undefined while the request is being carried out; at most `MAX_BODY_LENGTH` characters. */
  readonly response: string | undefined;
  readonly expiresAt: EpochMs;
}

export const MAX_BODY_LENGTH = 65_536;

/** What the HTTP side keeps; it writes by `commit` of the store. */
export interface ApiStore {
  /** All, also revoked ones, by their making. */
  apiKeys(): Promise<readonly ApiKey[]>;
  /** Also a revoked one. */
  apiKeyOf(secretHash: string): Promise<ApiKey | undefined>;
  /** Pending messages whose time has come, by that time. */
  deliveriesDue(now: EpochMs, limit: number): Promise<readonly Delivery[]>;
  /** When the next pending message is due; undefined if there is none. */
  nextDeliveryAt(): Promise<EpochMs | undefined>;
  /**
   * Takes an idempotency key for a request, unless it is taken and has not expired: then returns
   * what stands there, unchanged. On disk when it resolves. @throws StoreFailure
   */
  takeIdempotencyKey(
    request: IdempotentRequest,
    now: EpochMs,
  ): Promise<IdempotentRequest | undefined>;
  /** Gives a key back whose request was not carried out. @throws StoreFailure */
  releaseIdempotencyKey(key: string): Promise<void>;
  /** Whether the holder of a number wants no text messages. */
  hasOptedOut(number: E164): Promise<boolean>;
}
