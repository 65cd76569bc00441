import type { RetryKind, RetryRule, RetrySettings } from './settings.ts';
import type { AttemptCause, AttemptRecord, PauseReason } from './ticket.ts';

/** What an attempt that ended without a conversation means for its ticket. */
export type Verdict =
  | {
      readonly verdict: 'again';
      readonly pauseMs: number;
      readonly because: PauseReason;
      readonly place: RetryRule['place'];
    }
  | { readonly verdict: 'exhausted' };

/**
 * Records of attempts with which a ticket ends, so that nobody is called for ever. What is nobody's fault
 * or ours is one record as long as it goes on: an outage ends no ticket but by its age.
 */
export const MAX_ATTEMPT_RECORDS = 30;

/** The pause for a fault is doubled at most so often: 1 minute becomes 16. */
const MAX_DOUBLINGS = 4;

/** The rule a cause falls under; `free` is nobody's failure and costs nothing. */
const KINDS: Readonly<Record<AttemptCause, RetryKind | 'free'>> = {
  busy: 'busy',
  noAnswer: 'noAnswer',
  unreachable: 'noAnswer',
  machine: 'machine',
  noKey: 'machine',
  declined: 'declined',
  hungUp: 'declined',
  invalidNumber: 'invalidNumber',
  congestion: 'congestion',
  carrierFailure: 'carrierFailure',
  ourFailure: 'ourFailure',
  withdrawn: 'free',
  choseLater: 'free',
  choseCancel: 'free',
  interrupted: 'free',
};

/** Failures of the carrier and of us never cost the customer an attempt. */
const FAULTS: ReadonlySet<RetryKind | 'free'> = new Set([
  'congestion',
  'carrierFailure',
  'ourFailure',
]);

/** What follows the last of `attempts`, which failed. Total. */
export function judgeAttempt(attempts: readonly AttemptRecord[], settings: RetrySettings): Verdict {
  const kind = kindOf(attempts.at(-1)?.cause);
  if (attempts.length >= MAX_ATTEMPT_RECORDS) return { verdict: 'exhausted' };
  if (kind === 'free') {
    return { verdict: 'again', pauseMs: 0, because: 'registered', place: 'keep' };
  }
  const rule = settings.rules[kind];
  // Of the carrier's and our own failures: outages.
  const ofThisKind = attempts.filter(({ cause }) => kindOf(cause) === kind).length;
  if (ofThisKind >= rule.attempts) return { verdict: 'exhausted' };
  if (FAULTS.has(kind)) {
    const pauseMs =
      milliseconds(rule.pauseMinutes) * 2 ** Math.min(faultsInARow(attempts) - 1, MAX_DOUBLINGS);
    return { verdict: 'again', pauseMs, because: 'fault', place: rule.place };
  }
  if (costlyAttempts(attempts) >= settings.maxAttempts) return { verdict: 'exhausted' };
  return {
    verdict: 'again',
    pauseMs: milliseconds(rule.pauseMinutes),
    because: 'unreachable',
    place: rule.place,
  };
}

/** The records with one more, which goes into the last if both cost the customer nothing alike. */
export function withRecord(
  attempts: readonly AttemptRecord[],
  record: AttemptRecord,
): readonly AttemptRecord[] {
  const last = attempts.at(-1);
  if (last === undefined || !costsNothing(last.cause) || !costsNothing(record.cause)) {
    return [...attempts, record];
  }
  const { startedAt } = last;
  return [...attempts.slice(0, -1), { ...record, startedAt, times: timesOf(last) + 1 }];
}

/** How many attempts the records stand for. */
export function attemptsMade(attempts: readonly AttemptRecord[]): number {
  return attempts.reduce((sum, record) => sum + timesOf(record), 0);
}

function timesOf({ times }: AttemptRecord): number {
  return times ?? 1;
}

/** Failures of the carrier and of us, and calls that were cut off: one record when they come in a row. */
function costsNothing(cause: AttemptRecord['cause']): boolean {
  return cause === 'withdrawn' || cause === 'interrupted' || FAULTS.has(kindOf(cause));
}

/** Attempts that failed on the customer's side: they count against `maxAttempts`. */
function costlyAttempts(attempts: readonly AttemptRecord[]): number {
  return attempts.filter(({ cause }) => {
    const kind = kindOf(cause);
    return kind !== 'free' && !FAULTS.has(kind);
  }).length;
}

/**
 * The attempt that missed the customer, if the last one did: who then calls in is let to the front.
 * Failures of the carrier and of us after it take nothing away.
 */
export function lastMissed(attempts: readonly AttemptRecord[]): AttemptRecord | undefined {
  const last = attempts.findLast(({ cause }) => !costsNothing(cause));
  const kind = kindOf(last?.cause);
  return kind === 'free' || kind === 'invalidNumber' ? undefined : last;
}

/** Minutes may be fractions; times are whole milliseconds. */
export function milliseconds(minutes: number): number {
  return Math.round(minutes * 60_000);
}

function kindOf(cause: AttemptRecord['cause'] | undefined): RetryKind | 'free' {
  return cause === undefined || cause === 'connected' ? 'free' : KINDS[cause];
}

/** An outage of hours must not use up everybody's attempts. */
function faultsInARow(attempts: readonly AttemptRecord[]): number {
  const lastOther = attempts.findLastIndex(({ cause }) => !FAULTS.has(kindOf(cause)));
  return attemptsMade(attempts.slice(lastOther + 1));
}
