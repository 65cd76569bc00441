import { describe, expect, test } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { openRecording, toneShare } from '../../support/recordings.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const SHOWN: TestLine = { name: 'shown', dnis: '+18005550101', agents: ['rosa'] };
const KEYED: TestLine = { name: 'keyed', dnis: '+18005550102', agents: ['saul'] };
const ORDER: TestLine = { name: 'order', dnis: '+18005550103', agents: ['tess'] };
const EARLY: TestLine = { name: 'early', dnis: '+18005550104', agents: [] };
const OPEN: TestLine = { name: 'open-line', dnis: '+18005550105', agents: ['ugo'] };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;
const THIRD_CALLER_HZ = 620;

const helpLine = helpLineForThisFile([SHOWN, KEYED, ORDER, EARLY, OPEN]);

describe.concurrent('a callback', () => {
  test('on the number shown rings it from the number dialled, and the agent only on 1', async (context) => {
    const number = '+12025550121';
    await helpLine().takeTicket(context, SHOWN, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const rosa = await helpLine().readyAgent(context, 'rosa', AGENT_HZ);

    const { invite } = await helpLine().carrier.call(number, PATIENT_MS);
    expect(header(invite, 'From')).toContain(`sip:${SHOWN.dnis}@`);
    expect(header(invite, 'P-Asserted-Identity')).toContain(`sip:${SHOWN.dnis}@`);
    await customer.answer();
    for (const prompt of ['callback-intro', 'name-tax-help', 'callback-intro-2', 'callback-keys']) {
      await customer.ear.prompt(prompt);
    }
    expect(rosa.rang).toBe(false);
    customer.press('1');
    await rosa.answer();
    await Promise.all([rosa.ear.tone(CALLER_HZ, 1), customer.ear.tone(AGENT_HZ, 1)]);
    customer.hangUp();
    await rosa.over();

    const { tickets, recordings, calls } = await helpLine().kept(
      'a connected ticket and its recording',
      (kept) =>
        kept.tickets.some(
          (ticket) => ticket.number === number && ticket.state.name === 'connected',
        ) &&
        kept.recordings.some(({ queue, state }) => queue === 'shown' && state.name === 'finished'),
    );
    const ticket = tickets.find((one) => one.number === number);
    expect(ticket).toMatchObject({
      dnis: SHOWN.dnis,
      queue: 'shown',
      consent: { key: '1', source: 'ani' },
      state: { agentId: 'rosa' },
      attempts: [{ cause: 'connected', agentId: 'rosa' }],
    });
    const recording = recordings.find(({ queue }) => queue === 'shown');
    if (recording === undefined) throw new Error('no recording');
    expect(recording).toMatchObject({ ticketId: ticket?.id, agentId: 'rosa' });
    expect(calls.get(recording.callId)).toMatchObject({
      direction: 'callback',
      ticketId: ticket?.id,
      party: number,
    });
    const sound = await openRecording(helpLine().server.folders.recordings, recording.file);
    expect(toneShare(sound.left, CALLER_HZ)).toBeGreaterThan(0.8);
    expect(toneShare(sound.right, AGENT_HZ)).toBeGreaterThan(0.8);
  });

  test('on a keyed number rings that number', async (context) => {
    const keyed = '+12025550123';
    const caller = await helpLine().caller(context, KEYED, '+12025550122');
    await caller.hears('offer-use-ani-intro', PATIENT_MS);
    await caller.press('2');
    await caller.hears('key-number');
    await caller.press('2025550123');
    await caller.hears('confirm-number-intro');
    await caller.press('1');
    await caller.hears('ticket-confirmed');
    await caller.ended();
    const customer = await helpLine().telephone(context, keyed, CALLER_HZ);
    const saul = await helpLine().readyAgent(context, 'saul', AGENT_HZ);
    await customer.answer();
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await saul.answer();
    await Promise.all([saul.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    customer.hangUp();
    await saul.over();
    const { tickets } = await helpLine().kept('a connected ticket', (kept) =>
      kept.tickets.some(({ queue, state }) => queue === 'keyed' && state.name === 'connected'),
    );
    expect(tickets.filter(({ queue }) => queue === 'keyed')).toMatchObject([
      { number: keyed, consent: { key: '1', source: 'keyed' } },
    ]);
  });

  test('joins the open line of an agent without ringing it', async (context) => {
    const number = '+12025550124';
    await helpLine().takeTicket(context, OPEN, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const ugo = await helpLine().phone(context, 'ugo', AGENT_HZ);
    await ugo.call('*14');
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await Promise.all([ugo.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    expect(ugo.rang).toBe(false);
    customer.hangUp();
  });

  test('keeps the order of arrival, among those who hold too', async (context) => {
    const numbers = { first: '+12025550125', second: '+12025550126', third: '+12025550127' };
    await helpLine().takeTicket(context, ORDER, numbers.first);
    const holder = await helpLine().holder(context, ORDER, numbers.second, SECOND_CALLER_HZ);
    // The offer is let pass.
    await holder.ear.prompt('offer-use-ani-intro', PATIENT_MS);
    await helpLine().takeTicket(context, ORDER, numbers.third);
    const first = await helpLine().telephone(context, numbers.first, CALLER_HZ);
    const third = await helpLine().telephone(context, numbers.third, THIRD_CALLER_HZ);
    const tess = await helpLine().readyAgent(context, 'tess', AGENT_HZ);

    await first.answer();
    await first.ear.prompt('callback-intro');
    first.press('1');
    await tess.answer();
    await tess.ear.tone(CALLER_HZ);
    expect(third.rang).toBe(false);
    first.hangUp();
    await tess.over();

    await tess.answer();
    await tess.ear.tone(SECOND_CALLER_HZ);
    expect(third.rang).toBe(false);
    holder.hangUp();
    await tess.over();

    await third.answer();
    third.press('1');
    await tess.answer();
    await tess.ear.tone(THIRD_CALLER_HZ);
  });

  test('is not promised to who hangs up before it is confirmed, and once to who does after', async (context) => {
    const before = await helpLine().caller(context, EARLY, '+12025550128');
    await before.hears('offer-use-ani-intro', PATIENT_MS);
    await before.press('2');
    await before.hears('key-number');
    await before.press('2025550129');
    await before.hears('confirm-number-intro');
    await before.hangUp();
    const after = await helpLine().caller(context, EARLY, '+12025550129');
    await after.hears('offer-use-ani-intro', PATIENT_MS);
    await after.press('1');
    await after.hears('ticket-confirmed');
    await after.hangUp().catch(() => undefined);
    const { tickets } = await helpLine().kept('a ticket', (kept) =>
      kept.tickets.some(({ queue }) => queue === 'early'),
    );
    const found = tickets.filter(({ queue }) => queue === 'early');
    expect(found).toMatchObject([{ number: '+12025550129', consent: { source: 'ani' } }]);
  });
});
