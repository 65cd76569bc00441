import type { E164 } from '../ids.ts';

/** The text as a number if it has the form of E.164: plus sign, 4 to 15 digits, no leading 0. */
export function asE164(text: string | undefined): E164 | undefined {
  return text !== undefined && /^\+[1-9]\d{3,14}$/u.test(text) ? (text as E164) : undefined;
}
