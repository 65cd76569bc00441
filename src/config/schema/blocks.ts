import { isIP } from 'node:net';
import * as z from 'zod';
import { listNames } from '../suggest.ts';

/** Longest lists; a file that needs more is a mistake or an attack. */
export const MAX_ENTRIES = {
  numbers: 500,
  menus: 200,
  prompts: 1000,
  hours: 50,
  queues: 100,
} as const;
export const MAX_AGENTS = 5000;
export const MAX_TRUNKS = 50;
const MAX_PROMPTS_IN_A_ROW = 10;

/** Shortest secret of a phone or trunk: these are guessed at from the network. */
export const MIN_SECRET_LENGTH = 12;

/** A name of ours. It is also a file name, hence plain. */
const NAME_FORM = 'a name of small letters, digits and hyphens, a letter first, at most 40';
export const name = z
  .string({ error: NAME_FORM })
  .regex(/^[a-z][a-z0-9-]{0,39}$/u, { error: NAME_FORM });

/** An agent's name towards SIP (the user of their address). */
export const agentName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/u, {
  error: 'small letters, digits, dots, hyphens and underscores, at most 40',
});

/** A list of prompts spoken in order. */
export const promptList = z
  .array(name)
  .min(1, { error: 'at least one prompt' })
  .max(MAX_PROMPTS_IN_A_ROW, { error: `at most ${MAX_PROMPTS_IN_A_ROW} prompts` })
  .describe('Prompts by name, spoken in order.');

/** A whole number between two limits, both allowed. */
export function whole(least: number, most: number, unit = ''): z.ZodNumber {
  const error = `a whole number from ${least} to ${most}${unit === '' ? '' : ` ${unit}`}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** Minutes between two limits, both allowed; 0.5 is half a minute. */
export function minutes(least: number, most: number): z.ZodNumber {
  const error = `${least} to ${most} minutes; 0.5 is half a minute`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) => `one of ${listNames(typeof input === 'string' ? input : '', words)}`,
  });
}

export const port = whole(1, 65_535);
/** 0 stands for any free port. */
export const portOrAny = whole(0, 65_535);

/** Anything with a name, at most `most` of them. */
export function named<Value extends z.ZodType>(key: z.ZodString, value: Value, most: number) {
  return z
    .record(key, value)
    .refine((entries) => Object.keys(entries).length <= most, { error: `at most ${most} entries` })
    .meta({ maxProperties: most });
}

/** `+18005550100`; blanks, hyphens, dots and brackets may stand between the digits. */
export const TELEPHONE_NUMBER = /^\+[1-9](?:[ ().-]{0,2}\d){6,14}$/u;
export const TELEPHONE_NUMBER_FORM = 'a number with plus sign and country, such as +1 800 555 0100';
export const telephoneNumber = z.string().regex(TELEPHONE_NUMBER, { error: TELEPHONE_NUMBER_FORM });

/** A machine by name or address. */
export const host = z.string().refine(isHost, { error: 'a host name or IP address' });

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const label = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/u;
  const labels = text.split('.');
  // What ends in digits is meant as an address, and is a wrong one.
  return (
    text.length <= 253 &&
    labels.every((one) => label.test(one)) &&
    !/^\d+$/u.test(labels.at(-1) ?? '')
  );
}

/** Text said, shown, or used as a name by people; no control characters. */
export function line(most: number): z.ZodString {
  const error = `text of 1 to ${most} characters on one line`;
  return z
    .string()
    .min(1, { error })
    .max(most, { error })
    .regex(/^[^\p{Cc}]*$/u, { error });
}

/** A secret as it is, or where it is found; both are resolved before this check. */
export function secret(least: number): z.ZodString {
  const error = `${least} to 128 visible characters, or \${ENV:NAME}, or \${FILE:path}`;
  return z
    .string({ error })
    .min(least, { error })
    .max(128, { error })
    .regex(/^[\x21-\x7e]*$/u, { error })
    .describe('The secret itself, ${ENV:NAME} for an environment variable, or ${FILE:path}.');
}

/** A folder; relative ones start from the configuration's folder. */
export const folder = line(1000);

/** A folder on another machine. */
export const absoluteFolder = folder.regex(/^\//u, { error: 'a folder from the root: /…' });
