import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { E164 } from '../../../src/domain/ids.ts';
import { AGED_OFF_NUMBER, USUAL_RETENTION } from '../../../src/domain/retention/policy.ts';
import type { Change } from '../../../src/engine/ports.ts';
import { createStore } from '../../../src/store/store.ts';
import { callOf, factOf, ticketOf } from '../../contract/store/records.ts';
import { type DataFolder, makeFolder } from './folder.ts';

const AT = 1_764_000_000_000;
const DAY_MS = 86_400_000;
const TICKETS = 3_000;

let folder: DataFolder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.clear());

/** Rows that grow make the database move others. */
const ATTEMPTS = Array.from({ length: 5 }, () => ({
  startedAt: AT,
  endedAt: AT,
  cause: 'noAnswer' as const,
  agentId: 'anna',
}));

/** Every third one is old and has ended; the others are young or open. */
const isOld = (n: number) => n % 3 === 0;

function registered(n: number): readonly Change[] {
  const number: E164 = `+1${201 + Math.floor(n / 100)}555${String(100 + (n % 100)).padStart(4, '0')}`;
  const state = { name: 'waiting', notBefore: AT, because: 'registered' } as const;
  const ticket = ticketOf({ id: `ticket-${n}`, arrivalSequence: n, number, state });
  return [
    { kind: 'ticket', ticket },
    { kind: 'call', call: callOf({ id: `call-${n}`, party: number }) },
    { kind: 'fact', fact: factOf({ about: ticket.id, detail: { n, note: `detail-of-${n}.` } }) },
  ];
}

function ended(n: number, [ticketChange, callChange]: readonly Change[]): readonly Change[] {
  if (ticketChange?.kind !== 'ticket' || callChange?.kind !== 'call') throw new Error('neither');
  const at = isOld(n) ? AT : AT + 50 * DAY_MS;
  const state = { name: 'expired', at } as const;
  const end = { at, outcome: 'ticketTaken' } as const;
  return [
    { kind: 'ticket', ticket: { ...ticketChange.ticket, state, attempts: ATTEMPTS } },
    { kind: 'call', call: { ...callChange.call, end } },
  ];
}

/** Sealed numbers and their indexes, of tickets and calls, as they stand in the database. */
function secretsOnDisk(old: boolean): readonly Buffer[] {
  const database = new Database(folder.database, { readonly: true });
  const rows = database
    .prepare<[], { n: number; secret: Buffer }>(
      `select cast(substr(id, 8) as integer) as n, number_sealed as secret from tickets
       union all select cast(substr(id, 8) as integer), number_index from tickets
       union all select cast(substr(id, 6) as integer), party_sealed from calls
       union all select cast(substr(id, 6) as integer), party_index from calls`,
    )
    .all();
  database.close();
  return rows.filter(({ n }) => isOld(n) === old).map(({ secret }) => secret);
}

/** How many of the secrets are found in the files, at any place. */
function stillOnDisk(secrets: readonly Buffer[]): number {
  const prefixes = new Set(secrets.map(prefixOf));
  const wanted = new Set(secrets.map((secret) => secret.toString('hex')));
  const lengths = [...new Set(secrets.map((secret) => secret.length))];
  const found = new Set<string>();
  for (const file of [folder.database, folder.log]) {
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    for (let at = 0; at <= bytes.length - 4; at += 1) {
      if (!prefixes.has(bytes.readUInt32LE(at))) continue;
      for (const length of lengths) {
        const text = bytes.toString('hex', at, at + length);
        if (wanted.has(text)) found.add(text);
      }
    }
  }
  return found.size;
}

function countDistinct(secrets: readonly Buffer[]): number {
  return new Set(secrets.map((secret) => secret.toString('hex'))).size;
}

function prefixOf(secret: Buffer): number {
  return secret.readUInt32LE();
}

test('what was purged is in no file any more, while the store is open', async () => {
  const store = await createStore({ file: folder.database });
  const commits = Array.from({ length: TICKETS }, (_, n) => registered(n));
  await Promise.all(commits.map((changes) => store.commit(changes)));
  const beforeTheEnd = secretsOnDisk(true);
  // Not in the order of their making, so that rows are moved about.
  const order = commits.map((_, index) => (index * 7_919) % TICKETS);
  await Promise.all(order.map((n) => store.commit(ended(n, commits[n] ?? []))));
  const forgotten = [...beforeTheEnd, ...secretsOnDisk(true)];
  const kept = secretsOnDisk(false);
  expect(forgotten).toHaveLength((TICKETS / 3) * 8);
  expect(stillOnDisk(forgotten)).toBeGreaterThan(TICKETS);

  const policy = { ...USUAL_RETENTION, ticketNumber: 30, callParty: 30, ledgerDetail: 30 };
  await store.purge(AT + 60 * DAY_MS, policy);

  // SQLite may leave a copy where it moved a row to another page: 1 to 4 of 24,000 were seen.
  expect(stillOnDisk(forgotten)).toBeLessThanOrEqual(forgotten.length / 1_000);
  await store.compact();
  expect(stillOnDisk(forgotten)).toBe(0);
  expect(stillOnDisk(kept)).toBe(countDistinct(kept));
  expect(readFileSync(folder.database).includes('detail-of-42.')).toBe(false);
  expect(await store.verifyLedger()).toMatchObject({ ok: true });
  await store.close();
});

test('another program that reads the database keeps bytes in the log, and that is said', async () => {
  const store = await createStore({ file: folder.database });
  const policy = { ...USUAL_RETENTION, ticketNumber: 1 };
  const changes = registered(3);
  await store.commit(changes);
  await store.commit(ended(3, changes));
  const secrets = secretsOnDisk(true).slice(0, 1);
  const reader = new Database(folder.database, { readonly: true });
  reader.exec('begin');
  reader.prepare('select count(*) from tickets').get();

  const purge = store.purge(AT + 10 * DAY_MS, policy);
  await expect(purge).rejects.toMatchObject({ kind: 'inUse' });
  expect((await store.ticket('ticket-3'))?.number).toBe(AGED_OFF_NUMBER);
  expect(stillOnDisk(secrets)).toBe(1);

  reader.exec('commit');
  reader.close();
  await store.purge(AT + 10 * DAY_MS, policy);
  expect(stillOnDisk(secrets)).toBe(0);
  await store.compact();
  await store.compact();
  await store.commit(registered(4));
  await store.close();
});
