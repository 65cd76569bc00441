import { createHash, createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { LedgerFact } from '../engine/ports.ts';
import { sameBytes } from './data-key.ts';
import { StoreFailure } from './failure.ts';
import { canonicalJson } from './json.ts';
import type { LedgerRow, Tables } from './tables.ts';

/** A fact as it stands in the ledger. */
export interface LedgerEntry extends LedgerFact {
  /** 1, 2, 3 … without a gap. */
  readonly position: number;
}

/** What `verifyLedger` found. */
export type LedgerVerdict =
  | { readonly ok: true; readonly entries: number }
  /** The first entry that is not what was written: its text changed, or its place. */
  | { readonly ok: false; readonly problem: 'changed' | 'missing'; readonly position: number }
  /** The sealed end of the ledger was changed, or does not fit the entries. */
  | { readonly ok: false; readonly problem: 'head' };

/** A fact ready to be appended; its place and hash are found in the transaction. */
export type PreparedFact = Pick<LedgerRow, 'at' | 'about' | 'what' | 'detail'>;

interface Head {
  readonly position: number;
  readonly hash: Buffer;
}

const START: Head = { position: 0, hash: Buffer.alloc(32) };
const MAX_NAME_LENGTH = 200;
const MAX_DETAIL_LENGTH = 4_000;
const VERIFY_PAGE = 5_000;

/** @throws StoreFailure `invalidChange` for what is too large or has no canonical form */
export function prepareFact(fact: LedgerFact): PreparedFact {
  const { at, about, what } = fact;
  const detail = canonicalJson(fact.detail);
  const small =
    about.length <= MAX_NAME_LENGTH &&
    what.length <= MAX_NAME_LENGTH &&
    detail.length <= MAX_DETAIL_LENGTH;
  const finite =
    Number.isSafeInteger(at) &&
    Object.values(fact.detail).every(
      (value) => typeof value !== 'number' || Number.isFinite(value),
    );
  if (small && finite) return { at, about, what, detail };
  const message = `store: the ledger entry ${what.slice(0, MAX_NAME_LENGTH)} is too large or not finite`;
  throw new StoreFailure('invalidChange', message);
}

/** Seals the end of an empty ledger, in a new database. */
export async function startLedger(transaction: Kysely<Tables>, key: Buffer): Promise<void> {
  const row = { id: 1, ...sealed(START, key) };
  await transaction.insertInto('ledger_head').values(row).execute();
}

/** Appends facts to the chain; belongs into the transaction of the changes they tell of. */
export async function appendFacts(
  transaction: Kysely<Tables>,
  facts: readonly PreparedFact[],
  key: Buffer,
): Promise<void> {
  if (facts.length === 0) return;
  let head: Head = await readHead(transaction);
  for (const fact of facts) {
    const position = head.position + 1;
    const hash = chainHash(head.hash, { position, ...fact });
    await transaction
      .insertInto('ledger')
      .values({ position, ...fact, hash })
      .execute();
    head = { position, hash };
  }
  await transaction.updateTable('ledger_head').set(sealed(head, key)).where('id', '=', 1).execute();
}

/** Entries after a position, in order. */
export async function ledgerEntries(
  db: Kysely<Tables>,
  afterPosition: number,
  limit: number,
): Promise<readonly LedgerEntry[]> {
  const rows = await rowsAfter(db, afterPosition, limit);
  return rows.map(({ position, at, about, what, detail }) => ({
    position,
    at,
    about,
    what,
    detail: JSON.parse(detail) as LedgerFact['detail'],
  }));
}

/**
 * Checks every entry against the chain, and its end against the seal. Works in portions, so that
 * the server goes on meanwhile; entries appended during the check are left for the next one.
 */
export async function verifyLedger(db: Kysely<Tables>, key: Buffer): Promise<LedgerVerdict> {
  const head = await readHead(db);
  if (!sameBytes(head.mac, headMac(head, key))) return { ok: false, problem: 'head' };
  let previous: Head = START;
  while (previous.position < head.position) {
    const rows = await rowsAfter(db, previous.position, VERIFY_PAGE);
    for (const row of rows.slice(0, head.position - previous.position)) {
      const position = previous.position + 1;
      if (row.position !== position) return { ok: false, problem: 'missing', position };
      const hash = chainHash(previous.hash, row);
      if (!hash.equals(row.hash)) return { ok: false, problem: 'changed', position };
      previous = { position, hash };
    }
    if (rows.length === 0) {
      return { ok: false, problem: 'missing', position: previous.position + 1 };
    }
    await nextTurn();
  }
  const fits = previous.hash.equals(head.hash);
  return fits ? { ok: true, entries: head.position } : { ok: false, problem: 'head' };
}

/** @throws StoreFailure `damaged` where somebody removed it */
async function readHead(db: Kysely<Tables>): Promise<Head & { readonly mac: Buffer }> {
  const head = await db
    .selectFrom('ledger_head')
    .select(['position', 'hash', 'mac'])
    .where('id', '=', 1)
    .executeTakeFirst();
  if (head === undefined) throw new StoreFailure('damaged', 'store: the ledger has lost its end');
  return head;
}

async function rowsAfter(
  db: Kysely<Tables>,
  position: number,
  limit: number,
): Promise<readonly LedgerRow[]> {
  return db
    .selectFrom('ledger')
    .selectAll()
    .where('position', '>', position)
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** SHA-256 over the hash before and the entry in canonical form. */
function chainHash(previous: Buffer, entry: PreparedFact & { readonly position: number }): Buffer {
  const { position, at, about, what, detail } = entry;
  const text = canonicalJson({ position, at, about, what, detail });
  return createHash('sha256').update(previous).update(text).digest();
}

function sealed(head: Head, key: Buffer): Head & { readonly mac: Buffer } {
  return { ...head, mac: headMac(head, key) };
}

function headMac(head: Head, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${head.position} `).update(head.hash).digest();
}
