import { describe, expect, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const NIGHT: TestLine = { name: 'night', dnis: '+18005550166', agents: ['rolf'] };
const CLOSING: TestLine = {
  name: 'closing',
  dnis: '+18005550167',
  agents: [],
  queue: { hours: 'about-noon' },
};
const ONCE: TestLine = { name: 'once', dnis: '+18005550168', agents: [] };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([NIGHT, CLOSING, ONCE], {
  numbers: {
    callbackNumbers: {
      callingHours: { everyDay: laterInWashington() },
      ceilings: { registrationsPerNumberPerDay: 1 },
    },
  },
  hours: { hours: { 'about-noon': { timeZone: whereItIsNoon(), week: everyDay('06:00-18:00') } } },
});

describe.concurrent('a callback', () => {
  test('is not made while it is night where the customer is', async (context) => {
    const number = '+12025550187';
    await helpLine().bookTicket(NIGHT, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const rolf = await helpLine().readyAgent(context, 'rolf', AGENT_HZ);
    const { id } = await ticketIn(NIGHT);
    await helpLine().kept('a ticket that waits for the day', ({ facts }) =>
      facts.some(
        ({ about, what, detail }) =>
          about === id && what === 'ticketPaused' && detail['because'] === 'calledHours',
      ),
    );
    const holder = await helpLine().holder(context, NIGHT, '+12025550188', SECOND_CALLER_HZ);
    await rolf.answer();
    await rolf.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await rolf.over();
    expect(customer.rang).toBe(false);
    expect((await ticketIn(NIGHT)).attempts).toEqual([]);
  });

  test('is promised for the next morning to who cannot be reached before closing', async (context) => {
    const caller = await helpLine().caller(context, CLOSING, '+12025550189');
    await caller.hears('offer-use-ani-intro', PATIENT_MS);
    await caller.press('1');
    await caller.hears('ticket-next-morning');
    await caller.hears('ticket-confirmed');
    await caller.ended();
    expect((await ticketIn(CLOSING)).slot).toBeUndefined();
  });

  test('is promised to a number as often as is allowed, whoever asks for it', async (context) => {
    const id = await helpLine().bookTicket(ONCE, '+12025550199');
    const cancelled = await helpLine().ask(`/v1/tickets/${id}/cancel`, {});
    expect(cancelled.status).toBe(200);
    const caller = await helpLine().caller(context, ONCE, '+12025550194');
    await caller.hears('offer-use-ani-intro', PATIENT_MS);
    await caller.press('2');
    await caller.hears('key-number');
    await caller.press('2025550199');
    await caller.hears('confirm-number-intro');
    await caller.press('1');
    await caller.hears('number-not-now');
    await caller.hears('back-on-hold');
    await caller.hearing.music();
    await caller.hangUp();
    expect((await ticketIn(ONCE)).id).toBe(id);
  });
});

/** The one ticket of a line. */
async function ticketIn({ name }: TestLine): Promise<Ticket> {
  const here = ({ queue }: Ticket): boolean => queue === name;
  const { tickets } = await helpLine().kept(`a ticket of ${name}`, (kept) =>
    kept.tickets.some(here),
  );
  const [ticket, ...others] = tickets.filter(here);
  if (ticket === undefined || others.length > 0) throw new Error('not one ticket');
  return ticket;
}

/** An hour of the day that is neither this one nor the next, where 202 rings. */
function laterInWashington(): string {
  const hour = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/New_York',
    hour: 'numeric',
    hourCycle: 'h23',
  }).format(new Date());
  const from = (Number(hour) + 3) % 23;
  return `${twoDigits(from)}:00-${twoDigits(from + 1)}:00`;
}

/** A time zone by whose clocks it is between noon and one, so that a queue is open, and closes today. */
function whereItIsNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  // The names have their signs the other way round.
  return ahead > 0 ? `Etc/GMT-${ahead}` : `Etc/GMT+${-ahead}`;
}

function everyDay(hours: string): Readonly<Record<string, string>> {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  return Object.fromEntries(days.map((day) => [day, hours]));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
