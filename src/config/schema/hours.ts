import * as z from 'zod';
import type { DayRange, Weekday } from '../../domain/hours/hours.ts';
import { suggest } from '../suggest.ts';
import { MAX_ENTRIES, name, named } from './blocks.ts';

const MAX_RANGES = 10;
const MAX_HOLIDAYS = 400;

export const range = z
  .string()
  .refine((text) => parseRange(text) !== undefined, {
    error: 'closed, or from-to such as 08:00-18:30, up to 24:00 (split a night into its two days)',
  })
  .meta({ pattern: String.raw`^\d{2}:\d{2}-\d{2}:\d{2}$` });

const RANGES = `1 to ${MAX_RANGES} ranges, or closed`;
const rangeList = z.array(range).min(1, { error: RANGES }).max(MAX_RANGES, { error: RANGES });

export const day = z.union([z.literal('closed'), range, rangeList], {
  error: `closed, a range such as 08:00-18:00, or a list of at most ${MAX_RANGES} ranges`,
});

const week: Readonly<Record<Weekday, z.ZodDefault<typeof day>>> = {
  mon: day.default('closed'),
  tue: day.default('closed'),
  wed: day.default('closed'),
  thu: day.default('closed'),
  fri: day.default('closed'),
  sat: day.default('closed'),
  sun: day.default('closed'),
};

export const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, {
    error: ({ input }) => `an IANA time zone, such as ${nearTimeZone(input)}`,
  });

export const date = z.string().refine(isDate, { error: 'a date as YYYY-MM-DD' });

const openingHours = z.strictObject({
  timeZone,
  week: z.strictObject(week).describe('Days left out are closed.'),
  holidays: z
    .array(date)
    .max(MAX_HOLIDAYS, { error: `at most ${MAX_HOLIDAYS} days` })
    .default([])
    .describe('Local dates on which nothing is open.'),
});

/** `hours.yaml`. */
export const hoursFile = z.strictObject({ hours: named(name, openingHours, MAX_ENTRIES.hours) });

/** `08:00-18:30` as minutes after midnight; undefined if it is no range within one day. */
export function parseRange(text: string): DayRange | undefined {
  const match = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/u.exec(text);
  if (match === null) return undefined;
  const fromMinute = minuteOf(match[1], match[2]);
  const toMinute = minuteOf(match[3], match[4]);
  if (fromMinute === undefined || toMinute === undefined || fromMinute >= toMinute)
    return undefined;
  return { fromMinute, toMinute };
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const total = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && total <= 1440 ? total : undefined;
}

const knownZones = new Set<string>();

/** Whether this Node knows the zone. */
function isTimeZone(text: string): boolean {
  if (knownZones.has(text)) return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    knownZones.add(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function nearTimeZone(text: unknown): string {
  return suggest(String(text), Intl.supportedValuesOf('timeZone')) ?? 'America/New_York';
}

/** A day that exists: 2026-02-30 does not. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
