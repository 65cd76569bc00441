import { expect, type TestContext, test } from 'vitest';
import type { TicketId } from '../../../src/domain/ids.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

/** Whoever is busy is tried again after a second or so; where, is the difference. */
const line = (place: 'keep' | 'back', dnis: string, agent: string): TestLine => ({
  name: place,
  dnis,
  agents: [agent],
  queue: { callback: { retry: { rules: { busy: { pauseMinutes: 0.02, place } } } } },
});
const BACK = line('back', '+18005550170', 'nina');
const KEEP = line('keep', '+18005550171', 'oleg');
const AGENT_HZ = 1150;
const VOICES_HZ = [500, 620, 750] as const;

const helpLine = helpLineForThisFile([BACK, KEEP]);

type Phone = Awaited<ReturnType<ReturnType<typeof helpLine>['phone']>>;

/** The first of three is busy, and due again while the agent talks to the second. */
async function missesTheFirst(
  context: TestContext,
  retried: TestLine,
  numbers: readonly [string, string, string],
): Promise<{
  readonly agent: Phone;
  readonly second: Phone;
  readonly third: Phone;
  readonly first: Phone;
  readonly firstId: TicketId;
}> {
  const [one, two, three] = numbers;
  const firstId = await helpLine().bookTicket(retried, one);
  await helpLine().bookTicket(retried, two);
  await helpLine().bookTicket(retried, three);
  const busy = await helpLine().refuses(context, one, { how: 'refused', status: 486 });
  const second = await helpLine().telephone(context, two, VOICES_HZ[1]);
  const third = await helpLine().telephone(context, three, VOICES_HZ[2]);
  const agent = await helpLine().readyAgent(context, retried.agents[0] ?? '', AGENT_HZ);
  await busy.over();
  const first = await helpLine().telephone(context, one, VOICES_HZ[0]);
  await isConnected(second, agent);
  await helpLine().kept('a ticket that is due again', ({ facts }) => {
    const told = facts.filter(({ about }) => about === firstId).map(({ what }) => what);
    return told.includes('attemptEnded') && told.at(-1) === 'ticketDue';
  });
  return { agent, first, second, third, firstId };
}

async function isConnected(customer: Phone, agent: Phone): Promise<void> {
  await customer.answer(PATIENT_MS);
  await customer.ear.prompt('callback-intro');
  customer.press('1');
  await agent.answer();
  await agent.ear.tone(customer.voiceHz);
}

test.concurrent('who was missed is called after who came later, if the rule says "back"', async (context) => {
  const numbers = ['+12025550100', '+12025550101', '+12025550102'] as const;
  const { agent, first, second, third, firstId } = await missesTheFirst(context, BACK, numbers);
  expect(await aheadOf(firstId)).toBe(1);
  second.hangUp();
  await agent.over();
  await isConnected(third, agent);
  expect(first.rang).toBe(false);
  third.hangUp();
  await agent.over();
  await isConnected(first, agent);
  const { attempts } = await helpLine().ticket(firstId, 'connected');
  expect(attempts.map(({ cause }) => cause)).toEqual(['busy', 'connected']);
});

test.concurrent('and before them if it says "keep"', async (context) => {
  const numbers = ['+12025550103', '+12025550104', '+12025550105'] as const;
  const { agent, first, second, third, firstId } = await missesTheFirst(context, KEEP, numbers);
  expect(await aheadOf(firstId)).toBe(0);
  second.hangUp();
  await agent.over();
  await isConnected(first, agent);
  expect(third.rang).toBe(false);
});

/** How many stand before a ticket, as the API tells it. */
async function aheadOf(id: TicketId): Promise<number | undefined> {
  const answer = await helpLine().ask(`/v1/tickets/${id}`);
  const { line: stands } = (await answer.json()) as {
    readonly line: { readonly ahead: number } | null;
  };
  return stands?.ahead;
}
