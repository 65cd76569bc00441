import type { CallingHours } from '../domain/hours/calling-hours.ts';
import { type DayRange, WEEKDAYS, type Week, type Weekday } from '../domain/hours/hours.ts';
import type { Ceilings } from '../domain/numbering/ceilings.ts';
import type { AreaCode, NumberingPlan } from '../domain/numbering/plan.ts';
import type { NumberPolicy } from '../domain/numbering/policy.ts';
import type { FileContents } from './schema/files.ts';
import { parseRange } from './schema/hours.ts';
import { normalNumber } from './telephone-number.ts';

type CallbackNumbers = FileContents['numbers.yaml']['callbackNumbers'];
type NumberingTables = Pick<
  FileContents,
  'numbering/area-codes.yaml' | 'numbering/special-numbers.yaml'
>;
type CallingHoursTable = FileContents['numbering/calling-hours.yaml'];

/** What callbacks are allowed, of files that have passed every check. */
export function numberPolicy(files: FileContents): NumberPolicy {
  const { numbers, callbackNumbers } = files['numbers.yaml'];
  const own = [...numbers.map(({ dnis }) => dnis), ...callbackNumbers.ownNumbers];
  return {
    plan: numberingPlan(files),
    allowFictional: callbackNumbers.allowFictional,
    ownNumbers: new Set(own.map(normalNumber)),
    allowRegions: new Set(callbackNumbers.allowRegions),
    allowCountries: mapped(callbackNumbers.allowCountries, ({ timeZones }) => ({
      timeZones: listed(timeZones),
    })),
    allow: callbackNumbers.allow.map(normalNumber),
    deny: callbackNumbers.deny.map(normalNumber),
    only: callbackNumbers.only.map(normalNumber),
    callingHours: callingHours(callbackNumbers, files['numbering/calling-hours.yaml']),
    ceilings: ceilings(callbackNumbers),
  };
}

/** The plan of the tables in `numbering/`. */
export function numberingPlan(files: NumberingTables): NumberingPlan {
  const regions = Object.entries(files['numbering/area-codes.yaml'].regions);
  const areaCodes = regions.flatMap(([region, written]) =>
    Object.entries(written.areaCodes).map(([code, zones]): [string, AreaCode] => [
      code,
      { region, timeZones: listed(zones) },
    ]),
  );
  return {
    areaCodes: new Map(areaCodes),
    regions: new Map(regions.map(([id, { highCost }]) => [id, { highCost }])),
    special: files['numbering/special-numbers.yaml'].special.flatMap(({ rule, numbers }) =>
      numbers.map((written) => ({ rule, beginning: String(written).replaceAll('-', '') })),
    ),
  };
}

/** When people are called; undefined: always. */
export function callingHours(
  { callingHours: written }: Pick<CallbackNumbers, 'callingHours'>,
  table: CallingHoursTable,
): CallingHours | undefined {
  if (written === 'always') return undefined;
  return {
    usual: callingWeek(written),
    byRegion: written.byRegion ? mapped(table.regions, callingWeek) : new Map(),
    holidays: new Set(written.holidays),
    unplacedTimeZones: listed(table.unplacedTimeZones),
  };
}

type WrittenDay = CallingHoursTable['regions'][string]['everyDay'];
type WrittenWeek = { readonly everyDay: WrittenDay } & {
  readonly [Day in Weekday]?: WrittenDay | undefined;
};

function callingWeek(written: WrittenWeek): Week {
  const days = WEEKDAYS.map((day) => [day, ranges(written[day] ?? written.everyDay)] as const);
  return Object.fromEntries(days) as Record<Weekday, readonly DayRange[]>;
}

function ranges(written: WrittenDay): readonly DayRange[] {
  if (written === 'closed') return [];
  return listed(written).flatMap((text) => parseRange(text) ?? []);
}

function ceilings({ ceilings: { cost, ...counts } }: CallbackNumbers): Ceilings {
  if (cost === undefined) return { ...counts, cost: undefined };
  const { regions, ...rest } = cost;
  return { ...counts, cost: { ...rest, byRegion: new Map(Object.entries(regions)) } };
}

function listed(written: string | readonly string[]): readonly string[] {
  return typeof written === 'string' ? [written] : written;
}

function mapped<Value, Made>(
  entries: Readonly<Record<string, Value>>,
  make: (value: Value) => Made,
): ReadonlyMap<string, Made> {
  return new Map(Object.entries(entries).map(([key, value]) => [key, make(value)]));
}
