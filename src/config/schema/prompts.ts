import * as z from 'zod';
import { line, MAX_ENTRIES, name, named } from './blocks.ts';
import { LANGUAGE_IDS, language } from './language.ts';

const MAX_TEXT_LENGTH = 1000;
const text = line(MAX_TEXT_LENGTH);

/** A sentence of another language among the prompts of one: "Para español, oprima el 8." */
const foreignText = z.strictObject({
  speaker: language.describe('The language whose voice says it.'),
  text,
});

const prompt = z.union(
  [
    text,
    z.partialRecord(
      language,
      z.union([text, foreignText], {
        error: 'text; put it in quotes',
      }),
    ),
  ],
  { error: `a text, or one for each language (${LANGUAGE_IDS.join(', ')})` },
);

/** `prompts.yaml`. */
export const promptsFile = z.strictObject({ prompts: named(name, prompt, MAX_ENTRIES.prompts) });
