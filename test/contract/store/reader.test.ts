import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoreReader } from '../../../src/store/reader.ts';
import { createStore } from '../../../src/store/store.ts';
import { callOf, factOf, ticketOf } from './records.ts';

describe('a store that is only read', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'linekeeper-reader-'));
    file = join(folder, 'linekeeper.db');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('tells beside a running server what was kept, as it stood when it was opened', async () => {
    const store = await createStore({ file });
    const ticket = ticketOf();
    await store.commit([
      { kind: 'ticket', ticket },
      { kind: 'call', call: callOf() },
      { kind: 'fact', fact: factOf({ about: ticket.id, at: 5 }) },
    ]);
    const reader = openStoreReader({ file });
    await store.commit([{ kind: 'fact', fact: factOf({ about: ticket.id, at: 6 }) }]);

    expect(await reader.ticket(ticket.id)).toEqual(ticket);
    expect(await reader.call('call-1')).toEqual(callOf());
    const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const page = { after: undefined, limit: 10 };
    expect(await reader.callsBetween(span, page)).toEqual([callOf()]);
    expect((await reader.ledgerBetween(span, page)).map(({ at }) => at)).toEqual([5]);
    expect(await reader.verifyLedger()).toEqual({ ok: true, entries: 1 });
    await reader.close();

    const later = openStoreReader({ file });
    expect((await later.ledgerOf([ticket.id], 10)).map(({ at }) => at)).toEqual([5, 6]);
    await later.close();
    await store.close();
  });

  it('tells it without a server too', async () => {
    const store = await createStore({ file });
    await store.commit([{ kind: 'ticket', ticket: ticketOf() }]);
    await store.close();
    const reader = openStoreReader({ file });
    expect(await reader.ticket('ticket-1')).toEqual(ticketOf());
    await reader.close();
  });

  it('gives the hashes of the chain by position', async () => {
    const store = await createStore({ file });
    const facts = [1, 2, 3].map((at) => ({ kind: 'fact', fact: factOf({ at }) }) as const);
    await store.commit(facts);
    const reader = openStoreReader({ file });
    const hashes = await reader.ledgerHashes([1, 3, 9]);
    expect([...hashes.keys()]).toEqual([1, 3]);
    expect(new Set(hashes.values()).size).toBe(2);
    for (const hash of hashes.values()) expect(hash).toMatch(/^[0-9a-f]{64}$/u);
    await reader.close();
    await store.close();
  });

  it('finds that the ledger was changed', async () => {
    const store = await createStore({ file });
    await store.commit([{ kind: 'fact', fact: factOf({ at: 1 }) }]);
    await store.close();
    const connection = new Database(file);
    connection.exec('update ledger set at = 2');
    connection.close();
    const reader = openStoreReader({ file });
    expect(await reader.verifyLedger()).toEqual({ ok: false, problem: 'changed', position: 1 });
    await reader.close();
  });

  it.each([
    ['is not there yet', 'olderVersion', async () => undefined],
    [
      'has lost its key',
      'keyMissing',
      async () => {
        await (await createStore({ file })).close();
        await rm(join(folder, 'linekeeper.key'));
      },
    ],
    [
      'has the key of another',
      'keyWrong',
      async () => {
        await (await createStore({ file })).close();
        await (await createStore({ file: join(folder, 'other', 'linekeeper.db') })).close();
        await copyFile(join(folder, 'other', 'linekeeper.key'), join(folder, 'linekeeper.key'));
      },
    ],
    [
      'was written by an older version',
      'olderVersion',
      async () => {
        await (await createStore({ file })).close();
        const connection = new Database(file);
        connection.exec('pragma user_version = 1');
        connection.close();
      },
    ],
  ])('refuses a database that %s, and leaves none behind', async (_, kind, prepare) => {
    await prepare();
    expect(() => openStoreReader({ file })).toThrow(expect.objectContaining({ kind }));
  });
});
