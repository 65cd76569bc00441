import * as z from 'zod';
import { LANGUAGES } from '../configuration.ts';
import { line, MAX_ENTRIES, name, named, oneOf } from './blocks.ts';

const MAX_TEXT_LENGTH = 1000;
const text = line(MAX_TEXT_LENGTH);

const prompt = z.union([text, z.partialRecord(oneOf(LANGUAGES), text)], {
  error: `a text, or one for each language (${LANGUAGES.join(', ')})`,
});

/** `prompts.yaml`. */
export const promptsFile = z.strictObject({ prompts: named(name, prompt, MAX_ENTRIES.prompts) });
