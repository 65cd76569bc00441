import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { registration } from './records.ts';

/** Written by Linekeeper while its schema had version 1: five tickets, one of each state. */
const FIXTURES = new URL('../../fixtures/store/', import.meta.url);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linekeeper-version-1-'));
  file = join(folder, 'linekeeper.db');
  const database = new Database(file);
  database.exec(await readFile(new URL('version-1.sql', FIXTURES), 'utf8'));
  database.close();
  await copyFile(new URL('version-1.key', FIXTURES), join(folder, 'linekeeper.key'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('tickets of version 1 are taken up with all that they say', async () => {
  await (await createStore({ file })).close();
  const store = await createStore({ file });
  expect(await store.ticket('ticket-1')).toEqual({
    id: 'ticket-1',
    queue: 'refunds',
    number: '+12025550121',
    dnis: '+18005550100',
    origin: {
      callId: 'call-1',
      waitingSince: 1_764_000_001_000,
      language: 'en',
      path: [],
      code: undefined,
      isTty: false,
    },
    arrivedAt: 1_764_000_001_000,
    arrivalSequence: 1,
    registeredAt: 1_764_000_060_000,
    consent: { key: '1', source: 'ani', at: 1_764_000_060_000, promptVersion: '', language: 'en' },
    slot: undefined,
    state: { name: 'waiting', notBefore: 1_764_000_090_000, because: 'registered' },
    attempts: [],
  });
  const states = ['waiting', 'dialling', 'connected', 'cancelled', 'exhausted'];
  for (const [index, state] of states.entries()) {
    const ticket = await store.ticket(`ticket-${index + 1}`);
    expect(ticket?.state.name).toBe(state);
    expect(ticket?.number).toBe(`+1202555012${index + 1}`);
    expect(ticket?.attempts).toHaveLength(index < 2 ? 0 : 1);
  }
  const open = (await store.openTickets()).map(({ id }) => id);
  expect(open).toEqual(['ticket-1', 'ticket-2']);
  expect((await store.recentTicketOf('+12025550125', 0))?.id).toBe('ticket-5');
  expect((await store.lastArrival()).arrivalSequence).toBe(5);
  expect((await store.call('call-3'))?.party).toBe('+12025550123');
  await store.close();
});

test('the ledger of version 1 goes on as one chain, and its entries age off', async () => {
  const store = await createStore({ file });
  await store.commit(registration(6));
  expect(await store.verifyLedger()).toEqual({ ok: true, entries: 6 });
  const [entry] = await store.ledgerEntries(0, 1);
  const day = 86_400_000;
  const policy = {
    ticketNumber: 30,
    ticket: 30,
    callParty: 30,
    call: 30,
    contact: 30,
    delivery: 30,
    idempotencyKey: 30,
    ledgerDetail: 30,
    ledger: 60,
  };
  await store.purge((entry?.at ?? 0) + 40 * day, policy);
  // Their hash covers the detail itself: it goes with the whole entry.
  expect((await store.ledgerEntries(0, 10)).map(({ detail }) => detail['n'])).toEqual(
    expect.arrayContaining([1, 2, 3, 4, 5]),
  );
  expect(await store.verifyLedger()).toMatchObject({ ok: true });
  await store.purge((entry?.at ?? 0) + 70 * day, policy);
  const rest = await store.ledgerEntries(0, 100);
  expect(rest.filter(({ what }) => what !== 'purged')).toEqual([]);
  expect(await store.verifyLedger()).toEqual({ ok: true, entries: rest.length });
  await store.close();
});
