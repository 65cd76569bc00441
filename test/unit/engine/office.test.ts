import { describe, expect, test } from 'vitest';
import type { OfficeRequest } from '../../../src/engine/ticket-office.ts';
import { created, opened, order, REQUEST, several, slotAt, WITH_SLOTS } from './office-stage.ts';
import { Stage } from './stage.ts';

/** As many agents on every day of the week. */
const ALWAYS = [
  {
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    fromMinute: 0,
    toMinute: 1440,
    agents: 2,
  },
] as const;

describe('a callback asked for by a program', () => {
  test('stands at the end of the line, and is on disk when it is answered', async () => {
    const stage = await opened();
    await stage.callerInLine('+12025550155');
    const { ticket, line } = await created(stage);
    expect(stage.store.tickets.get(ticket.id)).toEqual(ticket);
    expect(ticket).toMatchObject({ number: '+12025550123', queue: 'refunds' });
    expect(ticket.consent).toMatchObject({ key: 'api', source: 'api', promptVersion: 'form 7' });
    expect(line?.ahead).toBe(1);
  });

  test('is called by the next agent who is free', async () => {
    const stage = await opened();
    await created(stage);
    await stage.agentReady('agent0');
    await stage.pass(0.1);
    expect(stage.dialled[0]).toMatchObject({ number: '+12025550123', callerId: '+18005550100' });
  });

  test.each<[string, Partial<OfficeRequest>, object]>([
    ['no such queue', { queue: 'nowhere' }, { refused: 'unknownQueue' }],
    ['none of our numbers', { dnis: '+18005550199' }, { refused: 'unknownDnis' }],
    ['no number', { number: 'call me' }, { refused: 'number', rule: 'invalid' }],
    ['a number of ours', { number: '8005550100' }, { refused: 'number', rule: 'own' }],
    ['off the grid', { slot: { from: 1, to: 2 } }, { refused: 'slotTaken' }],
    ['a slot that is over', { slot: slotAt(0) }, { refused: 'slotTaken' }],
    ['a slot too far ahead', { slot: slotAt(40) }, { refused: 'slotTaken' }],
  ])('is refused: %s', async (_name, change, refusal) => {
    const stage = await opened();
    expect(await stage.engine.office.create({ ...REQUEST, ...change })).toEqual(refusal);
    expect(stage.store.tickets.size).toBe(0);
  });

  test('is refused while registering is off, and where the line holds as many as may be', async () => {
    const stage = await opened();
    await several(stage, 3);
    expect(await stage.engine.office.create(REQUEST)).toEqual({ refused: 'tooManyTickets' });
    await stage.engine.office.turn('refunds', 'registering', false, 'flood');
    expect(await stage.engine.office.create(REQUEST)).toEqual({ refused: 'registeringOff' });
  });

  test('is made once for a number, however it is written and however many ask at once', async () => {
    const stage = await opened();
    const { office } = stage.engine;
    const written = ['(202) 555-0123', '2025550123', '+1 202 555 0123', '202.555.0123'];
    const answers = await Promise.all(
      written.map((number) => office.create({ ...REQUEST, number })),
    );
    const [ticket] = stage.store.tickets.values();
    const refusal = { refused: 'alreadyBooked', ticket: ticket?.id };
    expect(answers).toMatchObject([{ ticket: { id: ticket?.id } }, refusal, refusal, refusal]);
    expect(await office.create({ ...REQUEST, slot: slotAt(3) })).toEqual(refusal);
    expect(stage.store.tickets.size).toBe(1);
  });

  test('is made again where that is asked for, in another queue, and after the end', async () => {
    const stage = await opened();
    await created(stage);
    const second = await created(stage, { again: true });
    const elsewhere = await created(stage, { queue: 'general' });
    await stage.engine.office.cancel(elsewhere.ticket.id, 'api');
    const third = await created(stage, { queue: 'general' });
    expect(new Set([second, elsewhere, third].map(({ ticket }) => ticket.id)).size).toBe(3);
    expect(await stage.engine.office.create(REQUEST)).toMatchObject({ refused: 'alreadyBooked' });
  });

  test('that fails does not hold up the next for the same number', async () => {
    let written = 0;
    const stage = new Stage(1, {}, (store) => ({
      commit: (changes) => {
        const fails = changes.some(({ kind }) => kind === 'ticket') && (written += 1) === 1;
        return fails ? Promise.reject(new Error('disk full')) : store.commit(changes);
      },
    }));
    await stage.engine.start();
    const { office } = stage.engine;
    const asked = [office.create(REQUEST), office.create(REQUEST)];
    await expect(asked[0]).rejects.toThrow('disk full');
    expect(await asked[1]).toHaveProperty('ticket');
  });

  test('a number that is refused is in the ledger with its rule, without the number', async () => {
    const stage = await opened();
    await stage.engine.office.create({ ...REQUEST, number: '8005550100' });
    await stage.settle();
    const fact = stage.store.facts.find(({ what }) => what === 'numberRefused');
    expect(fact?.detail).toEqual({ rule: 'own', stage: 'registration' });
  });

  test('a slot is booked until it is full, and called in it', async () => {
    const stage = await opened();
    const slot = slotAt(3);
    const first = await created(stage, { slot });
    await created(stage, { slot, number: '2025550124' });
    expect(await stage.engine.office.create({ ...REQUEST, slot, number: '2025550125' })).toEqual({
      refused: 'slotTaken',
    });
    expect(stage.engine.office.slots('refunds', 0)).not.toContainEqual(slot);
    expect(first.ticket.state).toMatchObject({ notBefore: slot.from, because: 'slot' });
    await stage.agentReady('agent0');
    await stage.pass((slot.from - stage.clock.now()) / 1000 - 1);
    expect(stage.dialled).toEqual([]);
    await stage.pass(2);
    expect(stage.dialled[0]?.kind).toBe('customer');
  });
});

