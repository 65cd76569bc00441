import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { E164 } from '../ids.ts';
import type { NumberCheck, NumberPolicy, NumberRule } from './policy.ts';

const MAX_LENGTH = 40;

/** What carriers send in place of a withheld number (RFC 3323 section 4.1.1.3 and habit). */
const WITHHELD = new Set([
  'anonymous',
  'restricted',
  'unavailable',
  'unknown',
  'private',
  'withheld',
  'blocked',
  // The words ANONYMOUS and RESTRICTED on a telephone's keys, as some gateways send them.
  '266696687',
  '7378742883',
]);

/** Toll-free area codes in use, and those kept for more of them (NANPA). */
const TOLL_FREE = /^8(?:00|22|33|44|55|66|77|8\d)$/u;

/** Area codes that belong to no place: personal numbers (5XX) and Canada's 6XX. Dear and untraceable. */
const NON_GEOGRAPHIC =
  /^(?:500|52[1-9]|53[2358]|54[2-79]|55[02-468]|566|569|57[78]|58[89]|600|622|633|644|655|677|688)$/u;

/** Exchanges that are no subscriber's: carrier access (950), plant tests (958, 959). */
const NETWORK_EXCHANGES = new Set(['950', '958', '959']);

/** A number's parts in the North American Numbering Plan: area code, exchange, line. */
interface NanpNumber {
  readonly area: string;
  readonly exchange: string;
  readonly line: string;
}

/**
 * Whether a callback may be promised to `raw`: an ANI as the carrier gave it, or digits keyed with
 * or without the leading 1. Only digits and what people write between them is read; a URI never is.
 * Total: any text gets an answer. Rules of the plan: nationalnanpa.com, and libphonenumber's.
 */
export function checkCallbackNumber(raw: string, policy: NumberPolicy): NumberCheck {
  const text = raw.trim().toLowerCase();
  if (WITHHELD.has(text)) return refused('anonymous');
  if (text.length > MAX_LENGTH || !/^\+?[\d ().-]*$/u.test(text)) return refused('invalid');
  const national = nationalDigits(text);
  if (national === undefined) return refused('notNanp');
  const number: E164 = `+1${national}`;
  if (policy.ownNumbers.has(number)) return refused('own');
  const parts = split(national);
  const rule = ruleAgainst(parts);
  if (rule !== undefined) return refused(rule);
  if (isFictional(parts))
    return policy.allowFictional ? { ok: true, number } : refused('fictional');
  return isAssignable(number) ? { ok: true, number } : refused('invalid');
}

function refused(rule: NumberRule): NumberCheck {
  return { ok: false, rule };
}

/** The ten digits; undefined if the number is of another country or has not ten. */
function nationalDigits(text: string): string | undefined {
  const digits = text.replace(/\D/gu, '');
  if (digits.length === 11 && digits.startsWith('1')) return digits.slice(1);
  return digits.length === 10 && !text.startsWith('+') ? digits : undefined;
}

function split(national: string): NanpNumber {
  return { area: national.slice(0, 3), exchange: national.slice(3, 6), line: national.slice(6) };
}

function ruleAgainst({ area, exchange, line }: NanpNumber): NumberRule | undefined {
  if (isServiceCode(area) || isServiceCode(exchange)) return 'serviceCode';
  if (!/^[2-9]/u.test(area) || !/^[2-9]/u.test(exchange)) return 'invalid';
  if (area === '900' || exchange === '976') return 'premium';
  if (TOLL_FREE.test(area)) return 'tollFree';
  if (NON_GEOGRAPHIC.test(area)) return 'personal';
  if (NETWORK_EXCHANGES.has(exchange)) return 'serviceCode';
  // Of the exchange 555 only 01XX is anything but a service such as 555-1212.
  if (exchange === '555' && !line.startsWith('01')) return 'serviceCode';
  return undefined;
}

/** 211 to 911. */
function isServiceCode(code: string): boolean {
  return /^[2-9]11$/u.test(code);
}

function isFictional({ exchange, line }: NanpNumber): boolean {
  return exchange === '555' && line.startsWith('01');
}

/** Whether the plan has such numbers at all, by libphonenumber's full tables. */
function isAssignable(number: E164): boolean {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined || !parsed.isValid()) return false;
  const type = parsed.getType();
  return type === 'FIXED_LINE' || type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
}
