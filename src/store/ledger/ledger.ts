import { type Kysely, sql } from 'kysely';
import { type LedgerEntry, MAX_PAGE_SIZE, type Page, type TimeSpan } from '../../engine/archive.ts';
import type { LedgerFact } from '../../engine/ports.ts';
import { StoreFailure } from '../failure.ts';
import { canonicalJson } from '../json.ts';
import { pageSize } from '../pages.ts';
import type { LedgerRow, Tables } from '../tables.ts';
import { chainHash, type Link, linkMac, START, saltDetail } from './ledger-chain.ts';

/** A fact ready to be appended; its place and hash are found in the transaction. */
export type PreparedFact = Pick<LedgerRow, 'at' | 'about' | 'what' | 'detail'>;

const MAX_NAME_LENGTH = 200;
const MAX_DETAIL_LENGTH = 4_000;

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
  let head: Link = await readHead(transaction);
  for (const fact of facts) {
    const position = head.position + 1;
    const entry = { position, ...fact, ...saltDetail(fact.detail) };
    const hash = chainHash(head.hash, entry);
    await transaction
      .insertInto('ledger')
      .values({ ...entry, hash })
      .execute();
    head = { position, hash };
  }
  await transaction.updateTable('ledger_head').set(sealed(head, key)).where('id', '=', 1).execute();
}

/** The sealed end. @throws StoreFailure `damaged` where somebody removed it */
export async function readHead(db: Kysely<Tables>): Promise<Link & { readonly mac: Buffer }> {
  const head = await db
    .selectFrom('ledger_head')
    .select(['position', 'hash', 'mac'])
    .where('id', '=', 1)
    .executeTakeFirst();
  if (head === undefined) throw new StoreFailure('damaged', 'store: the ledger has lost its end');
  return head;
}

/** Rows after a position, in order. */
export async function rowsAfter(
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

/** Entries after a position, in order. */
export async function ledgerEntries(
  db: Kysely<Tables>,
  afterPosition: number,
  limit: number,
): Promise<readonly LedgerEntry[]> {
  const rows = await rowsAfter(db, afterPosition, limit);
  return rows.map(entryOf);
}

/** The first entries after a position about any of these, in order. */
export async function ledgerOf(
  db: Kysely<Tables>,
  about: readonly string[],
  limit: number,
  afterPosition = 0,
): Promise<readonly LedgerEntry[]> {
  const size = pageSize(limit);
  const runs = await Promise.all(
    [...new Set(about)].map((each) =>
      db
        .selectFrom('ledger')
        .selectAll()
        .where('about', '=', each)
        .where('position', '>', afterPosition)
        .orderBy('position')
        .limit(size)
        .execute(),
    ),
  );
  const rows = runs.flat().sort((a, b) => a.position - b.position);
  return rows.slice(0, size).map(entryOf);
}

/** Entries of a span, by time and position. */
export async function ledgerBetween(
  db: Kysely<Tables>,
  { from, to }: TimeSpan,
  { after, limit }: Page<Pick<LedgerEntry, 'at' | 'position'>>,
): Promise<readonly LedgerEntry[]> {
  const all = db.selectFrom('ledger').selectAll().where('at', '>=', from).where('at', '<', to);
  const rest =
    after === undefined
      ? all
      : all.where(sql<boolean>`(at, position) > (${after.at}, ${after.position})`);
  const rows = await rest.orderBy('at').orderBy('position').limit(pageSize(limit)).execute();
  return rows.map(entryOf);
}

/** The hash in the chain of each of these entries, in hexadecimal, by position; at most a page. */
export async function ledgerHashes(
  db: Kysely<Tables>,
  positions: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = positions.slice(0, MAX_PAGE_SIZE);
  if (wanted.length === 0) return new Map();
  const rows = await db
    .selectFrom('ledger')
    .select(['position', 'hash'])
    .where('position', 'in', wanted)
    .execute();
  return new Map(rows.map(({ position, hash }) => [position, hash.toString('hex')]));
}

/** The last entry of a kind about a subject. */
export async function lastEntry(
  db: Kysely<Tables>,
  about: string,
  what: string,
): Promise<LedgerEntry | undefined> {
  const row = await db
    .selectFrom('ledger')
    .selectAll()
    .where('about', '=', about)
    .where('what', '=', what)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && entryOf(row);
}

function entryOf({ position, at, about, what, detail }: LedgerRow): LedgerEntry {
  const told = detail === '' ? {} : (JSON.parse(detail) as LedgerFact['detail']);
  return { position, at, about, what, detail: told };
}

function sealed(head: Link, key: Buffer): Link & { readonly mac: Buffer } {
  const { position, hash } = head;
  return { position, hash, mac: linkMac(head, key) };
}
