import { describe, expect, type TestContext, test } from 'vitest';
import { WEEKDAYS } from '../../../src/domain/hours/hours.ts';
import { comparePlaces } from '../../../src/domain/queue/line.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const MOVED: TestLine = { name: 'moved', dnis: '+18005550185', agents: ['paul'] };
const SOONER: TestLine = {
  name: 'sooner',
  dnis: '+18005550186',
  agents: ['quirin'],
  queue: {
    expectedHandleSeconds: 900,
    callback: {
      slots: {
        minutes: 15,
        bookableShare: 1,
        forecast: [{ days: [...WEEKDAYS], hours: '00:00-24:00', agents: 1 }],
      },
    },
  },
};
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([MOVED, SOONER]);

type Phone = Awaited<ReturnType<ReturnType<typeof helpLine>['phone']>>;

async function isServed(customer: Phone, agent: Phone): Promise<void> {
  await customer.answer(PATIENT_MS);
  await customer.ear.prompt('callback-intro');
  customer.press('1');
  await agent.answer();
  await agent.ear.tone(customer.voiceHz);
  customer.hangUp();
  await agent.over();
}

function customer(context: TestContext, number: string, voiceHz: number): Promise<Phone> {
  return helpLine().telephone(context, number, voiceHz);
}

describe.concurrent('a customer', () => {
  test('whom a supervisor puts to the front is called first, before who holds', async (context) => {
    const [one, two] = ['+12025550158', '+12025550159'];
    await helpLine().bookTicket(MOVED, one);
    const holder = await helpLine().holder(context, MOVED, '+12025550160', CALLER_HZ);
    await holder.ear.prompt('notice-callback', PATIENT_MS);
    const id = await helpLine().bookTicket(MOVED, two);
    const moved = await helpLine().ask(`/v1/tickets/${id}/move`, {
      position: 'front',
      reason: 'their house is on fire',
    });
    expect(await moved.json()).toMatchObject({ line: { ahead: 0 } });
    const [first, second] = [
      await customer(context, one, CALLER_HZ),
      await customer(context, two, SECOND_CALLER_HZ),
    ];
    const paul = await helpLine().readyAgent(context, 'paul', AGENT_HZ);
    await isServed(second, paul);
    await isServed(first, paul);
    await paul.answer();
    await paul.ear.tone(CALLER_HZ);
    const { facts, tickets } = await helpLine().kept('a move', (kept) =>
      kept.facts.some(({ about, what }) => about === id && what === 'ticketMoved'),
    );
    const arrivals = tickets.toSorted(comparePlaces).map(({ number }) => number);
    expect(arrivals.filter((number) => number === one || number === two)).toEqual([two, one]);
    expect(facts.find(({ what }) => what === 'ticketMoved')?.detail).toMatchObject({
      reason: 'their house is on fire',
    });
  });

  test('whose time is given up for the line is called as soon as an agent is free', async (context) => {
    const number = '+12025550161';
    const answer = await helpLine().ask(`/v1/queues/${SOONER.name}/slots`);
    const { slots } = (await answer.json()) as { readonly slots: readonly Span[] };
    const slot = { ...(slots[0] ?? { from: '', to: '' }) };
    const id = await helpLine().bookTicket(SOONER, number, { slot });
    const phone = await customer(context, number, CALLER_HZ);
    const quirin = await helpLine().readyAgent(context, 'quirin', AGENT_HZ);
    const holder = await helpLine().holder(context, SOONER, '+12025550162', SECOND_CALLER_HZ);
    await quirin.answer();
    await quirin.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await quirin.over();
    expect(phone.rang).toBe(false);
    const back = await helpLine().ask(`/v1/tickets/${id}/reschedule`, { slot: null });
    expect(await back.json()).toMatchObject({ slot: null });
    await isServed(phone, quirin);
  });
});

interface Span {
  readonly from: string;
  readonly to: string;
}
