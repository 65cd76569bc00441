import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { ledgerHorizon } from '../ageing/ledger-ageing.ts';
import { sameBytes } from '../data-key.ts';
import type { LedgerRow, Tables } from '../tables.ts';
import { readHead, rowsAfter } from './ledger.ts';
import { chainHash, detailFits, type Link, linkMac } from './ledger-chain.ts';

/** What `verifyLedger` found. */
export type LedgerVerdict =
  /** `entries` were checked; older ones may have aged off. */
  | { readonly ok: true; readonly entries: number }
  /** The first entry that is not what was written: its text changed, or its place. */
  | { readonly ok: false; readonly problem: 'changed' | 'missing'; readonly position: number }
  /** The sealed end of the ledger was changed, or does not fit the entries. */
  | { readonly ok: false; readonly problem: 'head' };

const PORTION = 5_000;

/**
 * Checks every entry against the chain, and its end against the seal. Entries and details may be
 * missing only where an entry of the chain itself tells that they aged off. Works in portions, so
 * that the server goes on meanwhile; entries appended during the check are left for the next one.
 */
export async function verifyLedger(db: Kysely<Tables>, key: Buffer): Promise<LedgerVerdict> {
  const head = await readHead(db);
  if (!sameBytes(head.mac, linkMac(head, key))) return { ok: false, problem: 'head' };
  const { start, detailsUntil } = await ledgerHorizon(db);
  let previous = start;
  let readFrom = 0;
  while (previous.position < head.position) {
    const rows = await rowsAfter(db, readFrom, PORTION);
    for (const row of rows.slice(0, head.position - previous.position)) {
      const position = previous.position + 1;
      if (row.position !== position) return { ok: false, problem: 'missing', position };
      if (!isWhole(row, previous, detailsUntil)) return { ok: false, problem: 'changed', position };
      previous = { position, hash: row.hash };
    }
    if (rows.length === 0) {
      return { ok: false, problem: 'missing', position: previous.position + 1 };
    }
    readFrom = previous.position;
    await nextTurn();
  }
  const fits = previous.hash.equals(head.hash);
  const entries = head.position - start.position;
  return fits ? { ok: true, entries } : { ok: false, problem: 'head' };
}

function isWhole(row: LedgerRow, previous: Link, detailsUntil: number): boolean {
  if (!chainHash(previous.hash, row).equals(row.hash)) return false;
  const forgotten = row.detail === '' && row.detail_salt === null && row.detail_digest !== null;
  return forgotten ? row.position <= detailsUntil : detailFits(row);
}
