import { describe, expect, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { WEEKDAYS } from '../../../src/domain/hours/hours.ts';
import { numbersSaid, slotOf, TIME_ZONE } from '../../support/booked-time.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const MINUTE_MS = 60_000;
const SLOT_MS = 15 * MINUTE_MS;
/** No callback in line is promised any more, so that times are offered. */
const slots = (agents: number, hours = '00:00-24:00'): NonNullable<TestLine['queue']> => ({
  expectedHandleSeconds: 900,
  callback: {
    offer: { maxOpenTickets: 0 },
    slots: {
      minutes: 15,
      bookableShare: 1,
      horizonHours: 24,
      forecast: [{ days: [...WEEKDAYS], hours, agents }],
    },
  },
});
const FIRST: TestLine = { name: 'first', dnis: '+18005550144', agents: ['ivan'], queue: slots(5) };
const SECOND: TestLine = { name: 'second', dnis: '+18005550145', agents: [], queue: slots(5) };
const ONE_EACH: TestLine = { name: 'one-each', dnis: '+18005550146', agents: [], queue: slots(1) };
const NOBODY: TestLine = { name: 'nobody', dnis: '+18005550147', agents: [], queue: slots(0) };
const SHORT: TestLine = {
  name: 'short',
  dnis: '+18005550148',
  agents: [],
  queue: slots(1, quarterOfAnHour()),
};
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([FIRST, SECOND, ONE_EACH, NOBODY, SHORT]);

describe.concurrent('where the line is full, a caller', () => {
  test('books the time that is said, and is not called before it', async (context) => {
    const number = '+12025550174';
    const caller = await helpLine().caller(context, FIRST, number);
    await caller.hears('slot-intro');
    await caller.hears('slot-keys', PATIENT_MS);
    const told = await caller.hearing.spokenSince('slot-intro', 'numbers');
    await caller.press('1');
    await caller.hears('offer-use-ani-intro');
    await caller.press('1');
    await caller.hears('slot-booked');
    await caller.ended();
    const ticket = await ticketIn(FIRST);
    const slot = slotOf(ticket);
    expect(told).toBe(numbersSaid(slot, ticket));
    expect(slot.to - slot.from).toBe(SLOT_MS);
    expect(slot.from - ticket.registeredAt).toBeGreaterThan(9 * MINUTE_MS);
    expect(ticket.state).toEqual({ name: 'waiting', because: 'slot', notBefore: slot.from });

    // An agent who is free serves whoever comes; the booked one is left alone.
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const ivan = await helpLine().readyAgent(context, 'ivan', AGENT_HZ);
    const holder = await helpLine().holder(context, FIRST, '+12025550175', SECOND_CALLER_HZ);
    await ivan.answer();
    await ivan.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await ivan.over();
    expect(customer.rang).toBe(false);
    expect((await ticketIn(FIRST)).attempts).toEqual([]);
  });

  test('hears the next time by 2', async (context) => {
    const caller = await helpLine().caller(context, SECOND, '+12025550176');
    await caller.hears('slot-intro');
    await caller.hears('slot-keys', PATIENT_MS);
    const first = await caller.hearing.spokenSince('slot-intro', 'numbers');
    await caller.press('2');
    await caller.hears('slot-keys', PATIENT_MS);
    const both = await caller.hearing.spokenSince('slot-intro', 'numbers');
    await caller.press('1');
    await caller.hears('offer-use-ani-intro');
    await caller.press('1');
    await caller.hears('slot-booked');
    await caller.ended();
    const ticket = await ticketIn(SECOND);
    const slot = slotOf(ticket);
    const before = { from: slot.from - SLOT_MS, to: slot.from };
    expect(first).toBe(numbersSaid(before, ticket));
    expect(both).toBe(`${first} ${numbersSaid(slot, ticket)}`);
  });

  test('is not told of a time that somebody else has booked', async (context) => {
    const numbers = ['+12025550177', '+12025550178'];
    for (const number of numbers) {
      const caller = await helpLine().caller(context, ONE_EACH, number);
      await caller.hears('slot-intro');
      await caller.press('1');
      await caller.hears('offer-use-ani-intro', PATIENT_MS);
      await caller.press('1');
      await caller.hears('slot-booked');
      await caller.ended();
    }
    const tickets = await ticketsIn(ONE_EACH, numbers.length);
    const [first, second] = tickets.map((ticket) => slotOf(ticket).from);
    expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  });

  test('is told when there are no other times, and holds', async (context) => {
    const caller = await helpLine().caller(context, SHORT, '+12025550180');
    await caller.hears('slot-intro');
    await caller.hears('slot-keys', PATIENT_MS);
    await caller.press('2');
    await caller.hears('slot-none');
    await caller.hears('back-on-hold');
    await caller.hearing.music();
    await caller.hangUp();
    expect(caller.hearing.prompts()).not.toContain('offer-use-ani-intro');
  });

  test('holds where nobody is expected at work', async (context) => {
    const caller = await helpLine().caller(context, NOBODY, '+12025550179');
    await caller.hears('hold-intro');
    await caller.hearing.music();
    await caller.hangUp();
    expect(caller.hearing.prompts()).not.toContain('notice-callback');
  });
});

async function ticketsIn({ name }: TestLine, count: number): Promise<readonly Ticket[]> {
  const here = ({ queue }: Ticket): boolean => queue === name;
  const { tickets } = await helpLine().kept(
    `${count} tickets of ${name}`,
    (kept) => kept.tickets.filter(here).length === count,
  );
  return tickets.filter(here);
}

async function ticketIn(line: TestLine): Promise<Ticket> {
  const [ticket] = await ticketsIn(line, 1);
  if (ticket === undefined) throw new Error('no ticket');
  return ticket;
}

/** One that begins in one to two hours, by the clock of the queue. */
function quarterOfAnHour(): string {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: TIME_ZONE,
    hour: 'numeric',
    hourCycle: 'h23',
  });
  const hour = String((Number(clock.format(new Date())) + 2) % 24).padStart(2, '0');
  return `${hour}:00-${hour}:15`;
}
