import { describe, expect, test } from 'vitest';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string): TestLine => ({
  name,
  dnis: `+1800555019${place}`,
  agents: [],
  queue: { callback: { offering: false } },
});
const PERSON = line(3, 'person');
const SILENT = line(4, 'silent');
const AGAIN = line(5, 'again');
/** Silence, "take your time", and silence twice as long. */
const SILENCE_MS = 45_000;

const helpLine = helpLineForThisFile([PERSON, SILENT, AGAIN]);

describe.concurrent('who has a callback booked and calls about something else', () => {
  test('gets in line for a person by 0, and keeps the callback', async (context) => {
    const number = '+12025550173';
    const id = await helpLine().bookTicket(PERSON, number);
    const caller = await helpLine().callAgain(context, PERSON, number);
    await caller.press('0');
    await caller.hears('hold-intro');
    await caller.hearing.music();
    const { queues } = (await (await helpLine().ask('/v1/queues')).json()) as {
      readonly queues: readonly { readonly id: string }[];
    };
    expect(queues.find(({ id: queue }) => queue === PERSON.name)).toMatchObject({
      holders: 1,
      tickets: 1,
    });
    await caller.hangUp();
    expect(await helpLine().ticket(id, 'waiting')).toMatchObject({ number, attempts: [] });
  });

  test('is told to take their time, then hears the menu, and keeps the callback', async (context) => {
    const number = '+12025550174';
    const id = await helpLine().bookTicket(SILENT, number);
    const caller = await helpLine().callAgain(context, SILENT, number);
    await caller.hears('take-your-time');
    await caller.hears('queue-refunds', SILENCE_MS);
    await caller.hangUp();
    expect(await helpLine().ticket(id, 'waiting')).toMatchObject({ number, attempts: [] });
  });

  test('hears it all again by a star, more slowly by a pound sign, and by a key that means nothing', async (context) => {
    const number = '+12025550175';
    await helpLine().bookTicket(AGAIN, number);
    const caller = await helpLine().callAgain(context, AGAIN, number);
    await caller.press('*');
    await caller.hears('repeat-intro');
    await caller.hears('repeat-keys');
    // No times are there to choose from.
    await caller.press('6');
    await caller.hears('repeat-intro');
    await caller.press('#');
    await caller.hears('en-slow/repeat-intro');
    await caller.press('1');
    await caller.hears('en-slow/repeat-kept', PATIENT_MS);
    await caller.ended();
    expect(caller.hearing.prompts()).not.toContain('repeat-key-slot');
  });
});
