import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { TicketState } from '../../../src/domain/callback/ticket.ts';
import {
  AGED_OFF_NUMBER,
  RETENTION_KINDS,
  type RetentionKind,
  type RetentionPolicy,
} from '../../../src/domain/retention/policy.ts';
import type { Change } from '../../../src/engine/ports.ts';
import type { LinekeeperStore } from '../../../src/store/store.ts';
import { type StoreUnderTest, useStore } from './harness.ts';
import { callOf, factOf, NUMBER, phoneOf, ticketOf } from './records.ts';

const DAY_MS = 86_400_000;
const NOW = 1_764_000_000_000;
const ENDED = { name: 'expired' } as const;

/** Nothing ages but these. */
function only(days: Partial<RetentionPolicy>): RetentionPolicy {
  const never = Object.fromEntries(RETENTION_KINDS.map((kind) => [kind, 100_000]));
  return { ...(never as RetentionPolicy), ...days };
}

function daysAgo(days: number): number {
  return NOW - days * DAY_MS;
}

function ticket(n: number, state?: TicketState): Change {
  const id = `ticket-${n}` as const;
  return {
    kind: 'ticket',
    ticket: ticketOf({ id, arrivalSequence: n, ...(state === undefined ? {} : { state }) }),
  };
}

/** The counts that are not zero. */
function counts(found: readonly { readonly kind: RetentionKind; readonly count: number }[]) {
  return Object.fromEntries(
    found.filter(({ count }) => count > 0).map(({ kind, count }) => [kind, count]),
  );
}

async function proofs(store: LinekeeperStore, kind: RetentionKind) {
  const entries = await store.ledgerOf([`retention:${kind}`], 100);
  return entries.map(({ detail }) => detail);
}

