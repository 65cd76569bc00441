import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCallbackNumber } from '../../../src/domain/numbering/check.ts';
import type { NumberPolicy, NumberRule } from '../../../src/domain/numbering/policy.ts';
import { numberPolicy } from '../../support/number-policy.ts';

const STRICT = numberPolicy({ allowFictional: false, ownNumbers: new Set(['+12025550199']) });
const TESTING: NumberPolicy = { ...STRICT, allowFictional: true };

const ACCEPTED: readonly (readonly [raw: string, number: string])[] = [
  ['+12025550123', '+12025550123'],
  ['2025550123', '+12025550123'],
  ['12025550123', '+12025550123'],
  ['+1 (202) 555-0123', '+12025550123'],
  ['202.555.0123', '+12025550123'],
  [' 202 555 0123 ', '+12025550123'],
  ['9075550100', '+19075550100'],
  ['4165550142', '+14165550142'],
  ['7875550142', '+17875550142'],
  ['6715550142', '+16715550142'],
];

const REFUSED: readonly (readonly [raw: string, rule: NumberRule, why: string])[] = [
  ['anonymous', 'anonymous', 'withheld'],
  ['Anonymous', 'anonymous', 'withheld, with a capital'],
  ['restricted', 'anonymous', 'withheld'],
  ['unavailable', 'anonymous', 'withheld'],
  ['Private', 'anonymous', 'withheld'],
  ['266696687', 'anonymous', 'ANONYMOUS on the keys'],
  ['', 'notNanp', 'nothing keyed'],
  ['+', 'notNanp', 'no digits'],
  ['555012', 'notNanp', 'too few digits'],
  ['20255501234', 'notNanp', 'eleven digits that do not begin with 1'],
  ['120255501234', 'notNanp', 'twelve digits'],
  ['+442079460000', 'notNanp', 'United Kingdom'],
  ['011442079460000', 'notNanp', 'international prefix'],
  ['+2025550123', 'notNanp', 'plus sign without the country'],
  ['sip:2025550123@example.com', 'invalid', 'a URI'],
  ['2025550123;phone-context=x', 'invalid', 'a parameter'],
  ['2025550123\r\nX: y', 'invalid', 'a line feed'],
  ['202555012A', 'invalid', 'a letter'],
  ['２０２５５５０１２３', 'invalid', 'digits of another script'],
  ['2'.repeat(41), 'invalid', 'overlong'],
  ['0025550123', 'invalid', 'area code with 0'],
  ['1025550123', 'invalid', 'area code with 1'],
  ['2020550123', 'invalid', 'exchange with 0'],
  ['2021550123', 'invalid', 'exchange with 1'],
  ['7105550100', 'serviceCode', "the government's 710"],
  ['7002345678', 'serviceCode', "carriers' 700"],
  ['2992345678', 'invalid', 'area code that is not assigned'],
  ['9115550123', 'serviceCode', 'N11 as area code'],
  ['2024115555', 'serviceCode', 'N11 as exchange'],
  ['2025551212', 'serviceCode', 'directory assistance'],
  ['2025559999', 'serviceCode', 'exchange 555 outside of 01XX'],
  ['2029501234', 'serviceCode', 'carrier access'],
  ['2029581234', 'plantTest', 'plant test'],
  ['2029591234', 'plantTest', 'plant test'],
  ['9005550123', 'premium', '900'],
  ['2029761234', 'premium', 'exchange 976'],
  ['5005550123', 'personal', '500'],
  ['5335550123', 'personal', '533'],
  ['5885550123', 'personal', '588'],
  ['6005550123', 'satellite', "Canada's 600"],
  ['6225550123', 'personal', "Canada's 622"],
  ['8095550123', 'fictional', 'fiction in the Dominican Republic'],
  ['8092345678', 'highCost', 'Dominican Republic'],
  ['8762345678', 'highCost', 'Jamaica'],
  ['4412345678', 'highCost', 'Bermuda'],
  ['2025550123', 'fictional', '555-01XX'],
  ['+12025550199', 'own', 'our own number'],
];

