/**
 * Telephone numbers as people may see them. A mask keeps what tells calls apart at a glance: for
 * NANP the country and area code and the last two digits, otherwise the last two.
 */

/** Digits in any script, since an attacker chooses what stands in a header. */
const DIGIT = String.raw`\p{Nd}`;
/** What people and programs put between the digits of a number, percent-encoded too. */
const BETWEEN = String.raw`(?:[\p{Zs}\t.\-()/_~\u2010-\u2015\u2212\u00b7\u2022]|%20|%2[89dDeE])`;
/** Shorter runs are ports, durations and short codes. */
const MIN_DIGITS = 7;
const NUMBER = new RegExp(
  String.raw`(?:\+|%2[bB])?\(?${DIGIT}(?:${BETWEEN}{0,3}${DIGIT}){${MIN_DIGITS - 1},}`,
  'gu',
);
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const DATE = String.raw`\d{4}-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d:[0-6]\d(?:\.\d{1,3})?Z?)?`;
const UUID = String.raw`[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}`;
/**
 * Dotted quads, dates and UUIDs are no telephone numbers, unless more digits stand beside them; none
 * begins within a percent-encoded space.
 */
const HARMLESS = new RegExp(
  String.raw`(?<![\p{L}\p{Nd}+%]|${DIGIT}${BETWEEN}{1,3})` +
    String.raw`(?:${OCTET}(?:\.${OCTET}){3}|${DATE}|${UUID})` +
    String.raw`(?![\p{L}\p{Nd}]|${BETWEEN}{1,3}${DIGIT})`,
  'gu',
);

/** `+12025550123` -> `+1 202 ••• ••23`; a number of another plan -> `+••••••••••23`. */
export function maskNumber(number: string): string {
  const digits = number.replaceAll(/[^\p{Nd}]/gu, '');
  const nanp = /^1?([2-9]\d{2})\d{5}(\d{2})$/.exec(digits);
  if (nanp !== null) return `+1 ${nanp[1]} ••• ••${nanp[2]}`;
  const plus = number.startsWith('+') ? '+' : '';
  return `${plus}${'•'.repeat(Math.max(0, digits.length - 2))}${lastTwo(digits)}`;
}

/** Masks whatever looks like a telephone number in a text; the rest is kept. */
export function maskNumbersIn(text: string): string {
  let masked = '';
  let keptUntil = 0;
  for (const harmless of text.matchAll(HARMLESS)) {
    masked += maskPart(text.slice(keptUntil, harmless.index)) + harmless[0];
    keptUntil = harmless.index + harmless[0].length;
  }
  return masked + maskPart(text.slice(keptUntil));
}

/** Whether something in a text looks like a telephone number, as `maskNumbersIn` masks it. */
export function holdsNumber(text: string): boolean {
  return maskNumbersIn(text) !== text;
}

function maskPart(text: string): string {
  return text.replaceAll(NUMBER, (found) => maskNumber(found));
}

function lastTwo(digits: string): string {
  return digits.length > MIN_DIGITS - 1 ? digits.slice(-2) : '••'.slice(0, digits.length);
}
