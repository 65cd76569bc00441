import { describe, expect, type TestContext, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import type { SippCaller } from '../../support/sipp-caller.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const BY_NUMBER: TestLine = {
  name: 'by-number',
  dnis: '+18005550160',
  agents: ['uma'],
  number: { language: 'es' },
  agent: { skills: ['es'] },
};
const BY_KEY: TestLine = {
  name: 'by-key',
  dnis: '+18005550161',
  agents: ['viktor'],
  menu: { keys: { 8: { menu: 'by-key', language: 'es' } } },
  agent: { skills: ['es'] },
};
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([BY_NUMBER, BY_KEY]);

/** From the menu on. */
async function takesInSpanish(caller: SippCaller): Promise<void> {
  await caller.press('1');
  await caller.hears('es/notice-callback', PATIENT_MS);
  await caller.hears('es/offer-use-ani-intro');
  await caller.press('1');
  await caller.hears('es/ticket-confirmed');
  await caller.ended();
}

/** The callback is Spanish, what the agent is told of it is not. */
async function isCalledInSpanish(
  context: TestContext,
  { name, agents: [agent = ''] }: TestLine,
  number: string,
): Promise<void> {
  const customer = await helpLine().telephone(context, number, CALLER_HZ);
  const phone = await helpLine().readyAgent(context, agent, AGENT_HZ);
  await customer.answer(PATIENT_MS);
  for (const prompt of ['callback-intro', 'name-tax-help', 'notice-on-callback', 'callback-keys']) {
    await customer.ear.prompt(`es/${prompt}`);
  }
  customer.press('1');
  await customer.ear.prompt('es/callback-wait');
  await phone.answer();
  await phone.ear.prompt('whisper-callback');
  await Promise.all([phone.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
  customer.hangUp();
  await phone.over();
  const isConnected = ({ queue, state }: Ticket): boolean =>
    queue === name && state.name === 'connected';
  const { tickets } = await helpLine().kept('a connected ticket', (kept) =>
    kept.tickets.some(isConnected),
  );
  expect(tickets.find(isConnected)).toMatchObject({
    number,
    consent: { language: 'es' },
    origin: { language: 'es' },
  });
}

describe.concurrent('a callback is in Spanish', () => {
  test('for who dialled the number for it', async (context) => {
    const number = '+12025550143';
    const caller = await helpLine().dial(context, BY_NUMBER, number);
    await caller.hears('es/name-tax-help');
    await takesInSpanish(caller);
    await isCalledInSpanish(context, BY_NUMBER, number);
  });

  test('for who chose it by key', async (context) => {
    const number = '+12025550144';
    const caller = await helpLine().dial(context, BY_KEY, number);
    await caller.hears('queue-refunds');
    await caller.press('8');
    await caller.hears('es/queue-refunds');
    await takesInSpanish(caller);
    await isCalledInSpanish(context, BY_KEY, number);
  });
});
