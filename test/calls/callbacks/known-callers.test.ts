import { describe, expect, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string, agent: string, queue?: TestLine['queue']): TestLine => ({
  name,
  dnis: `+1800555012${place}`,
  agents: [agent],
  ...(queue === undefined ? {} : { queue }),
});
const KEPT = line(0, 'kept', 'anna');
const CHANGED = line(1, 'changed', 'boris');
const CANCELLED = line(2, 'cancelled', 'clara');
const BACK = line(3, 'back', 'david');
const MISSED = line(4, 'missed', 'edith', {
  callback: { retry: { graceMinutes: 5, rules: { busy: { pauseMinutes: 30 } } } },
});
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;
const THIRD_CALLER_HZ = 620;

const helpLine = helpLineForThisFile([KEPT, CHANGED, CANCELLED, BACK, MISSED]);

describe.concurrent('who has a callback booked and calls again', () => {
  test('hears its number and the wait, keeps it, and is called', async (context) => {
    const number = '+12025550164';
    await helpLine().bookTicket(KEPT, number);
    const caller = await helpLine().callAgain(context, KEPT, number);
    expect(await caller.hearing.spokenSince('repeat-intro', 'digits')).toBe('0 1 6 4');
    await caller.press('4');
    await caller.hears('wait-intro');
    await caller.hears('repeat-keys');
    expect(await caller.hearing.spokenSince('wait-intro', 'words')).toBe('more-than-one-hour');
    await caller.press('1');
    await caller.hears('repeat-kept');
    await caller.ended();
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const anna = await helpLine().readyAgent(context, 'anna', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await anna.answer();
    await anna.ear.tone(CALLER_HZ);
    customer.hangUp();
    await anna.over();
    expect(await ticketOf(KEPT, 'connected')).toMatchObject({ number });
  });

  test('changes the number: the new one rings, the old one does not', async (context) => {
    const [before, after] = ['+12025550165', '+12025550166'];
    await helpLine().bookTicket(CHANGED, before);
    const caller = await helpLine().callAgain(context, CHANGED, before);
    await caller.press('2');
    await caller.hears('key-number');
    await caller.press('2025550166');
    await caller.hears('confirm-number-intro');
    await caller.hears('confirm-number-keys', PATIENT_MS);
    expect(await caller.hearing.spokenSince('confirm-number-intro', 'digits')).toBe(
      '2 0 2 5 5 5 0 1 6 6',
    );
    await caller.press('1');
    await caller.hears('repeat-number-changed');
    await caller.ended();
    const old = await helpLine().telephone(context, before, SECOND_CALLER_HZ);
    const customer = await helpLine().telephone(context, after, CALLER_HZ);
    const boris = await helpLine().readyAgent(context, 'boris', AGENT_HZ);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
    customer.press('1');
    await boris.answer();
    await boris.ear.tone(CALLER_HZ);
    customer.hangUp();
    await boris.over();
    expect(old.rang).toBe(false);
    expect(await ticketOf(CHANGED, 'connected')).toMatchObject({ number: after });
  });

  test('cancels it: nobody calls them, and the next in line is served', async (context) => {
    const number = '+12025550167';
    await helpLine().bookTicket(CANCELLED, number);
    const caller = await helpLine().callAgain(context, CANCELLED, number);
    await caller.press('3');
    await caller.hears('repeat-cancelled');
    await caller.ended();
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const clara = await helpLine().readyAgent(context, 'clara', AGENT_HZ);
    const next = await helpLine().holder(context, CANCELLED, '+12025550168', SECOND_CALLER_HZ);
    await clara.answer();
    await clara.ear.tone(SECOND_CALLER_HZ);
    next.hangUp();
    await clara.over();
    expect(customer.rang).toBe(false);
    const { state, attempts } = await ticketOf(CANCELLED, 'cancelled');
    expect(state).toMatchObject({ by: 'caller', because: 'asked' });
    expect(attempts).toEqual([]);
  });

  test('goes back to the line, at the place of the first call', async (context) => {
    const number = '+12025550169';
    await helpLine().bookTicket(BACK, number);
    const later = await helpLine().holder(context, BACK, '+12025550170', SECOND_CALLER_HZ);
    await later.ear.prompt('offer-use-ani-intro', PATIENT_MS);
    const back = await helpLine().telephone(context, number, CALLER_HZ);
    await back.call(BACK.dnis);
    await back.ear.prompt('repeat-keys');
    back.press('5');
    await back.ear.prompt('position-intro');
    await back.ear.prompt('wait-intro');
    expect(await back.ear.spokenSince('position-intro', 'numbers')).toBe('1');
    const david = await helpLine().readyAgent(context, 'david', AGENT_HZ);
    await servedInOrder(david, [back, later]);
    expect((await ticketOf(BACK, 'cancelled')).state).toMatchObject({ because: 'returned' });
  });
});

describe.concurrent('who missed a callback and calls in', () => {
  test('is welcomed back to the front, before who came in between', async (context) => {
    const number = '+12025550171';
    await helpLine().bookTicket(MISSED, number);
    const missed = await helpLine().refuses(context, number, { how: 'refused', status: 486 });
    const edith = await helpLine().readyAgent(context, 'edith', AGENT_HZ);
    await missed.over();
    const talking = await helpLine().holder(context, MISSED, '+12025550172', THIRD_CALLER_HZ);
    await edith.answer();
    await edith.ear.tone(THIRD_CALLER_HZ);
    const between = await helpLine().holder(context, MISSED, '+12025550173', SECOND_CALLER_HZ);
    await between.ear.prompt('notice-callback', PATIENT_MS);

    const back = await helpLine().telephone(context, number, CALLER_HZ);
    await back.call(MISSED.dnis);
    await back.ear.prompt('welcome-back');
    await back.ear.prompt('position-intro');
    await back.ear.prompt('wait-intro');
    expect(await back.ear.spokenSince('position-intro', 'numbers')).toBe('1');
    talking.hangUp();
    await edith.over();
    await servedInOrder(edith, [back, between]);
    const { state, attempts } = await ticketOf(MISSED, 'cancelled');
    expect(state).toMatchObject({ by: 'caller', because: 'returned' });
    expect(attempts).toMatchObject([{ cause: 'busy' }]);
  });
});

type Phone = Awaited<ReturnType<ReturnType<typeof helpLine>['phone']>>;

/** The agent talks to each of them, one after another. */
async function servedInOrder(agent: Phone, callers: readonly Phone[]): Promise<void> {
  for (const caller of callers) {
    await agent.answer(PATIENT_MS);
    await agent.ear.tone(caller.voiceHz);
    caller.hangUp();
    await agent.over();
  }
}

/** The ticket of a line, once it is in this state. */
async function ticketOf({ name }: TestLine, state: Ticket['state']['name']): Promise<Ticket> {
  const fits = (ticket: Ticket): boolean => ticket.queue === name && ticket.state.name === state;
  const { tickets } = await helpLine().kept(`a ticket that is ${state}`, (kept) =>
    kept.tickets.some(fits),
  );
  const found = tickets.find(fits);
  if (found === undefined) throw new Error('no ticket');
  return found;
}
