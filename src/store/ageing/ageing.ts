import type { Kysely } from 'kysely';
import type { EpochMs } from '../../domain/ids.ts';
import type { RetentionPolicy } from '../../domain/retention/policy.ts';
import type { AgedOff } from '../../engine/archive.ts';
import type { Work } from '../group-commit.ts';
import { prepareFact } from '../ledger/ledger.ts';
import type { Tables } from '../tables.ts';
import { type AgeingKind, PURGED, proofSubject } from './ageing-kind.ts';
import { ROW_KINDS } from './ageing-rows.ts';
import { LEDGER_KINDS } from './ledger-ageing.ts';

const DAY_MS = 86_400_000;

/** Records destroyed in one transaction: few enough that a call's commit hardly waits for them. */
const PORTION = 100;

/** The ledger comes last, since what is destroyed before adds to it. */
const KINDS: readonly AgeingKind[] = [...ROW_KINDS, ...LEDGER_KINDS];

/** What is over age now, by kind. */
export async function countAgedOff(
  db: Kysely<Tables>,
  now: EpochMs,
  policy: RetentionPolicy,
): Promise<readonly AgedOff[]> {
  const found: AgedOff[] = [];
  for (const each of KINDS) {
    const { kind } = each;
    const before = startOf(now, policy[kind]);
    found.push({ kind, before, count: await each.count(db, before) });
  }
  return found;
}

/**
 * Destroys what is over age, portion by portion, each with its proof in the same transaction.
 * @param commit takes part in the group commit, so that other commits come in between
 */
export async function destroyAgedOff(
  db: Kysely<Tables>,
  commit: (work: Work) => Promise<void>,
  now: EpochMs,
  policy: RetentionPolicy,
): Promise<readonly AgedOff[]> {
  const destroyed: AgedOff[] = [];
  for (const each of KINDS) {
    const before = startOf(now, policy[each.kind]);
    destroyed.push({
      kind: each.kind,
      before,
      count: await destroyKind(each, db, commit, now, before),
    });
  }
  return destroyed;
}

async function destroyKind(
  ageing: AgeingKind,
  db: Kysely<Tables>,
  commit: (work: Work) => Promise<void>,
  now: EpochMs,
  before: EpochMs,
): Promise<number> {
  const { kind } = ageing;
  let total = 0;
  for (;;) {
    const next = await ageing.portion(db, before, PORTION);
    if (next === undefined) return total;
    const detail = { kind, count: next.count, before, ...next.proof };
    const fact = prepareFact({ at: now, about: proofSubject(kind), what: PURGED, detail });
    await commit({ writes: [next.destroy], facts: [fact] });
    total += next.count;
  }
}

function startOf(now: EpochMs, days: number): EpochMs {
  return now - Math.max(0, days) * DAY_MS;
}
