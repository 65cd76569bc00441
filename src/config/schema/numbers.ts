import * as z from 'zod';
import { MAX_ENTRIES, name, promptList, telephoneNumber } from './blocks.ts';
import { callbackNumbers } from './callback-numbers.ts';
import { language } from './language.ts';

const MAX_RELAY_CALLERS = 200;

const entryPoint = z.strictObject({
  dnis: telephoneNumber.describe('The number that callers dial.'),
  namePrompt: name.describe('Said in a callback: "this is … calling you back".'),
  greeting: promptList.describe('Heard by every caller first.'),
  menu: name.describe('The menu after the greeting.'),
  hours: name.describe('When the number is served.'),
  closedPrompts: promptList.describe('Heard in place of everything else when closed.'),
  language: language
    .optional()
    .describe('What callers are spoken to in at first; that of system.yaml if left out.'),
  person: name.optional().describe('The queue that the key for a person leads to.'),
  accessible: z
    .strictObject({
      queue: name.describe('Callers by text telephone (TTY) or relay service join it at once.'),
      relayCallers: z
        .array(telephoneNumber)
        .max(MAX_RELAY_CALLERS, { error: `at most ${MAX_RELAY_CALLERS} numbers` })
        .default([])
        .describe('Numbers that relay services call from.'),
    })
    .optional()
    .describe('Left out: they hear the menu like everybody.'),
});

/** `numbers.yaml`. */
export const numbersFile = z.strictObject({
  numbers: z
    .array(entryPoint)
    .min(1, { error: 'at least one number' })
    .max(MAX_ENTRIES.numbers, { error: `at most ${MAX_ENTRIES.numbers} numbers` }),
  callbackNumbers,
});
