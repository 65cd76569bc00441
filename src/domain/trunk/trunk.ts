import type { E164, TrunkId } from '../ids.ts';
import type { AddressRange } from './address-range.ts';

/** A carrier's line, as operators write it in `config/trunks.yaml`. */
export interface Trunk {
  readonly id: TrunkId;
  /** Country of numbers that arrive without one, as ISO 3166-1 alpha-2; always `US` today. */
  readonly country: 'US';
  readonly inbound: TrunkInbound | undefined;
  readonly outbound: TrunkOutbound | undefined;
}

/** Who may bring us calls. At least one of `sources` and `digest` is set; either is enough. */
export interface TrunkInbound {
  /** A request from one of these addresses is the trunk's. */
  readonly sources: readonly AddressRange[];
  /** What the carrier must prove by digest when its address is not one of `sources`. */
  readonly digest: Credentials | undefined;
  readonly transports: readonly TrunkTransport[];
  /** Whether P-Asserted-Identity (RFC 3325) is believed before From. */
  readonly trustAssertedIdentity: boolean;
}

/** Where our calls leave. They take the first trunk in the file that has this and a free place. */
export interface TrunkOutbound {
  readonly host: string;
  readonly port: number;
  readonly transport: TrunkTransport;
  /** What we answer the carrier's challenge with. */
  readonly credentials: Credentials | undefined;
  /** The number shown to the customer: the one they had dialled, or always the same. */
  readonly callerId: 'dialled' | E164;
  /** How the number called is written in the request: `+12025550123`, `12025550123`, `2025550123`. */
  readonly numberFormat: NumberFormat;
  /** How the number shown is written, in From and P-Asserted-Identity. */
  readonly callerIdFormat: NumberFormat;
  /** Host beside the number shown, such as a domain the carrier gave us; undefined: our SIP address. */
  readonly callerIdHost: string | undefined;
  /** Whether P-Asserted-Identity (RFC 3325) is sent. */
  readonly assertIdentity: boolean;
  /** `id`: the customer's phone shows no number; only the carrier is told it (RFC 3323, RFC 3325). */
  readonly privacy: CallerIdPrivacy;
  /** Calls that we place on it at once. */
  readonly maxCalls: number;
}

/** User and secret of digest authentication (RFC 3261 section 22). */
interface Credentials {
  readonly user: string;
  readonly secret: string;
}

export const TRUNK_TRANSPORTS = ['udp', 'tcp'] as const;
type TrunkTransport = (typeof TRUNK_TRANSPORTS)[number];

export const CALLER_ID_PRIVACY = ['none', 'id'] as const;
type CallerIdPrivacy = (typeof CALLER_ID_PRIVACY)[number];

export const NUMBER_FORMATS = ['e164', 'withoutPlus', 'national'] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];
