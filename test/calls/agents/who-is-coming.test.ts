import { describe, expect, test } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import type { SipMessage } from '../../../src/protocol/sip/message.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import type { SippRun } from '../../support/sipp.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const CALLBACK: TestLine = {
  name: 'callback',
  dnis: '+18005550157',
  agents: ['rita'],
  queue: { namePrompt: 'queue-general' },
};
const CALL: TestLine = {
  name: 'call',
  dnis: '+18005550158',
  agents: ['sven'],
  queue: { namePrompt: 'queue-general', callback: { offering: false } },
};
const SILENT: TestLine = {
  name: 'silent',
  dnis: '+18005550159',
  agents: ['tara'],
  queue: { whisper: false, callback: { offering: false } },
};
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([CALLBACK, CALL, SILENT]);

describe.concurrent('before being joined, an agent', () => {
  test('hears that it is a callback and of which queue, and the customer does not', async (context) => {
    const number = '+12025550140';
    await helpLine().takeTicket(context, CALLBACK, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const rita = await helpLine().readyAgent(context, 'rita', AGENT_HZ);
    const screen = await helpLine().ringingPhone(context, 'rita');
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-keys', PATIENT_MS);
    customer.press('1');
    await rita.answer();
    await rita.ear.prompt('whisper-callback');
    await rita.ear.prompt('queue-general');
    expect(rita.ear.everHeard(CALLER_HZ)).toBe(false);
    await Promise.all([rita.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    customer.hangUp();
    await rita.over();
    const heard = customer.ear.prompts();
    expect(heard).toContain('callback-keys');
    expect(heard).not.toContain('whisper-callback');
    expect(heard).not.toContain('queue-general');

    const invite = await inviteAt(screen);
    const { tickets } = await helpLine().kept('a connected ticket', (kept) =>
      kept.tickets.some(
        ({ queue, state }) => queue === CALLBACK.name && state.name === 'connected',
      ),
    );
    const ticket = tickets.find(({ queue }) => queue === CALLBACK.name);
    expect(screenOf(invite)).toEqual({
      Reason: 'callback',
      Queue: 'callback',
      Path: 'callback%201',
      Wait: expect.stringMatching(/^[1-9]\d?$/u),
      Attempts: '0',
      Ticket: ticket?.id,
    });
    expect(header(invite, 'From')).toContain('callback');
    expect(JSON.stringify(invite.headers)).not.toContain('2025550140');
  });

  test('hears of a caller and the queue, and the caller goes on with music', async (context) => {
    const caller = await helpLine().holder(context, CALL, '+12025550141', CALLER_HZ);
    await caller.ear.prompt('hold-intro');
    await caller.ear.music();
    const sven = await helpLine().phone(context, 'sven', AGENT_HZ);
    const screen = await helpLine().ringingPhone(context, 'sven');
    await sven.call('*11');
    await sven.over();
    await sven.answer();
    await sven.ear.prompt('whisper-caller');
    await sven.ear.prompt('queue-general');
    await Promise.all([sven.ear.tone(CALLER_HZ), caller.ear.tone(AGENT_HZ)]);
    caller.hangUp();
    await sven.over();
    expect(caller.ear.prompts()).not.toContain('whisper-caller');
    expect(screenOf(await inviteAt(screen))).toEqual({
      Reason: 'call',
      Queue: 'call',
      Path: 'call%201',
      Wait: expect.stringMatching(/^\d+$/u),
      Attempts: '0',
      Ticket: undefined,
    });
  });

  test('hears nothing where that is switched off', async (context) => {
    const tara = await helpLine().readyAgent(context, 'tara', AGENT_HZ);
    const caller = await helpLine().holder(context, SILENT, '+12025550142', CALLER_HZ);
    await tara.answer();
    await Promise.all([tara.ear.tone(CALLER_HZ), caller.ear.tone(AGENT_HZ)]);
    caller.hangUp();
    await tara.over();
    expect(tara.ear.prompts()).not.toContain('whisper-caller');
  });
});

function inviteAt(screen: SippRun): Promise<SipMessage> {
  return screen.received(
    'an INVITE',
    (message) => message.kind === 'request' && message.method === 'INVITE',
  );
}

/** What `docs/agent-screen.md` describes. */
function screenOf(invite: SipMessage): Readonly<Record<string, string | undefined>> {
  const names = ['Reason', 'Queue', 'Path', 'Wait', 'Attempts', 'Ticket'];
  return Object.fromEntries(names.map((name) => [name, header(invite, `X-Linekeeper-${name}`)]));
}
