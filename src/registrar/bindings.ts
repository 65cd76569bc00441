import type { EpochMs } from '../domain/ids.ts';
import type { RegisteredPhone, Registration } from '../engine/phones.ts';
import { type NameAddress, parseAddressList } from '../protocol/sip/address.ts';
import { SipParseError } from '../protocol/sip/parse-error.ts';
import { parseSipUri } from '../protocol/sip/uri.ts';

export interface BindingLimits {
  /** Shorter ones are refused with 423. At most 3,600 (RFC 3261 section 10.3 step 7). */
  readonly minExpiresSeconds: number;
  /** Longer ones are cut. */
  readonly maxExpiresSeconds: number;
  /** Phones of one agent; beyond, the one registered longest ago goes. */
  readonly maxPhones: number;
}

/** What a REGISTER leads to. */
export type BindingUpdate =
  | { readonly status: 200; readonly phones: readonly RegisteredPhone[]; readonly changed: boolean }
  /** 500: out of order. */
  | { readonly status: 400 | 423 | 500 };

/** One contact of a REGISTER, read and checked. */
interface Wish {
  readonly uri: string;
  readonly key: string;
  /** 0 removes it. */
  readonly expiresSeconds: number;
}

const DEFAULT_EXPIRES_SECONDS = 3_600;
const MAX_CONTACTS = 10;
const MAX_URI_LENGTH = 512;
const MAX_CALL_ID_LENGTH = 256;
const MAX_CSEQ = 2 ** 31;

/**
 * Applies a REGISTER to an agent's phones (RFC 3261 section 10.3), all of it or nothing.
 * @param current without those that have expired; newest first, as is the result
 */
export function applyRegistration(
  current: readonly RegisteredPhone[],
  registration: Registration,
  limits: BindingLimits,
  now: EpochMs,
): BindingUpdate {
  if (!isWellFormed(registration)) return { status: 400 };
  if (registration.contacts.length === 0) return { status: 200, phones: current, changed: false };
  if (registration.contacts.some((contact) => contact.trim() === '*')) {
    return removeAll(current, registration);
  }
  const wishes = readWishes(registration);
  if (wishes === undefined) return { status: 400 };
  const tooShort = ({ expiresSeconds }: Wish) =>
    expiresSeconds > 0 && expiresSeconds < limits.minExpiresSeconds;
  if (wishes.some(tooShort)) return { status: 423 };
  const named = new Set(wishes.map(({ key }) => key));
  const isNamed = (phone: RegisteredPhone) => named.has(keyOf(phone.uri));
  if (current.some((phone) => isNamed(phone) && isLate(phone, registration))) {
    return { status: 500 };
  }
  const added = wishes
    .filter(({ expiresSeconds }) => expiresSeconds > 0)
    .map((wish) => phoneOf(wish, registration, limits, now));
  const kept = current.filter((phone) => !isNamed(phone));
  return { status: 200, phones: [...added, ...kept].slice(0, limits.maxPhones), changed: true };
}

/** A contact for the response: `<sip:anna@192.0.2.1:5060>;expires=60`. */
export function formatContact(phone: RegisteredPhone, now: EpochMs): string {
  const seconds = Math.max(0, Math.ceil((phone.expiresAt - now) / 1_000));
  return `<${phone.uri}>;expires=${seconds}`;
}

function isWellFormed({ callId, cseq, expiresSeconds }: Registration): boolean {
  return (
    callId.length > 0 &&
    callId.length <= MAX_CALL_ID_LENGTH &&
    isWhole(cseq, MAX_CSEQ) &&
    (expiresSeconds === undefined || isWhole(expiresSeconds, Number.MAX_SAFE_INTEGER))
  );
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

/** `Contact: *` with `Expires: 0`. */
function removeAll(current: readonly RegisteredPhone[], registration: Registration): BindingUpdate {
  if (registration.contacts.length !== 1 || registration.expiresSeconds !== 0) {
    return { status: 400 };
  }
  if (current.some((phone) => isLate(phone, registration))) return { status: 500 };
  return { status: 200, phones: [], changed: current.length > 0 };
}

/** Whether a later REGISTER of the same phone has been applied already. */
function isLate(phone: RegisteredPhone, registration: Registration): boolean {
  return phone.callId === registration.callId && registration.cseq <= phone.cseq;
}

/** Undefined if any contact is malformed, overlong, or not a SIP phone's. */
function readWishes(registration: Registration): readonly Wish[] | undefined {
  try {
    const addresses = registration.contacts.flatMap(parseAddressList);
    if (addresses.length > MAX_CONTACTS) return undefined;
    const wishes = addresses.map((address) => wishOf(address, registration.expiresSeconds));
    // Named twice, the last one counts.
    return [...new Map(wishes.map((wish) => [wish.key, wish])).values()];
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

/** @throws SipParseError */
function wishOf({ uri, parameters }: NameAddress, headerSeconds: number | undefined): Wish {
  if (uri.length > MAX_URI_LENGTH) throw new SipParseError('Contact Too Long');
  const expires = parameters.get('expires');
  return {
    uri,
    key: keyOf(uri),
    expiresSeconds: secondsOf(expires) ?? headerSeconds ?? DEFAULT_EXPIRES_SECONDS,
  };
}

/** A malformed one counts as 3,600 (RFC 3261 section 20.10). */
function secondsOf(expires: string | undefined): number | undefined {
  if (expires === undefined) return undefined;
  return /^\d{1,10}$/.test(expires) ? Number(expires) : DEFAULT_EXPIRES_SECONDS;
}

/**
 * The same for URIs that reach the same phone. @throws SipParseError for other schemes than sip and
 * sips, and for URIs with headers
 */
function keyOf(text: string): string {
  const uri = parseSipUri(text);
  if (uri.headers !== undefined) throw new SipParseError('Contact URI Has Headers');
  const transport = uri.parameters.get('transport')?.toLowerCase();
  return JSON.stringify([uri.scheme, uri.user, uri.host, uri.port, transport]);
}

function phoneOf(
  wish: Wish,
  registration: Registration,
  limits: BindingLimits,
  now: EpochMs,
): RegisteredPhone {
  const seconds = Math.min(wish.expiresSeconds, limits.maxExpiresSeconds);
  return {
    uri: wish.uri,
    expiresAt: now + seconds * 1_000,
    source: registration.source,
    callId: registration.callId,
    cseq: registration.cseq,
    registeredAt: now,
  };
}
