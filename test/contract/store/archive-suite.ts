import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../../../src/domain/call/call-record.ts';
import type { Ticket, TicketState } from '../../../src/domain/callback/ticket.ts';
import type { LedgerEntry } from '../../../src/engine/archive.ts';
import type { Change } from '../../../src/engine/ports.ts';
import type { LinekeeperStore } from '../../../src/store/store.ts';
import { type StoreUnderTest, useStore } from './harness.ts';
import { callOf, factOf, ticketOf } from './records.ts';

const STATES: readonly TicketState[] = [
  { name: 'waiting', notBefore: 0, because: 'registered' },
  { name: 'connected', agentId: 'anna', at: 7 },
  { name: 'expired', at: 8 },
];

/** Tickets 1 to `count` of two queues, several of each registered at the same time. */
function tickets(count: number): readonly Change[] {
  return Array.from({ length: count }, (_, index) => {
    const state = STATES[index % STATES.length];
    const ticket = ticketOf({
      id: `ticket-${String(index + 1).padStart(3, '0')}`,
      queue: index % 2 === 0 ? 'refunds' : 'general',
      registeredAt: Math.floor(index / 5),
      arrivalSequence: index + 1,
      ...(state === undefined ? {} : { state }),
    });
    return { kind: 'ticket', ticket };
  });
}

/** All pages of a list, one after another. */
async function pages<Item>(
  read: (after: Item | undefined) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (;;) {
    const page = await read(all.at(-1));
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** What every store must find of the past. */
export function describeArchive(name: string, prepare: () => StoreUnderTest): void {
  describe(`archive of ${name}`, () => {
    const { open, reopen } = useStore(prepare);

    const refunds = (
      store: LinekeeperStore,
      states: readonly TicketState['name'][] | undefined,
      limit: number,
    ) =>
      pages<Ticket>((after) => store.ticketsOf('refunds', states, { after, limit })).then((found) =>
        found.map(({ id }) => id),
      );

    test.each([1, 2, 7, 1_000])('lists tickets, newest first, by pages of %d', async (limit) => {
      await (await open()).commit(tickets(40));
      const store = await reopen();
      const expected = Array.from(
        { length: 20 },
        (_, index) => `ticket-${String(39 - 2 * index).padStart(3, '0')}`,
      );
      expect(await refunds(store, undefined, limit)).toEqual(expected);
    });

    test('lists tickets in some states', async () => {
      const store = await open();
      await store.commit(tickets(12));
      // The odd ones; 1, 4, 7 … wait, 2, 5, 8 … are connected, 3, 6, 9 … are expired.
      expect(await refunds(store, ['waiting'], 1)).toEqual(['ticket-007', 'ticket-001']);
      expect(await refunds(store, ['expired', 'connected'], 3)).toEqual([
        'ticket-011',
        'ticket-009',
        'ticket-005',
        'ticket-003',
      ]);
      expect(await refunds(store, ['cancelled'], 5)).toEqual([]);
      expect(await refunds(store, [], 5)).toEqual([]);
    });

    test.each([1, 3, 100])('lists calls that began within a span by pages of %d', async (limit) => {
      const store = await open();
      const starts = [50, 10, 20, 20, 20, 30, 40];
      await store.commit(
        starts.map((startedAt, index) => ({
          kind: 'call',
          call: callOf({ id: `call-${index}`, startedAt }),
        })),
      );
      const span = { from: 20, to: 50 };
      const found = await pages<CallRecord>((after) => store.callsBetween(span, { after, limit }));
      expect(found.map(({ id }) => id)).toEqual(['call-2', 'call-3', 'call-4', 'call-5', 'call-6']);
    });

    test('tells the ledger of some subjects, in order', async () => {
      const store = await open();
      const subjects = ['ticket-1', 'call-1', 'ticket-2', 'call-1', 'ticket-1', 'ticket-1'];
      await store.commit(subjects.map((about) => ({ kind: 'fact', fact: factOf({ about }) })));
      const positions = async (about: readonly string[], limit: number, after?: number) =>
        (await store.ledgerOf(about, limit, after)).map(({ position }) => position);
      expect(await positions(['ticket-1', 'call-1', 'ticket-1'], 100)).toEqual([1, 2, 4, 5, 6]);
      expect(await positions(['call-1', 'ticket-1'], 3)).toEqual([1, 2, 4]);
      expect(await positions(['call-1', 'ticket-1'], 3, 4)).toEqual([5, 6]);
      expect(await positions(['ticket-9'], 3)).toEqual([]);
      expect(await positions([], 3)).toEqual([]);
    });

    test.each([1, 2, 100])('tells the ledger of a span by pages of %d', async (limit) => {
      const store = await open();
      // The clock was set back once.
      const times = [10, 20, 30, 20, 25, 40];
      await store.commit(times.map((at) => ({ kind: 'fact', fact: factOf({ at }) })));
      const found = await pages<LedgerEntry>((after) =>
        store.ledgerBetween({ from: 20, to: 40 }, { after, limit }),
      );
      expect(found.map(({ at, position }) => [at, position])).toEqual([
        [20, 2],
        [20, 4],
        [25, 5],
        [30, 3],
      ]);
    });

    test.each([0, -3, Number.NaN, 1e9])(
      'takes a limit of %d for one it can serve',
      async (limit) => {
        const store = await open();
        await store.commit(tickets(3));
        const page = { after: undefined, limit };
        expect((await store.ticketsOf('refunds', undefined, page)).length).toBeGreaterThan(0);
      },
    );
  });
}
