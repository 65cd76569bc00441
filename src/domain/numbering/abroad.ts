import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode, E164 } from '../ids.ts';
import type { NumberPolicy, NumberRule } from './policy.ts';

/** Inmarsat, the mobile satellite networks, and the international networks (ITU-T E.164 annex). */
const SATELLITE = /^\+(?:870|881|882|883)/u;

/**
 * The rule against a number of a country outside the North American Numbering Plan: the country must
 * be allowed, or the number itself (`isAllowed`), and it must be a telephone by libphonenumber's tables.
 */
export function abroad(
  number: E164,
  policy: NumberPolicy,
  isAllowed: boolean,
): NumberRule | undefined {
  if (SATELLITE.test(number)) return 'satellite';
  const parsed = parsePhoneNumberFromString(number);
  const country = parsed?.country;
  if (parsed === undefined || country === undefined) return isAllowed ? 'invalid' : 'notNanp';
  if (!isAllowed && !policy.allowCountries.has(country)) return 'notNanp';
  if (!parsed.isValid()) return 'invalid';
  switch (parsed.getType()) {
    case 'FIXED_LINE':
    case 'MOBILE':
    case 'FIXED_LINE_OR_MOBILE':
    case 'VOIP':
      return undefined;
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
      return 'premium';
    case 'TOLL_FREE':
      return 'tollFree';
    case 'PERSONAL_NUMBER':
      return 'personal';
    default:
      return 'serviceCode';
  }
}

/** The country of a number outside the plan, if its digits tell. */
export function countryOf(number: E164): CountryCode | undefined {
  return parsePhoneNumberFromString(number)?.country;
}
