import { describe, expect, type TestContext, test } from 'vitest';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import type { SippCaller } from '../../support/sipp-caller.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string, agents: TestLine['agents']): TestLine => ({
  name,
  dnis: `+1800555018${place}`,
  agents,
});
const DEAR = line(2, 'dear', []);
const HOPELESS = line(3, 'hopeless', []);
const OFTEN = line(4, 'often', ['moritz']);
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([DEAR, HOPELESS, OFTEN], {
  numbers: { callbackNumbers: { ceilings: { registrationsPerNumberPerDay: 1 } } },
});

/** Somebody who has a callback booked calls again, and wants to be called at another number. */
async function wantsOther(
  context: TestContext,
  line: TestLine,
  number: string,
): Promise<SippCaller> {
  const caller = await helpLine().dial(context, line, number);
  await caller.hears('repeat-keys');
  await caller.press('2');
  await caller.hears('key-number');
  return caller;
}

describe.concurrent('who has a callback booked and keys another number', () => {
  test('that costs too much, or that nobody pays for, is told so, and keys one that can be called', async (context) => {
    const id = await helpLine().bookTicket(DEAR, '+12025550150');
    const caller = await wantsOther(context, DEAR, '+12025550150');
    for (const refused of ['9005550151', '8005550152']) {
      await caller.press(refused);
      await caller.hears('number-invalid');
      await caller.hears('key-number');
    }
    await caller.press('2025550153');
    await caller.hears('confirm-number-intro');
    await caller.press('1');
    await caller.hears('repeat-number-changed');
    await caller.ended();
    expect((await helpLine().ticket(id, 'waiting')).number).toBe('+12025550153');
  });

  test('three times one that can not be called, is asked anew, and loses nothing by it', async (context) => {
    const number = '+12025550154';
    const id = await helpLine().bookTicket(HOPELESS, number);
    const caller = await wantsOther(context, HOPELESS, number);
    for (let tries = 1; tries < 3; tries += 1) {
      await caller.press('9005550151');
      await caller.hears('number-invalid');
      await caller.hears('key-number');
    }
    await caller.press('9005550151');
    await caller.hears('repeat-intro');
    await caller.hears('repeat-keys');
    expect(await caller.hearing.spokenSince('repeat-intro', 'digits')).toBe('0 1 5 4');
    await caller.press('1');
    await caller.hears('repeat-kept');
    await caller.ended();
    expect(await helpLine().ticket(id, 'waiting')).toMatchObject({ number, attempts: [] });
  });

  test('that has been asked for often enough, is told "not now", and is called at the one they had', async (context) => {
    const [before, after] = ['+12025550155', '+12025550156'];
    const id = await helpLine().bookTicket(OFTEN, before);
    const often = await helpLine().bookTicket(OFTEN, after);
    await helpLine().ask(`/v1/tickets/${often}/cancel`, {});
    const caller = await wantsOther(context, OFTEN, before);
    await caller.press('2025550156');
    await caller.hears('confirm-number-intro');
    await caller.press('1');
    await caller.hears('number-not-now');
    await caller.hears('repeat-intro');
    await caller.hears('repeat-keys');
    expect(await caller.hearing.spokenSince('repeat-intro', 'digits')).toBe('0 1 5 5');
    await caller.press('1');
    await caller.hears('repeat-kept');
    await caller.ended();
    const refused = await helpLine().telephone(context, after, CALLER_HZ);
    const customer = await helpLine().telephone(context, before, CALLER_HZ);
    const moritz = await helpLine().readyAgent(context, 'moritz', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await moritz.answer();
    await moritz.ear.tone(CALLER_HZ);
    expect(refused.rang).toBe(false);
    expect((await helpLine().ticket(id, 'connected')).number).toBe(before);
  });
});
