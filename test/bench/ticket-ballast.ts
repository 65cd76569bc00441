import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createStore, type LinekeeperStore } from '../../src/store/store.ts';

/** Time-ordered ids of the program's length are made of these. */
const LETTERS = 'bcdfghjklmnpqrstvwxz';
const ID_LENGTH = 26;
const QUEUES = 8;
const SEALED_BYTES = 45;
const INDEX_BYTES = 32;
const FIRST_ARRIVAL = 1_764_000_000_000;

const INSERT = `insert into tickets (id, queue, number_sealed, number_index, dnis, call_id,
  arrived_at, arrival_sequence, registered_at, consent, origin, slot, state_name, state, attempts,
  ended_at) values (?, ?, ?, ?, '+18005550100', ?, ?, ?, ?, ?, ?, null, ?, ?, ?, ?)`;

/**
 * A store in `folder` that holds `count` tickets besides what is registered later: every other one
 * open, the rest served or given up. Their numbers are random bytes and cannot be read.
 */
export async function storeWithTickets(folder: string, count: number): Promise<LinekeeperStore> {
  const file = join(folder, 'linekeeper.db');
  await (await createStore({ file })).close();
  const database = new Database(file);
  database.pragma('journal_mode = off');
  database.pragma('synchronous = off');
  database.pragma('cache_size = -200000');
  // Indexes are made afterwards, sorted, which takes a fraction of the time.
  const indexes = database
    .prepare<[], { name: string; sql: string }>(
      `select name, sql from sqlite_schema
       where type = 'index' and tbl_name = 'tickets' and sql is not null`,
    )
    .all();
  for (const { name } of indexes) database.exec(`drop index ${name}`);
  database.exec('begin');
  const insert = database.prepare(INSERT);
  for (let n = 1; n <= count; n += 1) insert.run(...ballast(n));
  database.exec('commit');
  for (const { sql } of indexes) database.exec(sql);
  database.close();
  return createStore({ file });
}

function ballast(n: number): readonly (string | number | Buffer | null)[] {
  const at = FIRST_ARRIVAL + n * 1000;
  const secrets = randomBytes(SEALED_BYTES + INDEX_BYTES);
  const isOpen = n % 2 === 0;
  const attempt = { startedAt: at, endedAt: at + 30_000, cause: 'noAnswer', agentId: 'agent-1' };
  const state = isOpen
    ? { name: 'waiting', notBefore: at, because: 'registered' }
    : { name: 'connected', agentId: 'agent-1', at: at + 600_000 };
  return [
    idOf('ticket', n),
    `queue-${n % QUEUES}`,
    secrets.subarray(0, SEALED_BYTES),
    secrets.subarray(SEALED_BYTES),
    idOf('call', n),
    at,
    n,
    at,
    JSON.stringify({ key: '1', source: 'ani', at, promptVersion: 'a1b2c3d4', language: 'en' }),
    JSON.stringify({ waitingSince: at, language: 'en', path: ['main 1'] }),
    state.name,
    JSON.stringify(state),
    isOpen ? '[]' : JSON.stringify([attempt]),
    isOpen ? null : at + 600_000,
  ];
}

function idOf(kind: string, n: number): string {
  let rest = n;
  let text = '';
  while (text.length < ID_LENGTH) {
    text = LETTERS.charAt(rest % LETTERS.length) + text;
    rest = Math.floor(rest / LETTERS.length);
  }
  return `${kind}-${text}`;
}
