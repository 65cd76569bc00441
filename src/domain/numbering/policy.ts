import type { CallingHours } from '../hours/calling-hours.ts';
import type { CountryCode, E164, RegionId } from '../ids.ts';
import type { CeilingRule, Ceilings } from './ceilings.ts';
import type { NumberingPlan, SpecialRule } from './plan.ts';

/** What an operator allows for callbacks. */
export interface NumberPolicy {
  readonly plan: NumberingPlan;
  /** 555-0100 to 555-0199, kept for fiction and tests. */
  readonly allowFictional: boolean;
  /** Our own numbers, which must never be called back. */
  readonly ownNumbers: ReadonlySet<E164>;
  /** Regions called although calls there are dear. */
  readonly allowRegions: ReadonlySet<RegionId>;
  /** Countries outside the plan that are called. */
  readonly allowCountries: ReadonlyMap<CountryCode, CalledCountry>;
  /** Called whatever their kind and region; of `allow` and `deny` the longer prefix counts. */
  readonly allow: readonly NumberPrefix[];
  /** Never called. */
  readonly deny: readonly NumberPrefix[];
  /** If there are any, nobody else is called. */
  readonly only: readonly NumberPrefix[];
  /** Undefined: at any hour. */
  readonly callingHours: CallingHours | undefined;
  readonly ceilings: Ceilings;
}

/** A country outside the North American Numbering Plan. */
interface CalledCountry {
  /** IANA names of all its zones; never empty. */
  readonly timeZones: readonly string[];
}

/** A number, or the beginning of many: `+1202`. */
export type NumberPrefix = E164;

/** Why a number cannot be called back. Kept with the refusal in the ledger. */
export type NumberRule =
  | SpecialRule
  | CeilingRule
  | 'anonymous'
  | 'notNanp'
  | 'invalid'
  | 'own'
  | 'highCost'
  | 'denied'
  | 'notListed';

export type NumberCheck =
  | { readonly ok: true; readonly number: E164 }
  | { readonly ok: false; readonly rule: NumberRule };
