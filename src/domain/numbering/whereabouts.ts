import type { E164, RegionId } from '../ids.ts';
import { countryOf } from './abroad.ts';
import { areaCodeOf, nationalDigits } from './plan.ts';
import type { NumberPolicy } from './policy.ts';

/** Where a telephone with a number may be. */
export interface Whereabouts {
  /** State, province or country. */
  readonly region: RegionId;
  /** IANA names of every plausible zone. */
  readonly timeZones: readonly string[];
}

/** Undefined for numbers that belong to no place, such as personal ones that an operator allows. */
export function whereaboutsOf(number: E164, policy: NumberPolicy): Whereabouts | undefined {
  const national = nationalDigits(number);
  if (national !== undefined) return areaCodeOf(national, policy.plan);
  const country = countryOf(number);
  const called = country === undefined ? undefined : policy.allowCountries.get(country);
  if (country === undefined || called === undefined) return undefined;
  return { region: country, timeZones: called.timeZones };
}
