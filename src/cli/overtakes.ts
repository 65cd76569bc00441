import type { Ticket } from '../domain/callback/ticket.ts';
import { hasEnded } from '../domain/callback/ticket-step.ts';
import type { EpochMs } from '../domain/ids.ts';
import { lineFactOf } from '../domain/queue/line-fact.ts';
import {
  EMPTY_HISTORY,
  type Overtake,
  type OvertakeReason,
  stepHistory,
} from '../domain/queue/overtake.ts';
import type { LedgerEntry } from '../engine/archive.ts';
import type { StoreReader } from '../store/reader.ts';
import { PAUSE_WORDS } from './ticket-life.ts';

/** An overtake with the position of the ledger entry that tells of it. */
export interface ProvedOvertake extends Overtake {
  readonly position: number;
}

/** Who went before a ticket although they came later. */
export interface Overtakes {
  /** In order; at most `MAX_LISTED`. */
  readonly listed: readonly ProvedOvertake[];
  /** By reason, all of them. */
  readonly counts: ReadonlyMap<OvertakeReason | 'unexplained', number>;
}

const MAX_LISTED = 10_000;
const PAGE_SIZE = 1_000;

/**
 * Finds from the ledger alone who went before a ticket although they came later: it is read from the
 * ticket's arrival to its end, and the line rebuilt from it.
 * @throws StoreFailure
 */
export async function overtakesOf(
  records: Pick<StoreReader, 'ledgerBetween'>,
  ticket: Ticket,
  now: EpochMs,
): Promise<Overtakes> {
  const ids: ReadonlySet<string> = new Set([ticket.id, ticket.origin.callId ?? ticket.id]);
  const listed: ProvedOvertake[] = [];
  const counts = new Map<OvertakeReason | 'unexplained', number>();
  let history = EMPTY_HISTORY;
  for await (const entry of entriesAround(records, ticket, now)) {
    const fact = lineFactOf(entry);
    if (fact === undefined || ('queue' in fact && fact.queue !== ticket.queue)) continue;
    const step = stepHistory(history, fact);
    history = step.history;
    for (const overtake of step.overtakes) {
      if (!ids.has(overtake.overtaken)) continue;
      const reason = overtake.reason ?? 'unexplained';
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      if (listed.length < MAX_LISTED) listed.push({ ...overtake, position: entry.position });
    }
  }
  return { listed, counts };
}

/** The ledger of a ticket's time in line. */
async function* entriesAround(
  records: Pick<StoreReader, 'ledgerBetween'>,
  ticket: Ticket,
  now: EpochMs,
): AsyncGenerator<LedgerEntry> {
  const { origin, arrivedAt, registeredAt } = ticket;
  const from = Math.min(origin.waitingSince, arrivedAt, registeredAt);
  const to = endOf(ticket, now) + 1;
  let after: LedgerEntry | undefined;
  for (;;) {
    const page = await records.ledgerBetween({ from, to }, { after, limit: PAGE_SIZE });
    yield* page;
    after = page.at(-1);
    if (after === undefined) return;
  }
}

function endOf(ticket: Ticket, now: EpochMs): EpochMs {
  const { state } = ticket;
  return hasEnded(ticket) && 'at' in state ? state.at : now;
}

/** Why a ticket was overtaken, after "because". */
export function overtakeWords(reason: OvertakeReason | 'unexplained'): string {
  switch (reason) {
    case 'beingCalled':
      return 'the customer was being called, or an agent was kept for them already';
    case 'skill':
      return 'that agent lacks a skill which this customer needs';
    case 'grace':
      return 'that caller had missed a callback and called in again in time';
    case 'moved':
      return 'one of the two had been moved';
    case 'unexplained':
      return 'of nothing that the rules allow';
    default:
      return PAUSE_WORDS[reason];
  }
}
