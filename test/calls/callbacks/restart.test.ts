import { expect, test } from 'vitest';
import { eachOnItsOwnServer, HelpLine, type TestLine } from '../../support/help-line.ts';
import { openRecording, toneShare } from '../../support/recordings.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const LINE: TestLine = { name: 'help', dnis: '+18005550101', agents: ['vera'] };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const NUMBERS = ['+12025550140', '+12025550141', '+12025550142'] as const;

eachOnItsOwnServer('after kill -9 and a new start', () => {
  test('the ticket that "you may hang up" was said about is in line, and is served', async (context) => {
    const [number] = NUMBERS;
    const help = await HelpLine.for(context, [LINE]);
    const caller = await help.caller(context, LINE, number);
    await caller.hears('offer-use-ani-intro', PATIENT_MS);
    await caller.press('1');
    await caller.ear.hearing.beginningOf('ticket-confirmed', 0.6);
    await help.server.kill();

    const customer = await help.telephone(context, number, CALLER_HZ);
    await help.server.startAgain();
    const vera = await help.readyAgent(context, 'vera', AGENT_HZ);
    await customer.answer(PATIENT_MS * 2);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await vera.answer();
    await Promise.all([vera.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    customer.hangUp();
    const { tickets, ledgerIsSound } = await help.kept('a connected ticket', (kept) =>
      kept.tickets.some(({ state }) => state.name === 'connected'),
    );
    expect(tickets).toHaveLength(1);
    expect(ledgerIsSound).toBe(true);
  });

  test('all tickets are in line, in order; the attempt that was cut off costs nothing', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    await help.takeTickets(context, LINE, NUMBERS);
    const [first] = NUMBERS;
    await help.refuses(context, first, { how: 'unanswered' });
    const vera = await help.readyAgent(context, 'vera', AGENT_HZ);
    await help.carrier.call(first, PATIENT_MS);
    await help.server.kill();

    const customers = [];
    for (const [index, number] of NUMBERS.entries()) {
      customers.push(await help.telephone(context, number, CALLER_HZ + 120 * index));
    }
    // What the agent had chosen lasts, and so does the registration of the phone.
    await help.server.startAgain();
    for (const [index, customer] of customers.entries()) {
      await customer.answer(PATIENT_MS);
      expect(customers.slice(index + 1).some(({ rang }) => rang)).toBe(false);
      await customer.ear.prompt('callback-intro');
      customer.press('1');
      await vera.answer();
      await vera.ear.tone(customer.voiceHz);
      customer.hangUp();
      await vera.over();
    }
    const { tickets } = await help.kept('three connected tickets', (kept) =>
      kept.tickets.every(({ state }) => state.name === 'connected'),
    );
    const causes = tickets.map(({ attempts }) => attempts.map(({ cause }) => cause));
    expect(causes).toEqual([['interrupted', 'connected'], ['connected'], ['connected']]);
  });

  test('the recording of a conversation that was cut off can be played', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const vera = await help.readyAgent(context, 'vera', AGENT_HZ);
    const caller = await help.holder(context, LINE, NUMBERS[0], CALLER_HZ);
    await vera.answer();
    await Promise.all([vera.ear.tone(CALLER_HZ, 2), caller.ear.tone(AGENT_HZ, 2)]);
    await help.server.kill();
    await help.server.startAgain();
    const { recordings, calls } = await help.kept('an interrupted recording', (kept) =>
      kept.recordings.some(({ state }) => state.name === 'interrupted'),
    );
    const [recording] = recordings;
    if (recording === undefined || recordings.length !== 1) throw new Error('not one recording');
    expect(calls.get(recording.callId)?.end).toBeDefined();
    const sound = await openRecording(help.server.folders.recordings, recording.file);
    // A second may be lost, no more.
    expect(sound.seconds).toBeGreaterThan(1);
    expect(toneShare(sound.left, CALLER_HZ)).toBeGreaterThan(0.8);
    expect(toneShare(sound.right, AGENT_HZ)).toBeGreaterThan(0.8);
  });
});
