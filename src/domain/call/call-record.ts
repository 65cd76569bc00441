import type { CallId, E164, EpochMs, QueueId, TicketId, TrunkId } from '../ids.ts';

/** What is kept of a call (its detail record), written when it begins and again when it ends. */
export interface CallRecord {
  readonly id: CallId;
  readonly direction: 'inbound' | 'callback';
  /** Undefined for a callback: it left by the first trunk for outgoing calls. */
  readonly trunk: TrunkId | undefined;
  readonly dnis: E164;
  /** ANI of an inbound call, number called of a callback; encrypted in the store. */
  readonly party: E164 | undefined;
  readonly startedAt: EpochMs;
  readonly queue: QueueId | undefined;
  readonly ticketId: TicketId | undefined;
  readonly connectedAt: EpochMs | undefined;
  readonly end: CallEnd | undefined;
}

export interface CallEnd {
  readonly at: EpochMs;
  readonly outcome: CallOutcome;
}

export type CallOutcome =
  | 'served'
  | 'ticketTaken'
  /** Called about a ticket that stays, or was cancelled. */
  | 'ticketKept'
  | 'ticketCancelled'
  | 'abandonedInMenu'
  | 'abandonedOnHold'
  | 'closed'
  | 'turnedAway'
  | 'notReached'
  | 'failed';
