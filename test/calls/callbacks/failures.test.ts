import { describe, expect, test } from 'vitest';
import { answeredTelephone } from '../../support/answered-telephone.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string, agent: string, dial = {}): TestLine => ({
  name,
  dnis: `+1800555019${place}`,
  agents: [agent],
  queue: { callback: { dial, retry: { maxAttempts: 1 } } },
});
const NO_SUCH_NUMBER = line(0, 'no-such-number', 'ulla');
const CARRIER = line(1, 'carrier', 'viola');
const SLOW = line(2, 'slow', 'wolf', { confirmSeconds: 2, confirmTries: 2 });
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([NO_SUCH_NUMBER, CARRIER, SLOW]);

describe.concurrent('a callback', () => {
  test('to a number that does not exist is not tried again', async (context) => {
    const number = '+12025550170';
    const id = await helpLine().bookTicket(NO_SUCH_NUMBER, number);
    const refused = await helpLine().refuses(context, number, { how: 'refused', status: 404 });
    const ulla = await helpLine().readyAgent(context, 'ulla', AGENT_HZ);
    await refused.over();
    const { state, attempts } = await helpLine().ticket(id, 'exhausted');
    expect(state).toMatchObject({ cause: 'invalidNumber' });
    expect(attempts).toHaveLength(1);
    expect(ulla.rang).toBe(false);
  });

  test('that the carrier does not take costs the customer nothing, and is tried again', async (context) => {
    const number = '+12025550171';
    const id = await helpLine().bookTicket(CARRIER, number);
    const refused = await helpLine().refuses(context, number, { how: 'refused', status: 503 });
    const viola = await helpLine().readyAgent(context, 'viola', AGENT_HZ);
    await refused.over();
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await viola.answer();
    await viola.ear.tone(CALLER_HZ);
    const { attempts } = await helpLine().ticket(id, 'connected');
    expect(attempts.map(({ cause }) => cause)).toEqual(['congestion', 'connected']);
  });

  test('is explained again to a person who needs longer for the key', async (context) => {
    const number = '+12025550172';
    await helpLine().bookTicket(SLOW, number);
    const { ear } = await answeredTelephone(context, helpLine(), number);
    const wolf = await helpLine().readyAgent(context, 'wolf', AGENT_HZ);
    for (const prompt of ['callback-intro', 'callback-keys', 'callback-intro', 'callback-keys']) {
      await ear.hearing.prompt(prompt, PATIENT_MS);
    }
    expect(wolf.rang).toBe(false);
    await ear.press('1');
    ear.say(CALLER_HZ);
    await wolf.answer();
    await Promise.all([wolf.ear.tone(CALLER_HZ), ear.hearing.tone(AGENT_HZ)]);
    wolf.hangUp();
  });
});
