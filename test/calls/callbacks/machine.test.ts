import { describe, expect, type TestContext, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { toneSamples } from '../../support/key-packets.ts';
import { PromptEar } from '../../support/prompt-ear.ts';
import { answeringCustomer } from '../../support/sipp-customer.ts';
import { soundsOf } from '../../support/sounds.ts';
import { PATIENT_MS, until } from '../../support/waiting.ts';

/** So long that whatever ends the call sooner was not the lack of a key. */
const BEEP: TestLine = {
  name: 'beep',
  dnis: '+18005550148',
  agents: ['jana'],
  queue: { callback: { dial: { confirmSeconds: 30 }, retry: { maxAttempts: 1 } } },
};
const GREETING: TestLine = {
  name: 'greeting',
  dnis: '+18005550149',
  agents: ['karl'],
  queue: {
    callback: { dial: { confirmSeconds: 2, confirmTries: 5 }, retry: { maxAttempts: 1 } },
  },
};
const BEEP_HZ = 1400;
const BEEP_SAMPLES = 4_000;
const LOUDNESS = 6_000;
const AGENT_HZ = 1150;

const helpLine = helpLineForThisFile([BEEP, GREETING]);

/** An answering machine at `number`: it says its greeting as soon as it is called, then `after`. */
async function machineAt(
  context: TestContext,
  number: string,
  after: Int16Array,
): Promise<{ readonly ear: PromptEar; over(): Promise<unknown> }> {
  const ear = await PromptEar.open();
  const run = await answeringCustomer(helpLine().server.sip, ear.sdp());
  context.onTestFinished(async () => {
    ear.close();
    await run.abort();
  });
  helpLine().carrier.connect(number, run.port);
  const greeting = soundsOf('en', 'prompts').get('closed') ?? new Int16Array(0);
  const said = until(() => ear.hearing.length > 0, 'a call at the machine', PATIENT_MS)
    .then(() => ear.saySound(greeting))
    .then(() => ear.saySound(after));
  return { ear, over: () => Promise.all([said, run.finished()]) };
}

describe.concurrent('an answering machine that is called back', () => {
  test('is hung up on at its beep; no agent is rung', async (context) => {
    const number = '+12025550180';
    await helpLine().takeTicket(context, BEEP, number);
    const beep = toneSamples([BEEP_HZ], 0, BEEP_SAMPLES, LOUDNESS);
    const machine = await machineAt(context, number, beep);
    const jana = await helpLine().readyAgent(context, 'jana', AGENT_HZ);
    await machine.over();
    await endedAsMachine(BEEP);
    expect(jana.rang).toBe(false);
    expect(machine.ear.hearing.prompts()).not.toContain('callback-no-key');
  });

  test('is known by its long greeting when no key comes, and is not greeted again', async (context) => {
    const number = '+12025550181';
    await helpLine().takeTicket(context, GREETING, number);
    const machine = await machineAt(context, number, new Int16Array(0));
    const karl = await helpLine().readyAgent(context, 'karl', AGENT_HZ);
    await machine.ear.hearing.prompt('callback-intro', PATIENT_MS);
    await machine.ear.hearing.prompt('callback-no-key', PATIENT_MS);
    await machine.over();
    await endedAsMachine(GREETING);
    expect(karl.rang).toBe(false);
    const greeted = machine.ear.hearing.prompts().filter((prompt) => prompt === 'callback-intro');
    expect(greeted).toHaveLength(1);
  });
});

async function endedAsMachine({ name }: TestLine): Promise<void> {
  const hasEnded = ({ queue, state }: Ticket): boolean =>
    queue === name && state.name === 'exhausted';
  const { tickets } = await helpLine().kept('a ticket that is exhausted', (kept) =>
    kept.tickets.some(hasEnded),
  );
  expect(tickets.find(hasEnded)).toMatchObject({
    state: { cause: 'machine' },
    attempts: [{ cause: 'machine' }],
  });
}