const TOLL_FREE_AREAS = '800 822 833 844 855 866 877 888 880 881 882 883 884 885 886 887 889'.split(
  ' ',
);

/** Area codes with 5 of places must not be taken for personal numbers. */
const GEOGRAPHIC_FIVES = ['501', '510', '520', '530', '540', '551', '561', '571', '580', '585'];

describe('a number for a callback', () => {
  it.each(ACCEPTED)('takes %j as %s', (raw, number) => {
    expect(checkCallbackNumber(raw, TESTING)).toEqual({ ok: true, number });
  });

  it.each(REFUSED)('refuses %j as %s: %s', (raw, rule) => {
    expect(checkCallbackNumber(raw, STRICT)).toEqual({ ok: false, rule });
  });

  it.each(TOLL_FREE_AREAS)('refuses toll-free %s even where fiction is allowed', (area) => {
    const raw = `${area}5550123`;
    expect(checkCallbackNumber(raw, TESTING)).toEqual({ ok: false, rule: 'tollFree' });
  });

  it.each(GEOGRAPHIC_FIVES)('takes numbers of the place with area code %s', (area) => {
    expect(checkCallbackNumber(`${area}5550123`, TESTING).ok).toBe(true);
  });

  it('refuses its own number before it looks at what kind it is', () => {
    const policy: NumberPolicy = { ...STRICT, ownNumbers: new Set(['+18005550100']) };
    expect(checkCallbackNumber('8005550100', policy)).toEqual({ ok: false, rule: 'own' });
  });

  it('takes a number of a subscriber without fiction being allowed', () => {
    // libphonenumber's own example for Canada.
    expect(checkCallbackNumber('5062345678', STRICT)).toEqual({ ok: true, number: '+15062345678' });
  });
});

describe('what an operator allows and denies', () => {
  const check = (raw: string, changes: Partial<NumberPolicy>) => {
    const result = checkCallbackNumber(raw, numberPolicy(changes));
    return result.ok ? result.number : result.rule;
  };

  it.each<[raw: string, changes: Partial<NumberPolicy>, result: string, why: string]>([
    ['8092345678', { allowRegions: new Set(['DO']) }, '+18092345678', 'a region'],
    ['8762345678', { allowRegions: new Set(['DO']) }, 'highCost', 'another region'],
    ['8092345678', { allow: ['+18092345'] }, '+18092345678', 'some of a region'],
    ['5005550123', { allow: ['+1500555'] }, '+15005550123', 'some personal numbers'],
    ['5000555012', { allow: ['+1500'] }, 'invalid', 'what is no number stays none'],
    ['2029501234', { allow: ['+1202'] }, 'serviceCode', 'nobody answers there'],
    ['2992345678', { allow: ['+1299'] }, 'invalid', 'nor where no area code is'],
    ['2025550123', { deny: ['+12025550123'] }, 'denied', 'one number'],
    ['2025550123', { deny: ['+1202'] }, 'denied', 'a whole area'],
    ['2025550123', { deny: ['+1202'], allow: ['+12025550'] }, '+12025550123', 'allow is longer'],
    ['2025550123', { deny: ['+12025550'], allow: ['+1202'] }, 'denied', 'deny is longer'],
    ['2025550123', { deny: ['+1202'], allow: ['+1202'] }, 'denied', 'both the same'],
    ['2025550123', { only: ['+1202555', '+1303'] }, '+12025550123', 'one of the only ones'],
    ['2125550123', { only: ['+1202555', '+1303'] }, 'notListed', 'none of them'],
    ['2025550123', { only: ['+1202'], deny: ['+1202555'] }, 'denied', 'one of them, but denied'],
    ['2025550123', { ownNumbers: new Set(['+12025550123']), allow: ['+1'] }, 'own', 'ours'],
  ])('%s with %j: %s (%s)', (raw, changes, result) => {
    expect(check(raw, changes)).toBe(result);
  });

  it('a new area code is called as soon as it is in the table', () => {
    const { plan } = numberPolicy();
    const areaCodes = new Map([
      ...plan.areaCodes,
      ['299', { region: 'US-DC', timeZones: ['America/New_York'] }] as const,
    ]);
    expect(check('2992345678', { plan: { ...plan, areaCodes } })).toBe('+12992345678');
  });
});

