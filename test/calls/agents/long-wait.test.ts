import { expect, type TestContext, test } from 'vitest';
import type { TicketId } from '../../../src/domain/ids.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import { eachOnItsOwnServer, HelpLine, type TestLine } from '../../support/help-line.ts';
import { giveTicketPast } from '../../support/past.ts';
import type { SippRun } from '../../support/sipp.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const LINE: TestLine = {
  name: 'help',
  dnis: '+18005550101',
  agents: ['rita'],
  queue: { namePrompt: 'queue-general' },
};
const NUMBER = '+12025550140';
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const MINUTE_MS = 60_000;
/** A little more than 22 and a half is told as 23, for the whole of a minute to come. */
const WAITED_MS = 22 * MINUTE_MS + 35_000;

eachOnItsOwnServer('an agent', () => {
  test('hears how many minutes a customer has waited, wherever in line they stood', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const id = await help.bookTicket(LINE, NUMBER);
    const now = Date.now();
    // As somebody who was put to the end of the line a while ago.
    const past = { waitingSince: now - WAITED_MS, arrivedAt: now - 5 * MINUTE_MS };
    await comesFromThePast(help, id, past);
    const customer = await help.telephone(context, NUMBER, CALLER_HZ);
    const { rita, screen } = await readyRita(context, help);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-keys', PATIENT_MS);
    customer.press('1');
    await rita.answer();
    for (const prompt of ['whisper-callback', 'queue-general', 'whisper-waited']) {
      await rita.ear.prompt(prompt);
    }
    await Promise.all([rita.ear.tone(CALLER_HZ), customer.ear.tone(AGENT_HZ)]);
    expect(await saidOfTheWait(rita)).toEqual({ numbers: '20 3', words: 'minutes' });
    expect(customer.ear.prompts()).not.toContain('whisper-waited');
    expect(await minutesShown(screen)).toBe(23);
  });

  test('hears it of a customer who came back to the line', async (context) => {
    const help = await HelpLine.for(context, [LINE]);
    const id = await help.bookTicket(LINE, NUMBER);
    const since = Date.now() - WAITED_MS;
    await comesFromThePast(help, id, { waitingSince: since, arrivedAt: since });
    const caller = await help.telephone(context, NUMBER, CALLER_HZ);
    await caller.call(LINE.dnis);
    await caller.ear.prompt('repeat-keys');
    caller.press('5');
    await caller.ear.prompt('position-intro');
    const { rita, screen } = await readyRita(context, help);
    await rita.answer();
    for (const prompt of ['whisper-caller', 'queue-general', 'whisper-waited']) {
      await rita.ear.prompt(prompt);
    }
    await Promise.all([rita.ear.tone(CALLER_HZ), caller.ear.tone(AGENT_HZ)]);
    expect(await saidOfTheWait(rita)).toEqual({ numbers: '20 3', words: 'minutes' });
    expect(await minutesShown(screen)).toBe(23);
  });
});

/** The program is stopped, and started with a ticket that is older than it was. */
async function comesFromThePast(
  { server }: HelpLine,
  id: TicketId,
  past: Parameters<typeof giveTicketPast>[2],
): Promise<void> {
  await server.stop();
  giveTicketPast(server.folders.data, id, past);
  await server.startAgain();
}

type Phone = Awaited<ReturnType<HelpLine['phone']>>;

/** Rita, with a further phone that shows what comes. */
async function readyRita(
  context: TestContext,
  help: HelpLine,
): Promise<{ readonly rita: Phone; readonly screen: SippRun }> {
  const rita = await help.phone(context, 'rita', AGENT_HZ);
  const screen = await help.ringingPhone(context, 'rita');
  await rita.call('*11');
  await rita.over();
  return { rita, screen };
}

async function saidOfTheWait({ ear }: Phone) {
  return {
    numbers: await ear.spokenSince('whisper-waited', 'numbers'),
    words: await ear.spokenSince('whisper-waited', 'words'),
  };
}

/** `X-Linekeeper-Wait`, in minutes. */
async function minutesShown(screen: SippRun): Promise<number> {
  const invite = await screen.received(
    'an INVITE',
    (message) => message.kind === 'request' && message.method === 'INVITE',
  );
  return Math.round(Number(header(invite, 'X-Linekeeper-Wait')) / 60);
}
