import { describe, expect, type TestContext, test } from 'vitest';
import { WEEKDAYS } from '../../../src/domain/hours/hours.ts';
import { numbersSaid, slotOf } from '../../support/booked-time.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import type { SippCaller } from '../../support/sipp-caller.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string, agents: TestLine['agents']): TestLine => ({
  name,
  dnis: `+1800555013${place}`,
  agents,
  queue: {
    expectedHandleSeconds: 900,
    callback: {
      slots: {
        minutes: 15,
        bookableShare: 1,
        horizonHours: 24,
        forecast: [{ days: [...WEEKDAYS], hours: '00:00-24:00', agents: 1 }],
      },
    },
  },
});
const FROM_LINE = line(0, 'from-line', ['emil']);
const FROM_SLOT = line(1, 'from-slot', []);
const UNDECIDED = line(2, 'undecided', []);
const TAKEN = line(3, 'taken', []);
const SLOT_MS = 15 * 60_000;
const AGENT_HZ = 1150;
const SECOND_CALLER_HZ = 750;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([FROM_LINE, FROM_SLOT, UNDECIDED, TAKEN]);

/** Somebody who has a callback booked calls again, and asks for another time: one is said. */
async function asksForTime(
  context: TestContext,
  line: TestLine,
  number: string,
): Promise<SippCaller> {
  const caller = await helpLine().dial(context, line, number);
  await caller.hears('repeat-intro');
  await caller.hears('repeat-key-slot');
  await caller.hears('repeat-keys');
  await caller.press('6');
  await caller.hears('slot-keys', PATIENT_MS);
  return caller;
}

describe.concurrent('a callback that is booked is moved by its caller', () => {
  test('from the line to the time that is said, once they press 1; nobody calls before', async (context) => {
    const number = '+12025550150';
    const id = await helpLine().bookTicket(FROM_LINE, number);
    const caller = await asksForTime(context, FROM_LINE, number);
    const told = await caller.hearing.spokenSince('repeat-keys', 'numbers');
    expect((await helpLine().ticket(id, 'waiting')).slot).toBeUndefined();
    await caller.press('1');
    await caller.hears('slot-booked');
    await caller.ended();
    const ticket = await helpLine().ticket(id, 'waiting');
    const slot = slotOf(ticket);
    expect(told).toBe(numbersSaid(slot, ticket));
    expect(ticket.state).toEqual({ name: 'waiting', because: 'slot', notBefore: slot.from });

    // An agent who is free serves whoever comes.
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const emil = await helpLine().readyAgent(context, 'emil', AGENT_HZ);
    const holder = await helpLine().holder(context, FROM_LINE, '+12025550151', SECOND_CALLER_HZ);
    await emil.answer();
    await emil.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await emil.over();
    expect(customer.rang).toBe(false);
    expect((await helpLine().ticket(id, 'waiting')).attempts).toEqual([]);
  });

  test('from one time to a later one; somebody else can book the one that it leaves', async (context) => {
    const number = '+12025550152';
    const first = await firstFree(FROM_SLOT);
    const id = await helpLine().bookTicket(FROM_SLOT, number, { slot: { ...first } });
    // Its own is taken, by itself.
    const caller = await asksForTime(context, FROM_SLOT, number);
    const second = await caller.hearing.spokenSince('repeat-keys', 'numbers');
    await caller.press('2');
    await caller.hears('slot-keys', PATIENT_MS);
    await caller.press('1');
    await caller.hears('slot-booked');
    await caller.ended();
    const ticket = await helpLine().ticket(id, 'waiting');
    const slot = slotOf(ticket);
    expect(slot.from - Date.parse(first.from)).toBe(2 * SLOT_MS);
    expect(second).toBe(numbersSaid({ from: slot.from - SLOT_MS, to: slot.from }, ticket));
    await helpLine().bookTicket(FROM_SLOT, '+12025550156', { slot: { ...first } });
    const taken = { from: new Date(slot.from).toISOString(), to: new Date(slot.to).toISOString() };
    const again = helpLine().bookTicket(FROM_SLOT, '+12025550157', { slot: taken });
    await expect(again).rejects.toThrow('slot-taken');
  });

  test('not to a time that somebody else books meanwhile: they are told, and asked anew', async (context) => {
    const number = '+12025550154';
    const id = await helpLine().bookTicket(TAKEN, number);
    const first = await firstFree(TAKEN);
    const caller = await asksForTime(context, TAKEN, number);
    await helpLine().bookTicket(TAKEN, '+12025550155', { slot: { ...first } });
    await caller.press('1');
    await caller.hears('slot-taken');
    await caller.hears('repeat-intro');
    await caller.hears('repeat-keys');
    expect((await helpLine().ticket(id, 'waiting')).slot).toBeUndefined();
    await caller.press('1');
    await caller.hears('repeat-kept');
    await caller.ended();
  });

  test('not at all if they hang up while times are said', async (context) => {
    const number = '+12025550153';
    const id = await helpLine().bookTicket(UNDECIDED, number);
    const caller = await asksForTime(context, UNDECIDED, number);
    await caller.press('2');
    await caller.hears('slot-keys', PATIENT_MS);
    await caller.hangUp();
    const ticket = await helpLine().ticket(id, 'waiting');
    expect(ticket.slot).toBeUndefined();
    expect(ticket.state).not.toMatchObject({ because: 'slot' });
  });
});

interface Span {
  readonly from: string;
  readonly to: string;
}

/** The soonest, as the API tells it. */
async function firstFree({ name }: TestLine): Promise<Span> {
  const answer = await helpLine().ask(`/v1/queues/${name}/slots`);
  const [first] = ((await answer.json()) as { readonly slots: readonly Span[] }).slots;
  if (first === undefined) throw new Error('no time is free');
  return first;
}