describe('numbers of other countries', () => {
  const zones = { timeZones: ['Europe/London'] };
  const policy = numberPolicy({ allowCountries: new Map([['GB', zones]]) });
  const check = (raw: string, one: NumberPolicy = policy) => {
    const result = checkCallbackNumber(raw, one);
    return result.ok ? result.number : result.rule;
  };

  it.each([
    ['+442079460000', '+442079460000', 'London, for drama'],
    ['+44 20 7946 0000', '+442079460000', 'with blanks'],
    ['011442079460000', '+442079460000', 'keyed as from within the plan'],
    ['+4420794', 'notNanp', 'too short for any country'],
    ['+44207946000000', 'notNanp', 'too long to be of any'],
    ['+449098790000', 'premium', 'United Kingdom, premium'],
    ['+448081570000', 'tollFree', 'United Kingdom, free'],
    ['+447012345678', 'personal', 'United Kingdom, personal'],
    ['+33123456789', 'notNanp', 'France, which is not allowed'],
    ['+870773111632', 'satellite', 'Inmarsat'],
    ['+881612345678', 'satellite', 'Iridium'],
    ['+883510012345', 'satellite', 'an international network'],
    ['+999123456789', 'notNanp', 'no country'],
    ['0112025550123', 'notNanp', 'of Egypt, by its digits'],
    ['sip:+442079460000@example.com', 'invalid', 'a URI'],
  ])('%s: %s (%s)', (raw, result) => {
    expect(check(raw)).toBe(result);
  });

  it('are called where the number is allowed, if it is one', () => {
    const allowed = numberPolicy({ allow: ['+3312345'] });
    expect(check('+33123456789', allowed)).toBe('+33123456789');
    expect(check('+331234567', allowed)).toBe('invalid');
  });
});

describe('any text at all', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.stringMatching(/^\+?[0-9 ().-]{0,20}$/u),
    fc.stringMatching(/^[2-9][0-9]{9}$/u),
  );

  it('gets an answer, and an accepted number is of the plan and not ours', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (raw, allowFictional) => {
        const check = checkCallbackNumber(raw, { ...STRICT, allowFictional });
        if (!check.ok) return;
        expect(check.number).toMatch(/^\+1[2-9]\d{2}[2-9]\d{6}$/u);
        expect(STRICT.ownNumbers.has(check.number)).toBe(false);
        if (!allowFictional) expect(check.number).not.toMatch(/55501\d\d$/u);
      }),
    );
  });

  it('gets the same answer however its ten digits are written', () => {
    const digits = fc.stringMatching(/^[0-9]{10}$/u);
    fc.assert(
      fc.property(digits, (d) => {
        const plain = checkCallbackNumber(d, TESTING);
        const grouped = `(${d.slice(0, 3)}) ${d.slice(3, 6)}-${d.slice(6)}`;
        for (const raw of [`+1${d}`, `1${d}`, grouped, `+1 ${grouped}`]) {
          expect(checkCallbackNumber(raw, TESTING)).toEqual(plain);
        }
      }),
    );
  });

  it('keeps an accepted number accepted', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[2-9]0[1-9]5550[0-9]{3}$/u), (raw) => {
        const check = checkCallbackNumber(raw, TESTING);
        if (check.ok) expect(checkCallbackNumber(check.number, TESTING)).toEqual(check);
      }),
    );
  });
});
