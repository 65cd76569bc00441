import type { E164 } from '../domain/ids.ts';
import type { NumberFormat } from '../domain/trunk/trunk.ts';
import { parseAddress } from '../protocol/sip/address.ts';
import { SipParseError } from '../protocol/sip/parse-error.ts';
import { splitOutsideQuotes } from '../protocol/sip/text.ts';
import { parseSipUri, schemeOf } from '../protocol/sip/uri.ts';

/** Longest number that ITU-T E.164 allows, without the plus sign. */
const MAX_DIGITS = 15;

/**
 * A dialled or calling number in E.164 form: `+12025550123`, `12025550123`, `2025550123`, each with
 * visual separators (RFC 3966). A number without a plus is one of the North American plan.
 * Undefined if it is no number.
 */
export function toE164(text: string): E164 | undefined {
  if (text.length > 40) return undefined;
  const plain = text.replaceAll(/[-.() ]/gu, '');
  if (/^\+[1-9]\d{5,14}$/u.test(plain)) return `+${plain.slice(1)}`;
  if (/^1\d{10}$/u.test(plain)) return `+${plain}`;
  if (/^[2-9]\d{9}$/u.test(plain)) return `+1${plain}`;
  return undefined;
}

/**
 * Who a URI names: the user of `sip:user@host`, the number of `tel:number`; without parameters such
 * as `;user=phone`, `;npdi` or `;phone-context`. Undefined if it names nobody or is malformed.
 */
export function userOf(uri: string): string | undefined {
  try {
    const scheme = schemeOf(uri);
    if (scheme === 'tel') return uri.slice(4).split(';')[0] || undefined;
    return parseSipUri(uri).user?.split(';')[0] || undefined;
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

/** What says who is calling, as header values. */
export interface CallerIdentity {
  readonly from: string;
  readonly assertedIdentity: string | undefined;
  readonly privacy: string | undefined;
  /** Whether P-Asserted-Identity is believed (RFC 3325 section 9.1). */
  readonly trusted: boolean;
}

/** Users that carriers put in place of a number that is withheld or unknown. */
const NOBODY = new Set([
  'anonymous',
  'restricted',
  'unavailable',
  'unknown',
  'private',
  'withheld',
]);

/**
 * The calling number (ANI): E.164 where it looks like that, else its digits as given.
 * Undefined if withheld (RFC 3323 Privacy, RFC 3325 anonymous) or if there is none.
 */
export function callingNumber(identity: CallerIdentity): string | undefined {
  if (isPrivate(identity.privacy)) return undefined;
  const from = firstUser(identity.from);
  const asserted = identity.trusted ? firstUser(identity.assertedIdentity ?? '') : undefined;
  const user = asserted ?? from;
  if (user === undefined || NOBODY.has(user.toLowerCase())) return undefined;
  const number = toE164(user);
  if (number !== undefined) return number;
  const digits = user.replaceAll(/[-.() ]/gu, '');
  return /^\+?\d{1,15}$/u.test(digits) ? digits : undefined;
}

/** Values of Privacy are joined by semicolons (RFC 3323 section 4.2). */
function isPrivate(privacy: string | undefined): boolean {
  const values = (privacy ?? '').toLowerCase().split(/[;,]/u);
  return values.some((value) => ['id', 'user', 'header', 'session'].includes(value.trim()));
}

/** P-Asserted-Identity may hold a SIP and a TEL URI; the first that names a user counts. */
function firstUser(value: string): string | undefined {
  if (value === '') return undefined;
  try {
    const [first = ''] = splitOutsideQuotes(value, ',');
    return userOf(parseAddress(first).uri);
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

/** A number as a carrier wants it written. */
export function formatNumber(number: E164, format: NumberFormat): string {
  const digits = number.replaceAll(/\D/gu, '').slice(0, MAX_DIGITS);
  switch (format) {
    case 'e164':
      return `+${digits}`;
    case 'withoutPlus':
      return digits;
    case 'national':
      return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  }
}
