import type { NotificationSettings } from '../notification/settings.ts';
import type { Scope } from './scope.ts';

/** The HTTP API, as operators write it in `config/api.yaml`. */
export interface ApiSettings extends NotificationSettings {
  /** Read at start; a change needs a new start. */
  readonly server: ApiServerSettings;
  /** Requests allowed in each minute. */
  readonly rateLimits: RateLimitSettings;
  readonly keys: ReadonlyMap<KeyId, ApiKeySettings>;
}

/** A name that operators give to a program that uses the API. */
type KeyId = string;

export interface ApiServerSettings {
  /** Off: nothing listens. */
  readonly enabled: boolean;
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Undefined: plain HTTP, for this machine or behind a proxy. Absolute paths of PEM files. */
  readonly tls: { readonly keyFile: string; readonly certificateFile: string } | undefined;
  readonly maxConnections: number;
  /** Longest body of a request. */
  readonly maxBodyBytes: number;
  /** A request that has not come in whole by then is refused with 408. */
  readonly requestSeconds: number;
}

export interface RateLimitSettings {
  readonly perKeyPerMinute: number;
  /** Counted before the key is looked at, so that keys cannot be guessed quickly. */
  readonly perAddressPerMinute: number;
}

/** A key written in the file; others are kept in the store. */
interface ApiKeySettings {
  /** What the program sends as Bearer token (RFC 6750). */
  readonly secret: string;
  readonly scopes: readonly Scope[];
}
