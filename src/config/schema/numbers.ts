import * as z from 'zod';
import { MAX_ENTRIES, name, promptList, telephoneNumber } from './blocks.ts';

const entryPoint = z.strictObject({
  dnis: telephoneNumber.describe('The number that callers dial.'),
  namePrompt: name.describe('Said in a callback: "this is … calling you back".'),
  greeting: promptList.describe('Heard by every caller first.'),
  menu: name.describe('The menu after the greeting.'),
  hours: name.describe('When the number is served.'),
  closedPrompts: promptList.describe('Heard in place of everything else when closed.'),
});

/** `numbers.yaml`. */
export const numbersFile = z.strictObject({
  numbers: z
    .array(entryPoint)
    .min(1, { error: 'at least one number' })
    .max(MAX_ENTRIES.numbers, { error: `at most ${MAX_ENTRIES.numbers} numbers` }),
  callbackNumbers: z
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
    })
    .prefault({})
    .describe('Which numbers may be called back.'),
});
