import { describe, expect, test } from 'vitest';
import type { TicketId } from '../../../src/domain/ids.ts';
import type { NewPosition } from '../../../src/engine/ticket-office.ts';
import { numberPolicy, SHIPPED_HOURS } from '../../support/number-policy.ts';
import { created, opened, order, REQUEST, several, slotAt } from './office-stage.ts';
import { RINGS } from './stage.ts';

describe('a slot when it is night where the number rings', () => {
  /** 21:00 in the District of Columbia. */
  const NINE_PM = 8;

  test('is not to be had, neither at first nor in exchange', async () => {
    const stage = await opened();
    await stage.reload({ numbers: numberPolicy({ callingHours: SHIPPED_HOURS }) });
    const slot = slotAt(NINE_PM);
    const { office } = stage.engine;
    expect(await office.create({ ...REQUEST, slot })).toEqual({ refused: 'slotTaken' });
    const { ticket } = await created(stage, { slot: slotAt(NINE_PM - 1) });
    expect(await office.reschedule(ticket.id, slot)).toEqual({ refused: 'slotTaken' });
    expect(await office.reschedule(ticket.id, slotAt(NINE_PM - 2))).toHaveProperty('ticket');
  });
});

describe('a ticket is changed', () => {
  test('cancelled: it leaves the line, and is not called', async () => {
    const stage = await opened();
    const [first = 'ticket-', second] = await several(stage, 2);
    const answer = await stage.engine.office.cancel(first, 'api');
    expect(answer).toMatchObject({ ticket: { state: { name: 'cancelled', by: 'api' } } });
    expect(order(stage)).toEqual([second]);
    await stage.agentReady('agent0');
    await stage.pass(0.1);
    expect(stage.dialled[0]).toMatchObject({ number: '+12025550111' });
    expect(stage.errors).toEqual([]);
  });

  test('to another time, and back to now at the same place', async () => {
    const stage = await opened();
    const [first = 'ticket-', second = 'ticket-'] = await several(stage, 2);
    const later = await stage.engine.office.reschedule(first, slotAt(4));
    expect(later).toMatchObject({ ticket: { state: { because: 'slot' } } });
    stage.answers.push(RINGS, RINGS);
    await stage.agentReady('agent0');
    expect(stage.dialled[0]).toMatchObject({ number: '+12025550111' });
    expect(await stage.engine.office.reschedule(second, slotAt(4))).toMatchObject({
      refused: 'notWaiting',
      state: 'dialling',
    });
    await stage.engine.office.reschedule(first, undefined);
    await stage.pass(0.1);
    expect(order(stage)).toEqual([first, second]);
    expect(stage.store.tickets.get(first)?.slot).toBeUndefined();
  });

  test('a slot that is given up is no reason any more in the ledger', async () => {
    const stage = await opened();
    const { ticket } = await created(stage, { slot: slotAt(4) });
    await stage.engine.office.reschedule(ticket.id, undefined);
    await stage.settle();
    const facts = stage.store.facts.filter(({ about }) => about === ticket.id);
    const givenUp = facts.findIndex(({ what }) => what === 'ticketSlotChanged');
    const after = facts.slice(givenUp).map(({ detail }) => detail['because']);
    expect(after).toContain('registered');
    expect(after).not.toContain('slot');
  });

  test.each<[string, (ids: readonly TicketId[]) => NewPosition, readonly number[]]>([
    ['to the front', () => ({ to: 'front' }), [2, 0, 1]],
    ['to the back', () => ({ to: 'back' }), [0, 1, 2]],
    ['before another', (ids) => ({ to: 'before', ticket: ids[1] ?? 'ticket-' }), [0, 2, 1]],
  ])('moved %s, and nothing else of it; the reason is in the ledger', async (_name, to, then) => {
    const stage = await opened();
    const ids = await several(stage, 3);
    const last = ids[2] ?? 'ticket-';
    const before = stage.store.tickets.get(last);
    await stage.engine.office.move(last, to(ids), 'oxygen');
    expect(order(stage)).toEqual(then.map((index) => ids[index]));
    const after = stage.store.tickets.get(last);
    const { arrivedAt, arrivalSequence } = after ?? {};
    expect(after).toEqual({ ...before, arrivedAt, arrivalSequence });
    const fact = stage.store.facts.find(({ what }) => what === 'ticketMoved');
    expect(fact?.detail).toMatchObject({ by: 'operator', reason: 'oxygen' });
    await stage.agentReady('agent0');
    await stage.pass(0.1);
    expect(stage.dialled[0]).toMatchObject({ number: `+1202555011${then[0]}` });
  });

  test('not before one of another queue, or of none', async () => {
    const stage = await opened();
    const [first = 'ticket-'] = await several(stage, 1);
    const { ticket } = await created(stage, { queue: 'general' });
    for (const other of [ticket.id, 'ticket-none'] as const) {
      const answer = await stage.engine.office.move(first, { to: 'before', ticket: other }, 'why');
      expect(answer).toEqual({ refused: 'unknownTicket' });
    }
  });

  test.each(['cancel', 'reschedule', 'move'] as const)(
    '%s is refused while it is called, after its end, and if there is none',
    async (act) => {
      const stage = await opened();
      const { office } = stage.engine;
      const change = (id: TicketId) => {
        if (act === 'cancel') return office.cancel(id, 'api');
        if (act === 'move') return office.move(id, { to: 'front' }, 'why');
        return office.reschedule(id, undefined);
      };
      const [first = 'ticket-', second = 'ticket-'] = await several(stage, 2);
      stage.answers.push(RINGS);
      await stage.agentReady('agent0');
      expect(await change(first)).toEqual({ refused: 'notWaiting', state: 'dialling' });
      await office.cancel(second, 'operator');
      expect(await change(second)).toEqual({ refused: 'notWaiting', state: 'cancelled' });
      expect(await change('ticket-none')).toEqual({ refused: 'unknownTicket' });
      expect(stage.errors).toEqual([]);
    },
  );

  test('whoever watches is told what it was before, and of a new one that it was nothing', async () => {
    const stage = await opened();
    const [first = 'ticket-'] = await several(stage, 1);
    await stage.restart();
    await stage.engine.office.cancel(first, 'operator');
    const told = stage.happenings.flatMap((each) => (each.what === 'ticketMoved' ? [each] : []));
    expect(told.map(({ before, ticket }) => [before?.state.name, ticket.state.name])).toEqual([
      [undefined, 'waiting'],
      ['waiting', 'cancelled'],
    ]);
  });

  test('found at any age, with a place only while it waits', async () => {
    const stage = await opened();
    const [first = 'ticket-'] = await several(stage, 1);
    expect((await stage.engine.office.find(first))?.line?.ahead).toBe(0);
    await stage.engine.office.cancel(first, 'operator');
    const found = await stage.engine.office.find(first);
    expect(found).toMatchObject({ ticket: { state: { by: 'operator' } }, line: undefined });
    expect(await stage.engine.office.find('ticket-none')).toBeUndefined();
  });
});
