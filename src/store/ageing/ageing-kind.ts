import type { Kysely } from 'kysely';
import type { EpochMs } from '../../domain/ids.ts';
import type { RetentionKind } from '../../domain/retention/policy.ts';
import type { LedgerFact } from '../../engine/ports.ts';
import type { Write } from '../group-commit.ts';
import type { Tables } from '../tables.ts';

/** One kind of record, as far as it ages off. */
export interface AgeingKind {
  readonly kind: RetentionKind;
  /** Records from before a time. */
  count(db: Kysely<Tables>, before: EpochMs): Promise<number>;
  /** The oldest of them, at most `limit`; undefined if there are none. */
  portion(db: Kysely<Tables>, before: EpochMs, limit: number): Promise<Portion | undefined>;
}

/** Records that are destroyed in one transaction. */
export interface Portion {
  readonly count: number;
  /** What the proof says of which they were: a digest, without personal data. */
  readonly proof: LedgerFact['detail'];
  readonly destroy: Write;
}

/** Verb of the ledger's entries that prove a purge. */
export const PURGED = 'purged';

const SUBJECT_PREFIX = 'retention:';

/** Subject of the ledger's entries that prove the purges of a kind. */
export function proofSubject(kind: RetentionKind): string {
  return `${SUBJECT_PREFIX}${kind}`;
}

/** Pattern of SQL's `like` for all those subjects. */
export const PROOF_SUBJECTS = `${SUBJECT_PREFIX}%`;
