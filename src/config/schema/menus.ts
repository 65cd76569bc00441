import * as z from 'zod';
import { KEYS } from '../../domain/ivr/keys.ts';
import { USUAL_KEYS } from '../../domain/ivr/listener.ts';
import { MAX_ENTRIES, name, named, oneOf, promptList, whole } from './blocks.ts';
import { language } from './language.ts';

const ENDING_FORMS = 'menu: NAME, queue: NAME, or hangUp: [PROMPTS]';
const ENDINGS = [
  z.strictObject({
    menu: name,
    language: language.optional().describe('The caller is spoken to in it from here on.'),
  }),
  z.strictObject({ queue: name }),
  z.strictObject({ hangUp: promptList }),
] as const;

const ending = z.union(ENDINGS, { error: ENDING_FORMS });
const action = z.union([z.literal('repeat'), ...ENDINGS], { error: `repeat, ${ENDING_FORMS}` });

/** What a key leads to, as written. */
export type ActionText = z.output<typeof action>;

const menu = z.strictObject({
  prompts: promptList,
  keys: z
    .partialRecord(z.enum(KEYS), action)
    .describe('One action for each key that means something.'),
  person: name
    .optional()
    .describe("The queue that the key for a person leads to; the number's if left out."),
  timeoutSeconds: whole(1, 60, 'seconds').default(6).describe('Silence after the prompts.'),
  timeoutPrompt: name.describe('Said after a time-out, before the prompts are repeated.'),
  invalidPrompt: name.describe('Said after a key that means nothing here.'),
  maxTries: whole(1, 10).default(3).describe('Time-outs and wrong keys together.'),
  exhausted: ending.describe('What happens when the tries are used up.'),
});

const universalKeys = z
  .strictObject({
    repeat: oneOf(KEYS).default(USUAL_KEYS.repeat).describe('Says the last thing again.'),
    person: oneOf(KEYS).default(USUAL_KEYS.person).describe('Leads to a person.'),
    slower: oneOf(KEYS).default(USUAL_KEYS.slower).describe('Says it again in slower speech.'),
  })
  .refine((keys) => new Set(Object.values(keys)).size === Object.keys(keys).length, {
    error: 'another key for each',
  });

/** `menus.yaml`. */
export const menusFile = z.strictObject({
  everywhere: universalKeys.prefault({}).describe('Keys that mean the same in every menu.'),
  menus: named(name, menu, MAX_ENTRIES.menus),
});
