import type { DialCause } from '../call/failure.ts';
import type { AgentId, CallId, E164, EpochMs, QueueId, TicketId } from '../ids.ts';

/**
 * A caller's place in line, kept while they are not on the telephone.
 *
 *     waiting ──dial──▶ dialling ──answered──▶ reached ──bridged──▶ connected
 *        ▲  ▲               │                     │
 *        │  └──retry────────┘◀──later, lost───────┘
 *        └── cancelled (by key), exhausted (attempts used up)
 */
export interface Ticket {
  readonly id: TicketId;
  readonly queue: QueueId;
  /** The number to call; encrypted in the store, masked wherever it is shown. */
  readonly number: E164;
  /** The number that was dialled; shown to the customer on the callback. */
  readonly dnis: E164;
  /** The call in which the callback was asked for. */
  readonly callId: CallId;
  /** Arrival of that call in line; the ticket's place in line. */
  readonly arrivedAt: EpochMs;
  /** Breaks ties between equal arrivals. */
  readonly arrivalSequence: number;
  readonly registeredAt: EpochMs;
  readonly consent: Consent;
  readonly state: TicketState;
  /** Attempts that ended, oldest first; at most `MAX_ATTEMPT_RECORDS`. */
  readonly attempts: readonly AttemptRecord[];
}

/** What the caller agreed to, and how. */
export interface Consent {
  readonly key: string;
  readonly source: 'ani' | 'keyed';
  readonly at: EpochMs;
}

export type TicketState =
  | { readonly name: 'waiting'; readonly notBefore: EpochMs }
  | { readonly name: 'dialling'; readonly agentId: AgentId; readonly startedAt: EpochMs }
  | {
      readonly name: 'reached';
      readonly agentId: AgentId;
      readonly startedAt: EpochMs;
      readonly reachedAt: EpochMs;
    }
  | { readonly name: 'connected'; readonly agentId: AgentId; readonly at: EpochMs }
  | { readonly name: 'cancelled'; readonly at: EpochMs; readonly by: 'callee' | 'operator' }
  | { readonly name: 'exhausted'; readonly at: EpochMs; readonly cause: AttemptCause };

/** How an attempt ended without a conversation. */
export type AttemptCause =
  | DialCause
  /** Answered, but nobody pressed 1: a machine, or the wrong person. */
  | 'noKey'
  | 'choseLater'
  | 'choseCancel'
  /** The customer hung up after answering. */
  | 'hungUp'
  /** The server stopped in the middle. */
  | 'interrupted';

export interface AttemptRecord {
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly cause: AttemptCause | 'connected';
  readonly agentId: AgentId;
}
