import * as z from 'zod';
import { SPECIAL_RULES } from '../../domain/numbering/plan.ts';
import { line, named, oneOf } from './blocks.ts';
import { date, day, timeZone } from './hours.ts';

const MAX_REGIONS = 300;
const MAX_AREA_CODES = 200;
const MAX_ZONES = 12;
const MAX_SPECIAL = 100;
const MAX_PATTERNS = 200;

const REGION_FORM = 'a state or province such as US-AL or CA-ON, or a country such as PR';
export const regionName = z
  .string({ error: REGION_FORM })
  .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/u, { error: REGION_FORM });

const complete = z
  .literal(true, { error: 'complete: true as the last line of a whole table' })
  .describe('Stays the last line: a file that was cut off is refused.');

const areaCode = z
  .string()
  .regex(/^[2-9]\d{2}$/u, { error: 'an area code: three digits, the first from 2 to 9' });

/** One zone, or a list of them. */
export const timeZones = z.union(
  [
    timeZone,
    z
      .array(timeZone)
      .min(1, { error: 'at least one time zone' })
      .max(MAX_ZONES, { error: `at most ${MAX_ZONES} time zones` }),
  ],
  { error: 'a time zone such as America/New_York, or a list of them' },
);

const region = z.strictObject({
  name: line(80).describe('For people who read the file.'),
  highCost: z
    .boolean({ error: 'true or false' })
    .default(false)
    .describe('Calls cost like calls overseas: refused unless numbers.yaml allows the region.'),
  areaCodes: named(areaCode, timeZones, MAX_AREA_CODES).describe(
    'Area codes in service, each with every time zone in which its telephones may be.',
  ),
});

/** `numbering/area-codes.yaml`. */
export const areaCodesFile = z.strictObject({
  updated: date.describe('When the table was last compared with its sources.'),
  regions: named(regionName, region, MAX_REGIONS).refine(
    (regions) => Object.values(regions).some(({ areaCodes }) => Object.keys(areaCodes).length > 0),
    { error: 'at least one region with an area code: without one nobody could be called back' },
  ),
  complete,
});

const PATTERN_FORM =
  'the beginning of NPA-NXX-XXXX with N for 2 to 9, X for any digit, such as 900 or NXX-976';
/** Three digits alone are a number to YAML. */
const pattern = z
  .union([z.number(), z.string()], { error: PATTERN_FORM })
  .refine((written) => /^[\dNX]{3}(?:-[\dNX]{3}(?:-[\dNX]{1,4})?)?$/u.test(String(written)), {
    error: PATTERN_FORM,
  });

const specialNumbers = z.strictObject({
  rule: oneOf(SPECIAL_RULES).describe('What the refusal is called in the ledger.'),
  numbers: z
    .array(pattern)
    .max(MAX_PATTERNS, { error: `at most ${MAX_PATTERNS} beginnings` })
    .describe('Empty: there are none of this kind, as far as this table goes.'),
});

/** `numbering/special-numbers.yaml`. */
export const specialNumbersFile = z.strictObject({
  updated: date.describe('When the table was last compared with its sources.'),
  special: z
    .array(specialNumbers)
    .max(MAX_SPECIAL, { error: `at most ${MAX_SPECIAL} entries` })
    .describe('The first that fits a number counts. Every kind must be there.'),
  complete,
});

/** Hours of every day, and of days that differ. */
export const callingWeek = {
  everyDay: day.describe('Hours of the days that are not named.'),
  mon: day.optional(),
  tue: day.optional(),
  wed: day.optional(),
  thu: day.optional(),
  fri: day.optional(),
  sat: day.optional(),
  sun: day.optional(),
};

/** `numbering/calling-hours.yaml`. */
export const callingHoursFile = z.strictObject({
  updated: date.describe('When the table was last compared with its sources.'),
  unplacedTimeZones: timeZones.describe('Zones of numbers that belong to no place.'),
  regions: named(regionName, z.strictObject(callingWeek), MAX_REGIONS)
    .default({})
    .describe('Hours by region; a call must be within these and within those of numbers.yaml.'),
  complete,
});
