import * as z from 'zod';
import { MAX_RECENT_TIMES } from '../../domain/numbering/recent.ts';
import { MAX_ENTRIES, named, telephoneNumber, whole } from './blocks.ts';
import { date } from './hours.ts';
import { callingWeek, regionName, timeZones } from './numbering.ts';

const MAX_PREFIXES = 1000;
const MAX_HOLIDAYS = 400;
const MAX_REGIONS = 300;

const COUNTRY_FORM = 'a country of two letters by ISO 3166, such as GB';
const country = z.string({ error: COUNTRY_FORM }).regex(/^[A-Z]{2}$/u, { error: COUNTRY_FORM });

const PREFIX_FORM = 'a number or its beginning, with plus sign and country, such as +1 809';
const prefix = z
  .string({ error: PREFIX_FORM })
  .regex(/^\+[1-9](?:[ ().-]{0,2}\d){0,14}$/u, { error: PREFIX_FORM });

const prefixes = z
  .array(prefix)
  .max(MAX_PREFIXES, { error: `at most ${MAX_PREFIXES} numbers` })
  .default([]);

const callingHours = z.strictObject({
  ...callingWeek,
  everyDay: callingWeek.everyDay.default('08:00-21:00'),
  byRegion: z
    .boolean({ error: 'true or false' })
    .default(true)
    .describe('Whether the narrower hours of numbering/calling-hours.yaml count.'),
  holidays: z
    .array(date)
    .max(MAX_HOLIDAYS, { error: `at most ${MAX_HOLIDAYS} days` })
    .default([])
    .describe('Dates on which nobody is called, by the clocks of the called.'),
});

const AMOUNT_FORM = 'an amount from 0 to 1,000,000';
const amount = z
  .number({ error: AMOUNT_FORM })
  .min(0, { error: AMOUNT_FORM })
  .max(1_000_000, { error: AMOUNT_FORM });

const price = z.strictObject({
  perAttempt: amount.default(0).describe('Of a call, answered or not.'),
  perMinute: amount.default(0),
});

const cost = z.strictObject({
  perDay: amount.describe('Most that callbacks may cost within 24 hours.'),
  usualMinutes: z
    .number({ error: '0 to 600 minutes' })
    .min(0, { error: '0 to 600 minutes' })
    .max(600, { error: '0 to 600 minutes' })
    .default(15)
    .describe('Length by which a call is reckoned before it is made.'),
  usual: price.prefault({}).describe('Price of calls to all other regions.'),
  regions: named(regionName, price, MAX_REGIONS)
    .default({})
    .describe('Prices by state, province or country.'),
});

const MOST = 10_000_000;
const perKey = whole(1, MAX_RECENT_TIMES);
const perAll = whole(1, MOST);

const ceilings = z.strictObject({
  registrationsPerNumberPerDay: perKey.default(10).describe('Callbacks asked for to one number.'),
  registrationsPerCallerPerDay: perKey.default(20).describe('Callbacks asked for from one ANI.'),
  registrationsPerMinute: perAll.default(1_000),
  registrationsPerDay: perAll.default(100_000),
  attemptsPerNumberPerDay: perKey.default(20).describe('Calls to one number, answered or not.'),
  attemptsPerMinute: perAll.default(1_000),
  attemptsPerDay: perAll.default(200_000),
  cost: cost.optional().describe('Left out: calls are not priced.'),
});

/** `callbackNumbers` of `numbers.yaml`. */
export const callbackNumbers = z
  .strictObject({
    allowFictional: z
      .boolean({ error: 'true or false' })
      .default(false)
      .describe('Whether 555-0100 to 555-0199 may be called. Tests only.'),
    ownNumbers: z
      .array(telephoneNumber)
      .max(MAX_ENTRIES.numbers, { error: `at most ${MAX_ENTRIES.numbers} numbers` })
      .default([])
      .describe('Further numbers of ours, never called back. Those above are known already.'),
    allowRegions: z
      .array(regionName)
      .max(MAX_REGIONS, { error: `at most ${MAX_REGIONS} regions` })
      .default([])
      .describe('Regions called although numbering/area-codes.yaml says highCost.'),
    allowCountries: named(country, z.strictObject({ timeZones }), MAX_REGIONS)
      .default({})
      .describe('Countries outside of the North American plan that are called, with their zones.'),
    allow: prefixes.describe('Called whatever their kind and region.'),
    deny: prefixes.describe('Never called; of allow and deny the longer one counts.'),
    only: prefixes.describe('If there are any, nobody else is called.'),
    callingHours: z
      .union([z.literal('always'), callingHours], { error: 'always, or hours by day' })
      .prefault({})
      .describe('When people are called, by their own clocks.'),
    ceilings: ceilings.prefault({}).describe('How much may happen in a minute and in a day.'),
  })
  .prefault({})
  .describe('Which numbers may be called back, when, and how often.');
