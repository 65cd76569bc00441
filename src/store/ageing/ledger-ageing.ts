import type { Kysely } from 'kysely';
import type { EpochMs } from '../../domain/ids.ts';
import type { LedgerEntry } from '../../engine/archive.ts';
import { StoreFailure } from '../failure.ts';
import type { Write } from '../group-commit.ts';
import { lastEntry } from '../ledger/ledger.ts';
import { type Link, START } from '../ledger/ledger-chain.ts';
import type { LedgerRow, Tables } from '../tables.ts';
import {
  type AgeingKind,
  type Portion,
  PROOF_SUBJECTS,
  PURGED,
  proofSubject,
} from './ageing-kind.ts';

/** Where the ledger's entries begin, and their details. */
interface LedgerHorizon {
  /** The last entry that aged off as a whole; before the first one, if none did. */
  readonly start: Link;
  /** Details of entries up to this position have aged off. */
  readonly detailsUntil: number;
}

/** Read from the proofs of earlier purges, which are entries of the chain like others. */
export async function ledgerHorizon(db: Kysely<Tables>): Promise<LedgerHorizon> {
  const whole = await lastEntry(db, proofSubject('ledger'), PURGED);
  const details = await lastEntry(db, proofSubject('ledgerDetail'), PURGED);
  return {
    start: whole === undefined ? START : linkOf(whole),
    detailsUntil: details === undefined ? 0 : linkOf(details).position,
  };
}

const LINK_COLUMNS = ['position', 'at', 'hash'] as const;

/**
 * Entries age off from the beginning of the ledger, never from its middle. The hash of the last one
 * commits to all before it, and is where the check of the chain begins from then on.
 */
const WHOLE_ENTRIES: AgeingKind = {
  kind: 'ledger',
  async count(db, before) {
    const counted = await db
      .selectFrom('ledger')
      .select((select) => select.fn.countAll().as('count'))
      .where('at', '<', before)
      .executeTakeFirst();
    return Number(counted?.count ?? 0);
  },
  async portion(db, before, limit) {
    const { start } = await ledgerHorizon(db);
    const rows = await db
      .selectFrom('ledger')
      .select(LINK_COLUMNS)
      .where('position', '>', start.position)
      .orderBy('position')
      .limit(limit)
      .execute();
    return portionOf(
      rows,
      before,
      (first, last) => (transaction) =>
        transaction
          .deleteFrom('ledger')
          .where('position', '>=', first)
          .where('position', '<=', last)
          .execute(),
    );
  },
};

/** Proofs of purges keep their detail, and so do entries whose hash covers the detail itself. */
const DETAILS: AgeingKind = {
  kind: 'ledgerDetail',
  async count(db, before) {
    const { detailsUntil } = await ledgerHorizon(db);
    const counted = await forgettable(db, detailsUntil)
      .select((select) => select.fn.countAll().as('count'))
      .where('at', '<', before)
      .executeTakeFirst();
    return Number(counted?.count ?? 0);
  },
  async portion(db, before, limit) {
    const { detailsUntil } = await ledgerHorizon(db);
    const rows = await forgettable(db, detailsUntil)
      .select(LINK_COLUMNS)
      .orderBy('position')
      .limit(limit)
      .execute();
    return portionOf(
      rows,
      before,
      (first, last) => (transaction) =>
        transaction
          .updateTable('ledger')
          .set({ detail: '', detail_salt: null })
          .where('position', '>=', first)
          .where('position', '<=', last)
          .where('detail_digest', 'is not', null)
          .where('about', 'not like', PROOF_SUBJECTS)
          .execute(),
    );
  },
};

/** What ages in the ledger; the entries come last, since they prove the rest. */
export const LEDGER_KINDS: readonly AgeingKind[] = [DETAILS, WHOLE_ENTRIES];

function forgettable(db: Kysely<Tables>, after: number) {
  return db
    .selectFrom('ledger')
    .where('position', '>', after)
    .where('detail_salt', 'is not', null)
    .where('about', 'not like', PROOF_SUBJECTS);
}

/** The rows from the beginning that are from before a time. */
function portionOf(
  rows: readonly Pick<LedgerRow, 'position' | 'at' | 'hash'>[],
  before: EpochMs,
  destroy: (first: number, last: number) => Write,
): Portion | undefined {
  const young = rows.findIndex(({ at }) => at >= before);
  const old = young === -1 ? rows : rows.slice(0, young);
  const first = old[0]?.position;
  const last = old.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    count: old.length,
    proof: { first, last: last.position, digest: last.hash.toString('hex') },
    destroy: destroy(first, last.position),
  };
}

/** The link that a proof of `portionOf` names. @throws StoreFailure `damaged` */
function linkOf({ detail }: LedgerEntry): Link {
  const { last, digest } = detail;
  if (typeof last === 'number' && typeof digest === 'string') {
    return { position: last, hash: Buffer.from(digest, 'hex') };
  }
  throw new StoreFailure('damaged', 'store: a proof of a purge of the ledger cannot be read');
}
