import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { specialRule } from '../../../src/domain/numbering/plan.ts';
import { SHIPPED_PLAN } from '../../support/number-policy.ts';

const ALL = Array.from({ length: 800 }, (_, index) => String(index + 200));

/** Exchanges to try: of some area codes only a few are in use. */
const EXCHANGES = Array.from({ length: 800 }, (_, index) => String(index + 200));

/** What libphonenumber knows of an area code: its country, where it is one of telephones. */
function knownCountry(area: string): string | undefined {
  for (const exchange of EXCHANGES) {
    const parsed = parsePhoneNumberFromString(`+1${area}${exchange}0123`);
    const type = parsed?.isValid() === true ? parsed.getType() : undefined;
    if (type === 'FIXED_LINE' || type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE') {
      return parsed?.country;
    }
  }
  return undefined;
}

const KNOWN = new Map(
  ALL.flatMap((area) => {
    const country = knownCountry(area);
    return country === undefined ? [] : [[area, country] as const];
  }),
);

/** In service by their regulators, and not yet in libphonenumber. */
const AHEAD = ['436', '457', '465', '471', '483', '621', '679', '861', '924'];

describe('the table of area codes', () => {
  it('has those that libphonenumber knows, in the same countries, and the few it does not yet', () => {
    const table = [...SHIPPED_PLAN.areaCodes].map(([area, { region }]) => [
      area,
      region.slice(0, 2),
    ]);
    const expected = [...KNOWN, ...AHEAD.map((area) => [area, 'US'] as const)];
    expect(new Map(table.map(([area, country]) => [area, country]))).toEqual(new Map(expected));
  });

  it('has none whose numbers are all special', () => {
    const special = [...SHIPPED_PLAN.areaCodes.keys()].filter(
      (area) => specialRule(`${area}2340123`, SHIPPED_PLAN) !== undefined,
    );
    expect(special).toEqual([]);
  });

  it('holds dear what lies outside the United States, their territories, and Canada', () => {
    for (const [id, { highCost }] of SHIPPED_PLAN.regions) {
      expect(highCost, id).toBe(!/^(?:US-|CA-|PR$|VI$|GU$|MP$|AS$)/u.test(id));
    }
  });

  it('has the fifty states, the capital, and all of Canada', () => {
    const count = (start: string) =>
      [...SHIPPED_PLAN.regions.keys()].filter((id) => id.startsWith(start)).length;
    expect(count('US-')).toBe(51);
    // Thirteen provinces and territories; two share 902, three share 867.
    expect(count('CA-')).toBe(10);
  });

  it.each([
    ['202', 'US-DC', 'America/New_York'],
    ['850', 'US-FL', 'America/New_York America/Chicago'],
    ['208', 'US-ID', 'America/Boise America/Los_Angeles'],
    ['928', 'US-AZ', 'America/Phoenix America/Denver'],
    ['602', 'US-AZ', 'America/Phoenix'],
    ['709', 'CA-NL', 'America/St_Johns America/Goose_Bay'],
    ['787', 'PR', 'America/Puerto_Rico'],
    ['671', 'GU', 'Pacific/Guam'],
    ['876', 'JM', 'America/Jamaica'],
  ])('says of %s: %s, %s', (area, region, zones) => {
    expect(SHIPPED_PLAN.areaCodes.get(area)).toEqual({ region, timeZones: zones.split(' ') });
  });

  it('splits states that keep two times in at least one area code each', () => {
    // By 49 CFR part 71, of the states that lie in two zones.
    const split = ['AK', 'FL', 'ID', 'IN', 'KS', 'KY', 'MI', 'ND', 'NE', 'OR', 'SD', 'TN'];
    for (const state of split) {
      const codes = [...SHIPPED_PLAN.areaCodes.values()].filter(
        ({ region }) => region === `US-${state}`,
      );
      expect(
        codes.some(({ timeZones }) => timeZones.length > 1),
        state,
      ).toBe(true);
    }
  });
});
