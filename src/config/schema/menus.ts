import * as z from 'zod';
import { KEYS } from '../../domain/ivr/keys.ts';
import { MAX_ENTRIES, name, named, promptList, whole } from './blocks.ts';

const ENDING_FORMS = 'menu: NAME, queue: NAME, or hangUp: [PROMPTS]';
const ENDINGS = [
  z.strictObject({ menu: name }),
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
  timeoutSeconds: whole(1, 60, 'seconds').default(6).describe('Silence after the prompts.'),
  timeoutPrompt: name.describe('Said after a time-out, before the prompts are repeated.'),
  invalidPrompt: name.describe('Said after a key that means nothing here.'),
  maxTries: whole(1, 10).default(3).describe('Time-outs and wrong keys together.'),
  exhausted: ending.describe('What happens when the tries are used up.'),
});

/** `menus.yaml`. */
export const menusFile = z.strictObject({ menus: named(name, menu, MAX_ENTRIES.menus) });
