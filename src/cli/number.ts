import type { E164 } from '../domain/ids.ts';
import { AGED_OFF_NUMBER } from '../domain/retention/policy.ts';
import { maskNumber } from '../observe/mask.ts';

/** A customer's number as people may see it. */
export function shownNumber(number: E164): string {
  return number === AGED_OFF_NUMBER ? 'destroyed, it was over age' : maskNumber(number);
}