/** What every store must forget in time, and prove. */
export function describeAgeing(name: string, prepare: () => StoreUnderTest): void {
  describe(`ageing of ${name}`, () => {
    const { open, reopen } = useStore(prepare);

    test('numbers of ended tickets and calls age off; the rest stays', async () => {
      const before = await open();
      const end = { at: daysAgo(31), outcome: 'served' } as const;
      await before.commit([
        ticket(1, { ...ENDED, at: daysAgo(31) }),
        ticket(2, { ...ENDED, at: daysAgo(29) }),
        ticket(3),
        { kind: 'call', call: callOf({ id: 'call-1', end }) },
        { kind: 'call', call: callOf({ id: 'call-2', end: { ...end, at: daysAgo(29) } }) },
        { kind: 'call', call: callOf({ id: 'call-3', startedAt: 0 }) },
      ]);
      const policy = only({ ticketNumber: 30, callParty: 30 });
      expect(counts(await before.agedOff(NOW, policy))).toEqual({ ticketNumber: 1, callParty: 1 });
      expect(counts(await before.purge(NOW, policy))).toEqual({ ticketNumber: 1, callParty: 1 });
      const after = await reopen();
      const numbers = ['ticket-1', 'ticket-2', 'ticket-3'] as const;
      const found = await Promise.all(numbers.map((id) => after.ticket(id)));
      expect(found.map((each) => each?.number)).toEqual([AGED_OFF_NUMBER, NUMBER, NUMBER]);
      expect(found[0]).toEqual({
        ...ticketOf({ state: { ...ENDED, at: daysAgo(31) } }),
        number: AGED_OFF_NUMBER,
      });
      expect((await after.call('call-1'))?.party).toBeUndefined();
      expect((await after.call('call-2'))?.party).toBe(NUMBER);
      expect((await after.call('call-3'))?.party).toBe(NUMBER);
      expect((await after.openTickets()).map(({ number }) => number)).toEqual([NUMBER]);
    });

    test('a ticket whose number has aged off cannot be written again', async () => {
      const store = await open();
      const purged = ticketOf({ number: AGED_OFF_NUMBER });
      await expect(store.commit([{ kind: 'ticket', ticket: purged }])).rejects.toMatchObject({
        kind: 'invalidChange',
      });
    });

    test('whole records age off, and the count of arrivals goes on', async () => {
      const store = await open();
      await store.replacePhones('anna', [phoneOf({ expiresAt: daysAgo(8) })]);
      await store.replacePhones('ben', [phoneOf({ expiresAt: daysAgo(6) })]);
      const delivery = {
        eventId: 'event-1',
        subscription: 'crm',
        body: '{}',
        createdAt: daysAgo(8),
        attempts: 0,
        nextAttemptAt: NOW,
        state: 'pending',
      } as const;
      const request = { key: 'k', fingerprint: 'f', response: undefined };
      await store.takeIdempotencyKey({ ...request, expiresAt: daysAgo(8) }, 0);
      await store.commit([
        ticket(1, { ...ENDED, at: daysAgo(8) }),
        ticket(2, { ...ENDED, at: daysAgo(8) }),
        { kind: 'call', call: callOf({ end: { at: daysAgo(8), outcome: 'served' } }) },
        { kind: 'outbox', delivery },
        { kind: 'outbox', delivery: { ...delivery, eventId: 'event-2', createdAt: daysAgo(6) } },
      ]);
      const policy = only({ ticket: 7, call: 7, contact: 7, delivery: 7, idempotencyKey: 7 });
      const expected = { ticket: 1, call: 1, contact: 1, delivery: 1, idempotencyKey: 1 };
      expect(counts(await store.agedOff(NOW, policy))).toEqual(expected);
      expect(counts(await store.purge(NOW, policy))).toEqual(expected);
      expect(await store.ticket('ticket-1')).toBeUndefined();
      expect(await store.call('call-1')).toBeUndefined();
      expect([...(await store.phones()).keys()]).toEqual(['ben']);
      const due = await store.deliveriesDue(NOW, 10);
      expect(due.map(({ eventId }) => eventId)).toEqual(['event-2']);
      expect((await store.lastArrival()).arrivalSequence).toBe(2);
    });

    test('each portion leaves a proof that commits to what was destroyed', async () => {
      const store = await open();
      const numbers = Array.from({ length: 250 }, (_, index) => index + 1);
      await store.commit(numbers.map((n) => ticket(n, { ...ENDED, at: daysAgo(500) + n })));
      const destroyed = await store.purge(NOW, only({ ticketNumber: 30 }));
      expect(counts(destroyed)).toEqual({ ticketNumber: 250 });
      const digestOf = (first: number, last: number) => {
        const ids = numbers.slice(first, last).map((n) => `ticket-${n}`);
        return createHash('sha256').update(ids.sort().join('\n')).digest('hex');
      };
      const kind = 'ticketNumber';
      const before = daysAgo(30);
      expect(await proofs(store, kind)).toEqual([
        { kind, before, count: 100, digest: digestOf(0, 100) },
        { kind, before, count: 100, digest: digestOf(100, 200) },
        { kind, before, count: 50, digest: digestOf(200, 250) },
      ]);
      expect(await store.verifyLedger()).toEqual({ ok: true, entries: 3 });
      await store.purge(NOW, only({ ticketNumber: 30 }));
      expect(await proofs(store, kind)).toHaveLength(3);
    });

    test('commits come in between portions, and purges one after another', async () => {
      const store = await open();
      const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
      await store.commit(numbers.map((n) => ticket(n, { ...ENDED, at: daysAgo(500) })));
      const policy = only({ ticketNumber: 30 });
      let purged = false;
      const purges = [1, 2].map(() =>
        store.purge(NOW, policy).finally(() => {
          purged = true;
        }),
      );
      await store.commit([ticket(2_000)]);
      expect(purged).toBe(false);
      const verdict = await store.verifyLedger();
      expect(verdict).toEqual({ ok: true, entries: 5 });
      const results = await Promise.all(purges);
      expect(results.map(counts)).toEqual([{ ticketNumber: 500 }, {}]);
    });

    test('details of the ledger age off, then its entries; the chain holds', async () => {
      const before = await open();
      const days = [40, 30, 20, 10, 1];
      await before.commit(
        days.map((age) => ({
          kind: 'fact',
          fact: factOf({ at: daysAgo(age), about: `ticket-${age}`, detail: { age } }),
        })),
      );
      const policy = only({ ledgerDetail: 15, ledger: 25 });
      expect(counts(await before.agedOff(NOW, policy))).toEqual({ ledgerDetail: 3, ledger: 2 });
      expect(counts(await before.purge(NOW, policy))).toEqual({ ledgerDetail: 3, ledger: 2 });
      const after = await reopen();
      expect(await after.verifyLedger()).toEqual({ ok: true, entries: 5 });
      const entries = await after.ledgerEntries(0, 10);
      expect(
        entries.map(({ position, about, detail }) => [position, about, detail['age']]),
      ).toEqual([
        [3, 'ticket-20', undefined],
        [4, 'ticket-10', 10],
        [5, 'ticket-1', 1],
        [6, 'retention:ledgerDetail', undefined],
        [7, 'retention:ledger', undefined],
      ]);
      await after.purge(NOW + 1_000 * DAY_MS, policy);
      // The two proofs of this purge itself.
      expect(await after.verifyLedger()).toEqual({ ok: true, entries: 2 });
      await after.commit([{ kind: 'fact', fact: factOf() }]);
      await after.compact();
      expect(await after.verifyLedger()).toEqual({ ok: true, entries: 3 });
    });
  });
}
