import type { CallRecord } from '../domain/call/call-record.ts';
import type { Ticket, TicketState } from '../domain/callback/ticket.ts';
import type { EpochMs, QueueId } from '../domain/ids.ts';
import type { RetentionKind, RetentionPolicy } from '../domain/retention/policy.ts';
import type { LedgerFact } from './ports.ts';

/** A fact as it stands in the ledger; its detail is empty once it has aged off. */
export interface LedgerEntry extends LedgerFact {
  /** 1, 2, 3 … without a gap. */
  readonly position: number;
}

/** A part of a long list. */
export interface Page<Cursor> {
  /** The last item of the page before; undefined for the first page. */
  readonly after: Cursor | undefined;
  /** Items at most, 1 to `MAX_PAGE_SIZE`; more are cut to that. */
  readonly limit: number;
}

/** A span of time; `to` excluded. */
export interface TimeSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export const MAX_PAGE_SIZE = 1_000;

/** What was, for reports, the API and those who check. Each list costs as much as its page. */
export interface Archive {
  /** Tickets of a queue in any of these states (all, if undefined), newest registration first. */
  ticketsOf(
    queue: QueueId,
    states: readonly TicketState['name'][] | undefined,
    page: Page<Pick<Ticket, 'registeredAt' | 'id'>>,
  ): Promise<readonly Ticket[]>;
  /** Calls that began within a span, oldest first. */
  callsBetween(
    span: TimeSpan,
    page: Page<Pick<CallRecord, 'startedAt' | 'id'>>,
  ): Promise<readonly CallRecord[]>;
  /**
   * The first entries about any of these tickets, calls, agents or recordings, in order.
   * @param afterPosition left out: from the beginning
   */
  ledgerOf(
    about: readonly string[],
    limit: number,
    afterPosition?: number,
  ): Promise<readonly LedgerEntry[]>;
  /** Entries of a span, by time and position. */
  ledgerBetween(
    span: TimeSpan,
    page: Page<Pick<LedgerEntry, 'at' | 'position'>>,
  ): Promise<readonly LedgerEntry[]>;
}

/** Records of one kind that are over age. */
export interface AgedOff {
  readonly kind: RetentionKind;
  readonly count: number;
  /** Records from before this are over age. */
  readonly before: EpochMs;
}

/** Destroys what is over age. */
export interface Ageing {
  /** What `purge` would destroy now. */
  agedOff(now: EpochMs, policy: RetentionPolicy): Promise<readonly AgedOff[]>;
  /**
   * Destroys it, in small portions between which commits go on, and returns what was destroyed.
   * Each portion leaves a fact `purged` about `retention:<kind>` in the ledger: how many, from before
   * when, and a digest that commits to which. What was destroyed is overwritten on the disk too; of
   * a few rows in ten thousand a copy may be left there, until `compact`.
   * @throws StoreFailure; what was purged stays purged
   */
  purge(now: EpochMs, policy: RetentionPolicy): Promise<readonly AgedOff[]>;
  /**
   * Writes the whole database anew, so that not one byte of what was purged is left. Commits wait
   * meanwhile, some seconds for each gigabyte: for a quiet hour. @throws StoreFailure
   */
  compact(): Promise<void>;
}
