import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { callingHours, numberingPlan } from '../../src/config/numbering.ts';
import { callbackNumbers } from '../../src/config/schema/callback-numbers.ts';
import {
  areaCodesFile,
  callingHoursFile,
  specialNumbersFile,
} from '../../src/config/schema/numbering.ts';
import type { CallingHours } from '../../src/domain/hours/calling-hours.ts';
import type { Ceilings } from '../../src/domain/numbering/ceilings.ts';
import type { NumberPolicy } from '../../src/domain/numbering/policy.ts';

const TABLES = join(import.meta.dirname, '..', '..', 'config', 'numbering');

function table(name: string): unknown {
  return parse(readFileSync(join(TABLES, name), 'utf8'));
}

/** The tables that the program comes with. */
export const SHIPPED_PLAN = numberingPlan({
  'numbering/area-codes.yaml': areaCodesFile.parse(table('area-codes.yaml')),
  'numbering/special-numbers.yaml': specialNumbersFile.parse(table('special-numbers.yaml')),
});

/** The hours that the program comes with: 8 to 21, and narrower by state. */
export const SHIPPED_HOURS: CallingHours | undefined = callingHours(
  callbackNumbers.parse({}),
  callingHoursFile.parse(table('calling-hours.yaml')),
);

/** Ceilings that no test meets by chance. */
export const NO_CEILINGS: Ceilings = {
  registrationsPerNumberPerDay: Number.POSITIVE_INFINITY,
  registrationsPerCallerPerDay: Number.POSITIVE_INFINITY,
  registrationsPerMinute: Number.POSITIVE_INFINITY,
  registrationsPerDay: Number.POSITIVE_INFINITY,
  attemptsPerNumberPerDay: Number.POSITIVE_INFINITY,
  attemptsPerMinute: Number.POSITIVE_INFINITY,
  attemptsPerDay: Number.POSITIVE_INFINITY,
  cost: undefined,
};

/** Fictional numbers in the shipped area codes are called, at any hour, as often as anybody likes. */
export function numberPolicy(changes: Partial<NumberPolicy> = {}): NumberPolicy {
  return {
    plan: SHIPPED_PLAN,
    allowFictional: true,
    ownNumbers: new Set(),
    allowRegions: new Set(),
    allowCountries: new Map(),
    allow: [],
    deny: [],
    only: [],
    callingHours: undefined,
    ceilings: NO_CEILINGS,
    ...changes,
  };
}
