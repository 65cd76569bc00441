import type { DialCause } from '../call/failure.ts';
import type { AgentId, CallId, E164, EpochMs, LanguageId, QueueId, TicketId } from '../ids.ts';

/**
 * A caller's place in line, kept while they are not on the telephone.
 *
 *     waiting ──dial──▶ dialling ──answered──▶ reached ──bridged──▶ connected
 *        ▲  ▲               │                     │
 *        │  └──retry────────┘◀──later, lost───────┘
 *        └── cancelled (asked, returned), exhausted (attempts used up), expired (too old)
 */
export interface Ticket {
  readonly id: TicketId;
  readonly queue: QueueId;
  /** The number to call; encrypted in the store, masked wherever it is shown. */
  readonly number: E164;
  /** The number that was dialled; shown to the customer on the callback. */
  readonly dnis: E164;
  readonly origin: TicketOrigin;
  /** The place in line: arrival of the call in which it was asked for, unless a rule moved it. */
  readonly arrivedAt: EpochMs;
  /** Breaks ties between equal arrivals. */
  readonly arrivalSequence: number;
  readonly registeredAt: EpochMs;
  readonly consent: Consent;
  /** The time that was booked, if any. */
  readonly slot: Slot | undefined;
  readonly state: TicketState;
  /** Attempts that ended, oldest first; at most `MAX_ATTEMPT_RECORDS` of one or more. */
  readonly attempts: readonly AttemptRecord[];
}

/** Where a ticket comes from; never changes. */
export interface TicketOrigin {
  /** The call in which the callback was asked for; undefined for one created by API. */
  readonly callId: CallId | undefined;
  /** When the customer joined the line. */
  readonly waitingSince: EpochMs;
  readonly language: LanguageId;
  /** The way through the menus, as `main 1`; empty for one created by API. */
  readonly path: readonly string[];
  /** Two digits that the customer chose, and the callback says. */
  readonly code: string | undefined;
  /** The customer has a text telephone. */
  readonly isTty: boolean;
}

/** What the caller agreed to, and how. */
export interface Consent {
  /** The key that was pressed; `api` for a form. */
  readonly key: string;
  readonly source: 'ani' | 'keyed' | 'api';
  readonly at: EpochMs;
  /** Fingerprint of the wording of the notice that was heard. */
  readonly promptVersion: string;
  readonly language: LanguageId;
}

/** A span of time that was promised; `to` excluded. */
export interface Slot {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Why a ticket is not to be called before some time; the reasons for which it may be overtaken. */
export const PAUSE_REASONS = [
  /** The caller may still be on the line. */
  'registered',
  /** The last attempt did not reach them. */
  'unreachable',
  /** They asked to be called later. */
  'choseLater',
  /** They booked a time. */
  'slot',
  /** It is night where they are. */
  'calledHours',
  /** The queue is closed. */
  'closed',
  /** The operator has switched dialling off, or as many are being called as may be. */
  'dialling',
  /** The carrier or we failed. */
  'fault',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export type TicketState =
  | { readonly name: 'waiting'; readonly notBefore: EpochMs; readonly because: PauseReason }
  | { readonly name: 'dialling'; readonly agentId: AgentId; readonly startedAt: EpochMs }
  | {
      readonly name: 'reached';
      readonly agentId: AgentId;
      readonly startedAt: EpochMs;
      readonly reachedAt: EpochMs;
    }
  | { readonly name: 'connected'; readonly agentId: AgentId; readonly at: EpochMs }
  | {
      readonly name: 'cancelled';
      readonly at: EpochMs;
      readonly by: CancelledBy;
      readonly because: CancelReason;
    }
  | { readonly name: 'exhausted'; readonly at: EpochMs; readonly cause: AttemptCause }
  | { readonly name: 'expired'; readonly at: EpochMs };

/** `callee`: on the callback. `caller`: by calling in. */
export type CancelledBy = 'callee' | 'caller' | 'operator' | 'api';

/** `returned`: they wait on the line again, at the same place. `numberRefused`: it may not be called any more. */
export type CancelReason = 'asked' | 'returned' | 'numberRefused';

/** How an attempt ended without a conversation. */
export type AttemptCause =
  | DialCause
  /** Answered, but nobody pressed 1: the wrong person, or a machine that was not recognised. */
  | 'noKey'
  /** Answered by what sounds like a machine, and nobody pressed 1. */
  | 'machine'
  | 'choseLater'
  | 'choseCancel'
  /** The customer hung up after answering. */
  | 'hungUp'
  /** The server stopped in the middle. */
  | 'interrupted';

/** One attempt, or several in a row that failed for nothing of the customer's. */
export interface AttemptRecord {
  /** Of the first. */
  readonly startedAt: EpochMs;
  /** Of the last, as what follows. */
  readonly endedAt: EpochMs;
  readonly cause: AttemptCause | 'connected';
  readonly agentId: AgentId;
  /** How many; 1 if it is not said. */
  readonly times?: number;
}
