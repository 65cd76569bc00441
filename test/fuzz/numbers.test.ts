import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayCall } from '../../src/domain/hours/calling-hours.ts';
import { checkCallbackNumber } from '../../src/domain/numbering/check.ts';
import type { NumberPolicy } from '../../src/domain/numbering/policy.ts';
import { numberPolicy, SHIPPED_HOURS, SHIPPED_PLAN } from '../support/number-policy.ts';

/** Texts of every kind, and more of those that are nearly numbers. */
const raw = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(/^ ?\+?[0-9 ().-]{0,40}$/u),
  fc.stringMatching(/^(?:\+?1)?[2-9][0-9]{9}$/u),
  fc.stringMatching(/^(?:\+|011)[2-9][0-9]{5,16}$/u),
  fc
    .tuple(fc.constantFrom(...SHIPPED_PLAN.areaCodes.keys()), fc.stringMatching(/^[2-9][0-9]{6}$/u))
    .map(([area, rest]) => area + rest),
  fc.constantFrom('anonymous', 'RESTRICTED', 'sip:911@example.com', 'tel:+1900', '\u0661\u0662'),
);

const prefixes = fc.array(
  fc.stringMatching(/^[1-9][0-9]{0,10}$/u).map((digits): `+${string}` => `+${digits}`),
  { maxLength: 4 },
);

const policy: fc.Arbitrary<NumberPolicy> = fc
  .record({
    allowFictional: fc.boolean(),
    allowRegions: fc.subarray([...SHIPPED_PLAN.regions.keys()]).map((regions) => new Set(regions)),
    allowCountries: fc
      .subarray(['GB', 'FR', 'MX'])
      .map((all) => new Map(all.map((one) => [one, { timeZones: ['Europe/London'] }]))),
    allow: prefixes,
    deny: prefixes,
    only: fc.oneof(fc.constant([]), prefixes),
    callingHours: fc.constantFrom(undefined, SHIPPED_HOURS),
  })
  .map((changes) => numberPolicy(changes));

/** Written as people do; each way is tried on each number. */
const WAYS: readonly ((digits: string) => string)[] = [
  (digits) => `+1${digits}`,
  (digits) => `1${digits}`,
  (digits) => `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
  (digits) => ` ${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6)} `,
];

describe('any text under any policy', () => {
  it('gets an answer, and what passes is in E.164, neither denied nor unlisted', () => {
    fc.assert(
      fc.property(raw, policy, (text, rules) => {
        const check = checkCallbackNumber(text, rules);
        if (!check.ok) return;
        const { number } = check;
        expect(number).toMatch(/^\+[1-9]\d{6,14}$/u);
        if (rules.only.length > 0) {
          expect(rules.only.some((prefix) => number.startsWith(prefix))).toBe(true);
        }
        const longest = (list: readonly string[]) =>
          Math.max(0, ...list.filter((one) => number.startsWith(one)).map((one) => one.length));
        const denied = longest(rules.deny);
        expect(denied === 0 || denied < longest(rules.allow)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('passes again once it has passed: what was registered can be dialled', () => {
    fc.assert(
      fc.property(raw, policy, (text, rules) => {
        const check = checkCallbackNumber(text, rules);
        if (check.ok) expect(checkCallbackNumber(check.number, rules)).toEqual(check);
      }),
      { numRuns: 5_000 },
    );
  });

  it('gets the same answer however its digits are written', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{10}$/u), policy, (digits, rules) => {
        const plain = checkCallbackNumber(digits, rules);
        for (const way of WAYS) expect(checkCallbackNumber(way(digits), rules)).toEqual(plain);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leads to an area that is dear, special or out of service, unless allowed by name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[2-9][0-9]{2}[2-9][0-9]{6}$/u), (digits) => {
        const check = checkCallbackNumber(digits, numberPolicy({ allowFictional: false }));
        if (!check.ok) return;
        const area = SHIPPED_PLAN.areaCodes.get(digits.slice(0, 3));
        expect(area).toBeDefined();
        expect(SHIPPED_PLAN.regions.get(area?.region ?? '')?.highCost).toBe(false);
        expect(digits).not.toMatch(/^...(?:.11|555|976|950|958|959)/u);
      }),
      { numRuns: 20_000 },
    );
  });

  it('that passes has hours in which it may be called', () => {
    const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2034, 0) });
    fc.assert(
      fc.property(raw, policy, moment, (text, rules, at) => {
        const check = checkCallbackNumber(text, rules);
        if (!check.ok) return;
        const time = mayCall(check.number, rules, at);
        if (time.ok) return;
        expect(time.opensAt).toBeGreaterThan(at);
        expect(mayCall(check.number, rules, time.opensAt).ok).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
