import type { E164 } from '../ids.ts';
import { abroad } from './abroad.ts';
import { areaCodeOf, nationalDigits, specialRule } from './plan.ts';
import type { NumberCheck, NumberPolicy, NumberPrefix, NumberRule } from './policy.ts';

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

/** What an entry in `allow` does not lift: nobody could answer there. */
const NEVER_LIFTED: ReadonlySet<NumberRule> = new Set(['invalid', 'serviceCode']);

/**
 * Whether a callback may be promised to `raw`: an ANI as the carrier gave it, or digits keyed with
 * or without the leading 1, or after 011. Only digits and what people write between them is read; a
 * URI never is. Total: any text gets an answer. Rules: the policy's table of the plan, and for other
 * countries libphonenumber.
 */
export function checkCallbackNumber(raw: string, policy: NumberPolicy): NumberCheck {
  const text = raw.trim().toLowerCase();
  if (WITHHELD.has(text)) return refused('anonymous');
  if (text.length > MAX_LENGTH || !/^\+?[\d ().-]*$/u.test(text)) return refused('invalid');
  const number = normalised(text);
  if (number === undefined) return refused('notNanp');
  const rule = ruleAgainst(number, policy);
  return rule === undefined ? { ok: true, number } : refused(rule);
}

function refused(rule: NumberRule): NumberCheck {
  return { ok: false, rule };
}

/** The number in the form of E.164, as it would be dialled from within the plan. */
function normalised(text: string): E164 | undefined {
  const digits = text.replace(/\D/gu, '');
  if (text.startsWith('+')) {
    // +1 must be followed by ten digits; other countries' lengths are checked later.
    return /^(?:1\d{10}|[2-9]\d{6,14})$/u.test(digits) ? `+${digits}` : undefined;
  }
  if (digits.length === 10) return `+1${digits}`;
  if (digits.length === 11 && digits.startsWith('1')) return `+${digits}`;
  return /^011[2-9]\d{6,14}$/u.test(digits) ? `+${digits.slice(3)}` : undefined;
}

function ruleAgainst(number: E164, policy: NumberPolicy): NumberRule | undefined {
  if (policy.ownNumbers.has(number)) return 'own';
  if (policy.only.length > 0 && longest(policy.only, number) === 0) return 'notListed';
  const denied = longest(policy.deny, number);
  const allowed = longest(policy.allow, number);
  if (denied > 0 && denied >= allowed) return 'denied';
  const rule = ruleOfPlan(number, policy, allowed > 0);
  return rule !== undefined && (allowed === 0 || NEVER_LIFTED.has(rule)) ? rule : undefined;
}

/** `isAllowed`: by its digits, so that its country need not be. */
function ruleOfPlan(
  number: E164,
  policy: NumberPolicy,
  isAllowed: boolean,
): NumberRule | undefined {
  const national = nationalDigits(number);
  if (national === undefined) return abroad(number, policy, isAllowed);
  if (!/^[2-9]\d\d[2-9]/u.test(national)) return 'invalid';
  const special = specialRule(national, policy.plan);
  if (special !== undefined && !(special === 'fictional' && policy.allowFictional)) return special;
  const area = areaCodeOf(national, policy.plan);
  if (area === undefined) return 'invalid';
  const dear = policy.plan.regions.get(area.region)?.highCost === true;
  return dear && !policy.allowRegions.has(area.region) ? 'highCost' : undefined;
}

/** The length of the longest prefix that a number begins with; 0 if there is none. */
function longest(prefixes: readonly NumberPrefix[], number: E164): number {
  let length = 0;
  for (const prefix of prefixes) {
    if (prefix.length > length && number.startsWith(prefix)) length = prefix.length;
  }
  return length;
}
