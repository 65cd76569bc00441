import { describe, expect, test } from 'vitest';
import { dialCode, helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { openRecording, toneShare } from '../../support/recordings.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const CODE: TestLine = {
  name: 'code',
  dnis: '+18005550150',
  agents: ['lena'],
  queue: { callback: { dial: { askCode: true } } },
};
const AGENT_FIRST: TestLine = {
  name: 'agent-first',
  dnis: '+18005550151',
  agents: ['milo'],
  queue: { callback: { dial: { order: 'agentFirst' } } },
};
const NOT_THERE: TestLine = {
  name: 'not-there',
  dnis: '+18005550152',
  agents: ['nora'],
  queue: { callback: { dial: { order: 'agentFirst' }, retry: { maxAttempts: 1 } } },
};
const DECLINED: TestLine = { name: 'declined', dnis: '+18005550165', agents: ['otto', 'paula'] };
const AGENT_HZ = 1150;
const SECOND_AGENT_HZ = 1850;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([CODE, AGENT_FIRST, NOT_THERE, DECLINED]);

describe.concurrent('a customer who is called back', () => {
  test('hears the two digits that they chose, and the notice; a star repeats, a pound sign slows', async (context) => {
    const number = '+12025550182';
    const caller = await helpLine().caller(context, CODE, number);
    await caller.hears('offer-use-ani-intro', PATIENT_MS);
    await caller.press('1');
    await caller.hears('ask-code');
    await caller.press('47');
    await caller.hears('code-chosen');
    await caller.hears('ticket-confirmed');
    expect(await caller.hearing.spokenSince('code-chosen', 'digits')).toBe('4 7');
    await caller.ended();

    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const lena = await helpLine().readyAgent(context, 'lena', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    for (const prompt of ['callback-intro', 'callback-intro-2', 'callback-code-intro']) {
      await customer.ear.prompt(prompt);
    }
    await customer.ear.prompt('notice-on-callback');
    expect(await customer.ear.spokenSince('callback-code-intro', 'digits')).toBe('4 7');
    await customer.ear.prompt('callback-keys');
    customer.press('*');
    await customer.ear.prompt('callback-intro');
    customer.press('#');
    await customer.ear.prompt('en-slow/callback-intro');
    expect(lena.rang).toBe(false);
    customer.press('1');
    await lena.answer();
    await Promise.all([lena.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    customer.hangUp();
    await lena.over();
    const { tickets } = await helpLine().kept('a connected ticket', (kept) =>
      kept.tickets.some(({ queue, state }) => queue === CODE.name && state.name === 'connected'),
    );
    expect(tickets.find(({ queue }) => queue === CODE.name)?.origin.code).toBe('47');
  });

  test('is told that we are sorry when the agent does not take the call, and gets the next', async (context) => {
    const number = '+12025550186';
    await helpLine().bookTicket(DECLINED, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const otto = await helpLine().readyAgent(context, 'otto', AGENT_HZ);
    const paula = await helpLine().phone(context, 'paula', SECOND_AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await otto.rings();
    otto.hangUp();
    await customer.ear.prompt('callback-apology');
    await customer.ear.music();
    await dialCode(paula, '*11', 'agent-ready');
    await paula.answer();
    await Promise.all([paula.ear.tone(CALLER_HZ), customer.ear.tone(SECOND_AGENT_HZ)]);
    customer.hangUp();
    await paula.over();
    expect(customer.ear.everHeard(AGENT_HZ)).toBe(false);
  });
});

describe.concurrent('agent first', () => {
  test('the agent is rung, and waits with music while the customer is called', async (context) => {
    const number = '+12025550183';
    await helpLine().bookTicket(AGENT_FIRST, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const milo = await helpLine().readyAgent(context, 'milo', AGENT_HZ);
    await milo.rings(PATIENT_MS);
    expect(
      helpLine()
        .carrier.calls.peek()
        .map((call) => call.number),
    ).not.toContain(number);
    await milo.pickUp();
    await milo.ear.prompt('whisper-callback');
    await milo.ear.music();
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    // Nobody has pressed a key yet: the agent hears nothing of the customer's side.
    await customer.ear.prompt('callback-keys');
    expect(milo.ear.everHeard(CALLER_HZ)).toBe(false);
    customer.press('1');
    await Promise.all([milo.ear.tone(CALLER_HZ, 1), customer.ear.tone(AGENT_HZ, 1)]);
    customer.hangUp();
    await milo.over();
    const { tickets, recordings } = await helpLine().kept('a recording', (kept) =>
      kept.recordings.some(
        ({ queue, state }) => queue === AGENT_FIRST.name && state.name === 'finished',
      ),
    );
    const ticket = tickets.find(({ queue }) => queue === AGENT_FIRST.name);
    expect(ticket).toMatchObject({ attempts: [{ cause: 'connected', agentId: 'milo' }] });
    const recording = recordings.find(({ queue }) => queue === AGENT_FIRST.name);
    if (recording === undefined) throw new Error('no recording');
    expect(recording).toMatchObject({ agentId: 'milo', ticketId: ticket?.id });
    const sound = await openRecording(helpLine().server.folders.recordings, recording.file);
    expect(toneShare(sound.left, CALLER_HZ)).toBeGreaterThan(0.8);
    expect(toneShare(sound.right, AGENT_HZ)).toBeGreaterThan(0.8);
  });

  test('an agent whose customer is not there is let go, and takes the next caller', async (context) => {
    const number = '+12025550184';
    await helpLine().bookTicket(NOT_THERE, number);
    const busy = await helpLine().refuses(context, number, { how: 'refused', status: 486 });
    const nora = await helpLine().readyAgent(context, 'nora', AGENT_HZ);
    await nora.answer(PATIENT_MS);
    await busy.over();
    await nora.over();
    const next = await helpLine().holder(context, NOT_THERE, '+12025550185', CALLER_HZ);
    await nora.answer();
    await nora.ear.tone(CALLER_HZ);
    next.hangUp();
    await nora.over();
    const { tickets } = await helpLine().kept('an exhausted ticket', (kept) =>
      kept.tickets.some(
        ({ queue, state }) => queue === NOT_THERE.name && state.name === 'exhausted',
      ),
    );
    expect(tickets.find(({ queue }) => queue === NOT_THERE.name)).toMatchObject({
      attempts: [{ cause: 'busy', agentId: 'nora' }],
    });
  });
});
