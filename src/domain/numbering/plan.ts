import type { RegionId } from '../ids.ts';

/** What is known of the numbers of the North American Numbering Plan; see `config/numbering`. */
export interface NumberingPlan {
  /** Area codes in service, by their three digits. */
  readonly areaCodes: ReadonlyMap<string, AreaCode>;
  readonly regions: ReadonlyMap<RegionId, Region>;
  /** Numbers that are nobody's telephone; the first that fits counts. */
  readonly special: readonly SpecialNumbers[];
}

export interface AreaCode {
  readonly region: RegionId;
  /** IANA names of every zone in which such a number may ring; never empty. */
  readonly timeZones: readonly string[];
}

/** A state, province or country of the plan. */
interface Region {
  /** A call costs like one overseas: refused unless an operator allows the region. */
  readonly highCost: boolean;
}

/** Why numbers of a kind are not called. */
export const SPECIAL_RULES = [
  'serviceCode',
  'premium',
  'tollFree',
  'personal',
  'satellite',
  'plantTest',
  'fictional',
] as const;
export type SpecialRule = (typeof SPECIAL_RULES)[number];

interface SpecialNumbers {
  readonly rule: SpecialRule;
  /** Up to ten characters: a digit, N for 2 to 9, or X for any digit. */
  readonly beginning: string;
}

/** The ten digits of a number of the plan; undefined if it is of another country or misshapen. */
export function nationalDigits(number: string): string | undefined {
  return /^\+1\d{10}$/u.test(number) ? number.slice(2) : undefined;
}

/** The area code of ten digits, if it is in service. */
export function areaCodeOf(national: string, plan: NumberingPlan): AreaCode | undefined {
  return plan.areaCodes.get(national.slice(0, 3));
}

/** The rule against ten digits that belong to nobody's telephone. */
export function specialRule(national: string, plan: NumberingPlan): SpecialRule | undefined {
  return plan.special.find(({ beginning }) => begins(national, beginning))?.rule;
}

function begins(national: string, beginning: string): boolean {
  for (let index = 0; index < beginning.length; index += 1) {
    const wanted = beginning.charAt(index);
    const digit = national.charAt(index);
    if (wanted === 'X') continue;
    if (wanted === 'N' ? digit < '2' : digit !== wanted) return false;
  }
  return true;
}
