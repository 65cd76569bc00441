import * as z from 'zod';
import { LANGUAGES } from '../../domain/ivr/languages/table.ts';
import { listNames } from '../suggest.ts';

/** The languages that callers can be spoken to in. */
export const LANGUAGE_IDS = [...LANGUAGES.keys()];

export const language = z.enum(LANGUAGE_IDS, {
  error: ({ input }) => `one of ${listNames(typeof input === 'string' ? input : '', LANGUAGE_IDS)}`,
});
