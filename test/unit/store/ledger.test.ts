import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deriveKeys, passingDataKey } from '../../../src/store/data-key.ts';
import { appendFacts, prepareFact } from '../../../src/store/ledger/ledger.ts';
import { chainHash } from '../../../src/store/ledger/ledger-chain.ts';
import { verifyLedger } from '../../../src/store/ledger/ledger-check.ts';
import { migrate } from '../../../src/store/migrations/migrate.ts';
import { openSqliteMemory } from '../../../src/store/sqlite/open.ts';
import type { Tables } from '../../../src/store/tables.ts';
import { factOf } from '../../contract/store/records.ts';

const KEYS = deriveKeys(passingDataKey());

describe('ledger', () => {
  const entries = 12;
  let db: Kysely<Tables>;
  let close: () => Promise<void>;

  beforeEach(async () => {
    const backend = openSqliteMemory();
    await migrate(backend, KEYS);
    ({ db } = backend);
    close = () => backend.close();
    for (let n = 1; n <= entries; n += 1) await append(n);
  });
  afterEach(() => close());

  async function append(n: number): Promise<void> {
    const fact = prepareFact(factOf({ about: `ticket-${n}`, detail: { n, cause: 'busy' } }));
    await appendFacts(db, [fact], KEYS.ledger);
  }

  test('is whole as it was written', async () => {
    expect(await verifyLedger(db, KEYS.ledger)).toEqual({ ok: true, entries });
  });

  test.each([
    ['its time', sql`update ledger set at = at + 1 where position = 5`],
    ['its subject', sql`update ledger set about = 'ticket-1' where position = 5`],
    ['its verb', sql`update ledger set what = 'x' where position = 5`],
    ['its detail', sql`update ledger set detail = '{}' where position = 5`],
    [
      'the salt of its detail',
      sql`update ledger set detail_salt = zeroblob(16) where position = 5`,
    ],
    ['the digest of its detail', sql`update ledger set detail_digest = null where position = 5`],
    [
      'its detail as if it had aged off',
      sql`update ledger set detail = '', detail_salt = null where position = 5`,
    ],
    ['its hash', sql`update ledger set hash = zeroblob(32) where position = 5`],
  ])('finds an entry of which %s was changed', async (_, change) => {
    await change.execute(db);
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'changed', position: 5 });
  });

  test.each([1, 6, 11])('finds that entry %d was removed', async (position) => {
    await db.deleteFrom('ledger').where('position', '=', position).execute();
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'missing', position });
  });

  test('finds a removed entry when those behind it moved up', async () => {
    await sql`delete from ledger where position = 4`.execute(db);
    await sql`update ledger set position = position - 1 where position > 4`.execute(db);
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'changed', position: 4 });
  });

  test('finds two entries that changed places', async () => {
    await sql`update ledger set position = 100 where position = 3`.execute(db);
    await sql`update ledger set position = 3 where position = 4`.execute(db);
    await sql`update ledger set position = 4 where position = 100`.execute(db);
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'changed', position: 3 });
  });

  test('finds that the last entries were cut off', async () => {
    await sql`delete from ledger where position > 10`.execute(db);
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'missing', position: 11 });
  });

  test('finds a cut whose end was put right without the key', async () => {
    await sql`delete from ledger where position > 10`.execute(db);
    await sql`update ledger_head set position = 10,
      hash = (select hash from ledger where position = 10)`.execute(db);
    expect(await verifyLedger(db, KEYS.ledger)).toEqual({ ok: false, problem: 'head' });
  });

  test('finds that the first entries were removed as if they had aged off', async () => {
    await sql`update ledger set about = 'retention:ledger', what = 'purged', detail =
      '{"last":3,"digest":"' || (select hex(hash) from ledger where position = 3) || '"}'
      where position = 12`.execute(db);
    await sql`delete from ledger where position <= 3`.execute(db);
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'changed', position: 12 });
  });

  test('finds that all entries were removed', async () => {
    await sql`delete from ledger`.execute(db);
    const verdict = await verifyLedger(db, KEYS.ledger);
    expect(verdict).toEqual({ ok: false, problem: 'missing', position: 1 });
  });

  test('finds that it was emptied altogether, and appends no more', async () => {
    await sql`delete from ledger`.execute(db);
    await sql`delete from ledger_head`.execute(db);
    await expect(verifyLedger(db, KEYS.ledger)).rejects.toMatchObject({ kind: 'damaged' });
    await expect(append(1)).rejects.toMatchObject({ kind: 'damaged' });
  });

  /** Changes an entry and puts right the hashes from there to `last`, as one without the key could. */
  async function forge(position: number, last: number): Promise<void> {
    await sql`update ledger set what = 'forged' where position = ${position}`.execute(db);
    const rows = await db.selectFrom('ledger').selectAll().orderBy('position').execute();
    let previous = rows[position - 2]?.hash ?? Buffer.alloc(32);
    for (const { hash: _, ...entry } of rows.slice(position - 1, last)) {
      const hash = chainHash(previous, entry);
      await db.updateTable('ledger').set({ hash }).where('position', '=', entry.position).execute();
      previous = hash;
    }
  }

  test.each([
    ['alone', 5, { ok: false, problem: 'changed', position: 6 }],
    ['with all behind it', entries, { ok: false, problem: 'head' }],
  ])('finds a forged entry whose hash was put right %s', async (_, last, verdict) => {
    await forge(5, last);
    expect(await verifyLedger(db, KEYS.ledger)).toEqual(verdict);
  });

  test('takes details in any order of names for the same', () => {
    const one = prepareFact(factOf({ detail: { b: 1, a: 'x' } }));
    const two = prepareFact(factOf({ detail: { a: 'x', b: 1 } }));
    expect(one).toEqual(two);
    expect(one.detail).toBe('{"a":"x","b":1}');
  });
});
