import { describe, expect, test } from 'vitest';
import type { ApiKey, Delivery, IdempotentRequest } from '../../../src/engine/api-records.ts';
import { MAX_BODY_LENGTH } from '../../../src/engine/api-records.ts';
import { type StoreUnderTest, useStore } from './harness.ts';
import { factOf, NUMBER, registration } from './records.ts';

const KEY: ApiKey = {
  id: 'key-1',
  name: 'web form',
  secretHash: 'ab'.repeat(32),
  scopes: ['tickets:write', 'tickets:read'],
  createdAt: 100,
  revokedAt: undefined,
};

const DELIVERY: Delivery = {
  eventId: 'event-1',
  subscription: 'crm',
  body: '{"type":"ticketRegistered"}',
  createdAt: 100,
  attempts: 0,
  nextAttemptAt: 100,
  state: 'pending',
};

const REQUEST: IdempotentRequest = {
  key: 'key-1 abc',
  fingerprint: 'f1',
  response: undefined,
  expiresAt: 1_000,
};

/** What every store must keep for the API, and of what operators and the engine want kept. */
export function describeApiRecords(name: string, prepare: () => StoreUnderTest): void {
  describe(`records of the API in ${name}`, () => {
    const { open, reopen } = useStore(prepare);

    test('API keys are found by their secret, also revoked ones', async () => {
      const before = await open();
      const other = { ...KEY, id: 'key-0', secretHash: 'cd'.repeat(32), createdAt: 200 };
      await before.commit([
        { kind: 'apiKey', key: other },
        { kind: 'apiKey', key: KEY },
        { kind: 'fact', fact: factOf({ about: KEY.id, what: 'apiKeyMade' }) },
      ]);
      const revoked = { ...KEY, revokedAt: 300 };
      await before.commit([{ kind: 'apiKey', key: revoked }]);
      const after = await reopen();
      expect(await after.apiKeys()).toEqual([revoked, other]);
      expect(await after.apiKeyOf(KEY.secretHash)).toEqual(revoked);
      expect(await after.apiKeyOf('ef'.repeat(32))).toBeUndefined();
    });

    test('two keys with the same secret are refused', async () => {
      const store = await open();
      await store.commit([{ kind: 'apiKey', key: KEY }]);
      const same = store.commit([{ kind: 'apiKey', key: { ...KEY, id: 'key-2' } }]);
      await expect(same).rejects.toMatchObject({ kind: 'invalidChange' });
    });

    test('messages wait in the outbox in the order of their time until they are delivered', async () => {
      const before = await open();
      await before.commit([
        ...registration(1),
        { kind: 'outbox', delivery: { ...DELIVERY, nextAttemptAt: 300 } },
        { kind: 'outbox', delivery: { ...DELIVERY, subscription: 'bi', nextAttemptAt: 200 } },
        { kind: 'outbox', delivery: { ...DELIVERY, eventId: 'event-2', state: 'delivered' } },
        { kind: 'outbox', delivery: { ...DELIVERY, eventId: 'event-3', state: 'abandoned' } },
      ]);
      const after = await reopen();
      const names = async (now: number, limit = 10) =>
        (await after.deliveriesDue(now, limit)).map(({ subscription }) => subscription);
      expect(await after.nextDeliveryAt()).toBe(200);
      expect(await names(199)).toEqual([]);
      expect(await names(300)).toEqual(['bi', 'crm']);
      expect(await names(300, 1)).toEqual(['bi']);
      const tried = { ...DELIVERY, subscription: 'bi', attempts: 1, nextAttemptAt: 900 };
      await after.commit([{ kind: 'outbox', delivery: tried }]);
      await after.commit([{ kind: 'outbox', delivery: { ...DELIVERY, state: 'delivered' } }]);
      expect(await after.deliveriesDue(1_000, 10)).toEqual([tried]);
    });

    test('a message that is too large fails with all that it tells of', async () => {
      const store = await open();
      const delivery = { ...DELIVERY, body: 'x'.repeat(MAX_BODY_LENGTH + 1) };
      const commit = store.commit([...registration(1), { kind: 'outbox', delivery }]);
      await expect(commit).rejects.toMatchObject({ kind: 'invalidChange' });
      expect(await store.openTickets()).toEqual([]);
    });

    test('of requests with one key that come together one takes it', async () => {
      const store = await open();
      const results = await Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          store.takeIdempotencyKey({ ...REQUEST, fingerprint: `f${index}` }, 10),
        ),
      );
      const first = { ...REQUEST, fingerprint: 'f0' };
      expect(results).toEqual([undefined, first, first, first, first]);
    });

    test('an answer is kept until the key expires or is given back', async () => {
      const before = await open();
      expect(await before.takeIdempotencyKey(REQUEST, 10)).toBeUndefined();
      const answered = { ...REQUEST, response: '{"status":201}' };
      await before.commit([{ kind: 'idempotencyKey', request: answered }]);
      const after = await reopen();
      expect(await after.takeIdempotencyKey(REQUEST, 999)).toEqual(answered);
      const later = { ...REQUEST, expiresAt: 2_000 };
      expect(await after.takeIdempotencyKey(later, 1_000)).toBeUndefined();
      expect(await after.takeIdempotencyKey(REQUEST, 1_001)).toEqual(later);
      await after.releaseIdempotencyKey(REQUEST.key);
      expect(await after.takeIdempotencyKey(REQUEST, 1_002)).toBeUndefined();
    });

    test('a holder of a number may opt out, and in again', async () => {
      const before = await open();
      await before.commit([{ kind: 'optOut', number: NUMBER, out: true, at: 1 }]);
      await before.commit([{ kind: 'optOut', number: NUMBER, out: true, at: 2 }]);
      const after = await reopen();
      expect(await after.hasOptedOut(NUMBER)).toBe(true);
      expect(await after.hasOptedOut('+12025550199')).toBe(false);
      await after.commit([{ kind: 'optOut', number: NUMBER, out: false, at: 3 }]);
      expect(await after.hasOptedOut(NUMBER)).toBe(false);
    });

    test('switches stand as they were turned last', async () => {
      const before = await open();
      const off = {
        queue: 'refunds',
        which: 'offering',
        on: false,
        reason: 'storm',
        at: 1,
      } as const;
      const on = { ...off, on: true, reason: 'calm', at: 2 };
      await before.commit([
        { kind: 'switch', turned: off },
        { kind: 'switch', turned: { ...off, which: 'dialling' } },
      ]);
      await before.commit([{ kind: 'switch', turned: on }]);
      const after = await reopen();
      expect(await after.turnedSwitches()).toEqual([{ ...off, which: 'dialling' }, on]);
      await after.commit([{ kind: 'switch', turned: { ...on, on: undefined } }]);
      expect(await after.turnedSwitches()).toEqual([{ ...off, which: 'dialling' }]);
    });

    test('figures are kept by name, replaced and forgotten', async () => {
      const before = await open();
      const figures = { handleSeconds: [241.5, 310], since: 1, note: null };
      await before.commit([
        { kind: 'memory', name: 'refunds', value: { old: true } },
        { kind: 'memory', name: 'general', value: 3 },
      ]);
      await before.commit([
        { kind: 'memory', name: 'refunds', value: figures },
        { kind: 'memory', name: 'general', value: null },
      ]);
      const after = await reopen();
      expect(await after.memories()).toEqual(new Map([['refunds', figures]]));
      const large = after.commit([{ kind: 'memory', name: 'x', value: 'x'.repeat(70_000) }]);
      await expect(large).rejects.toMatchObject({ kind: 'invalidChange' });
    });
  });
}