test('free times begin where they are asked for, however many are free before', async () => {
  const { callback } = WITH_SLOTS;
  if (callback?.slots === undefined) throw new Error('there are no slots');
  const stage = await opened({
    ...WITH_SLOTS,
    callback: { ...callback, slots: { ...callback.slots, horizonHours: 336, forecast: ALWAYS } },
  });
  const { office } = stage.engine;
  const first = office.slots('refunds', 0);
  expect(first).toHaveLength(200);
  const last = first.at(-1) ?? slotAt(0);
  const next = office.slots('refunds', last.to);
  expect(next).toHaveLength(200);
  expect(next[0]?.from).toBe(last.to);
});

describe('the list', () => {
  test('goes on behind a place, though the ticket that stood there has ended', async () => {
    const stage = await opened({});
    const ids = await several(stage, 6);
    const first = stage.engine.office.list('refunds', { after: undefined, limit: 3 });
    const last = first.at(-1)?.ticket;
    if (last === undefined) throw new Error('the list is empty');
    await stage.engine.office.cancel(last.id, 'operator');
    const rest = stage.engine.office.list('refunds', { after: last, limit: 3 });
    expect([...first, ...rest].map(({ ticket }) => ticket.id)).toEqual(ids);
  });

  test('shows tickets alone, and nothing of a queue that does not exist', async () => {
    const stage = await opened({});
    await stage.callerInLine('+12025550155');
    const ids = await several(stage, 2);
    expect(order(stage)).toEqual(ids);
    expect(stage.engine.office.list('nowhere', { after: undefined, limit: 9 })).toEqual([]);
  });
});

test('queues are told as they stand', async () => {
  const stage = await opened();
  await several(stage, 2);
  await stage.callerInLine('+12025550155');
  expect(stage.engine.office.queues()[0]).toMatchObject({
    queue: 'refunds',
    holders: 1,
    tickets: 2,
    staffed: 0,
    free: 0,
  });
});
