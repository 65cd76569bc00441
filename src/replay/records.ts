import type { CallRecord } from '../domain/call/call-record.ts';
import type { AgentId, CallId, EpochMs, TicketId } from '../domain/ids.ts';
import { type Archive, type LedgerEntry, MAX_PAGE_SIZE, type TimeSpan } from '../engine/archive.ts';

/** What a replay reads. */
type RecordsArchive = Pick<Archive, 'callsBetween' | 'ledgerBetween'>;

/** What the store tells of a span of time, as far as a replay needs it. */
export interface Records {
  readonly span: TimeSpan;
  readonly calls: readonly CallRecord[];
  /** When each caller joined their line. */
  readonly joinedAt: ReadonlyMap<CallId, EpochMs>;
  readonly offeredAt: ReadonlyMap<CallId, EpochMs>;
  /** Tickets that callers took, by their call. */
  readonly registered: ReadonlyMap<CallId, { readonly ticketId: TicketId; readonly at: EpochMs }>;
  /** Attempts to call a customer, one after another. */
  readonly attempts: readonly RecordedAttempt[];
  /** What agents became, first to last; those from a day before the span too. */
  readonly presences: readonly RecordedPresence[];
}

export interface RecordedAttempt {
  readonly ticketId: TicketId;
  readonly startedAt: EpochMs;
  confirmedAt: EpochMs | undefined;
  /** `connected`, or a cause of the ledger's; undefined: not ended within the span. */
  cause: string | undefined;
}

export interface RecordedPresence {
  readonly agentId: AgentId;
  readonly at: EpochMs;
  readonly to: string;
}

/** Who was at work when the span began is known from what they chose before. */
const LOOK_BACK_MS = 24 * 3_600_000;

/** Reads page after page. @throws StoreFailure */
export async function readRecords(archive: RecordsArchive, span: TimeSpan): Promise<Records> {
  const calls = await allCalls(archive, span);
  const reading = new Reading();
  const from = span.from - LOOK_BACK_MS;
  let after: Pick<LedgerEntry, 'at' | 'position'> | undefined;
  for (;;) {
    const page = { after, limit: MAX_PAGE_SIZE };
    const entries = await archive.ledgerBetween({ from, to: span.to }, page);
    for (const entry of entries) reading.take(entry, entry.at >= span.from);
    after = entries.at(-1);
    if (after === undefined) break;
  }
  return { span, calls, ...reading.found };
}

async function allCalls(archive: RecordsArchive, span: TimeSpan): Promise<readonly CallRecord[]> {
  const calls: CallRecord[] = [];
  let after: Pick<CallRecord, 'startedAt' | 'id'> | undefined;
  for (;;) {
    const page = await archive.callsBetween(span, { after, limit: MAX_PAGE_SIZE });
    calls.push(...page);
    after = page.at(-1);
    if (after === undefined) return calls;
  }
}

/** Takes the ledger in, entry by entry. */
class Reading {
  readonly found = {
    joinedAt: new Map<CallId, EpochMs>(),
    offeredAt: new Map<CallId, EpochMs>(),
    registered: new Map<CallId, { ticketId: TicketId; at: EpochMs }>(),
    attempts: [] as RecordedAttempt[],
    presences: [] as RecordedPresence[],
  };
  readonly #underWay = new Map<string, RecordedAttempt>();

  take(entry: LedgerEntry, isInSpan: boolean): void {
    const { about, what, at, detail } = entry;
    const to = detail['to'];
    if (what === 'agentChanged' && typeof to === 'string') {
      this.found.presences.push({ agentId: about, at, to });
    }
    if (!isInSpan) return;
    if (isCall(about)) this.#ofCall(about, what, at);
    else if (isTicket(about)) this.#ofTicket(about, entry);
  }

  #ofCall(id: CallId, what: string, at: EpochMs): void {
    if (what === 'joinedLine') this.found.joinedAt.set(id, at);
    if (what === 'callbackOffered' && !this.found.offeredAt.has(id)) {
      this.found.offeredAt.set(id, at);
    }
  }

  #ofTicket(ticketId: TicketId, { what, at, detail }: LedgerEntry): void {
    const underWay = this.#underWay.get(ticketId);
    const { callId, cause } = { callId: detail['callId'], cause: detail['cause'] };
    switch (what) {
      case 'ticketRegistered':
        if (typeof callId === 'string' && isCall(callId)) {
          this.found.registered.set(callId, { ticketId, at });
        }
        return;
      case 'attemptStarted': {
        const attempt = { ticketId, startedAt: at, confirmedAt: undefined, cause: undefined };
        this.found.attempts.push(attempt);
        this.#underWay.set(ticketId, attempt);
        return;
      }
      case 'customerConfirmed':
        if (underWay !== undefined) underWay.confirmedAt = at;
        return;
      case 'ticketConnected':
      case 'attemptEnded':
        if (underWay === undefined) return;
        underWay.cause = typeof cause === 'string' ? cause : 'connected';
        this.#underWay.delete(ticketId);
        return;
      default:
        return;
    }
  }
}

function isCall(id: string): id is CallId {
  return id.startsWith('call-');
}

function isTicket(id: string): id is TicketId {
  return id.startsWith('ticket-');
}
