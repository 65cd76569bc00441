import type { AttemptCause, Ticket } from '../domain/callback/ticket.ts';
import type { TicketEvent } from '../domain/callback/ticket-step.ts';
import type { AgentId, CallId, EpochMs, TicketId } from '../domain/ids.ts';
import type { EntryId, Floor, FloorEffect, FloorEvent } from '../domain/queue/floor.ts';
import type { CallerScript } from './day.ts';

/** One move of the floor. */
export interface FloorMove {
  readonly before: Floor;
  readonly event: FloorEvent;
  readonly floor: Floor;
  readonly effects: readonly FloorEffect[];
  readonly now: EpochMs;
}

/** What is left when a run has ended. */
export interface Remains {
  readonly floor: Floor;
  readonly tickets: readonly Ticket[];
  readonly callersOnLine: number;
  readonly now: EpochMs;
}

/** Whoever watches a run: told of everything in the order in which it happens. */
export interface Witness {
  floorMoved(move: FloorMove): void;
  joined(callId: CallId, caller: CallerScript, now: EpochMs): void;
  leftLine(callId: CallId, now: EpochMs): void;
  offered(callId: CallId, now: EpochMs): void;
  registered(ticket: Ticket, callId: CallId, now: EpochMs): void;
  due(ticketId: TicketId, now: EpochMs): void;
  ticketMoved(ticket: Ticket, by: TicketEvent['type'], now: EpochMs): void;
  /** The customer is called. */
  dialled(ticket: Ticket, now: EpochMs): void;
  /** `before` is the ticket as it was when the customer was called. */
  attemptEnded(
    before: Ticket,
    after: Ticket,
    cause: AttemptCause | 'connected',
    now: EpochMs,
  ): void;
  /** Agent and customer hear each other. `noPerson`: nobody on the other side pressed 1. */
  talkBegan(entryId: EntryId, agentId: AgentId, noPerson: boolean, now: EpochMs): void;
  talkEnded(entryId: EntryId, agentId: AgentId, now: EpochMs): void;
  /** The process died, and all calls with it. */
  processDied(now: EpochMs): void;
  ended(remains: Remains): void;
}

const nothing = () => undefined;

/** Nobody watches. */
export const UNWATCHED: Witness = {
  floorMoved: nothing,
  joined: nothing,
  leftLine: nothing,
  offered: nothing,
  registered: nothing,
  due: nothing,
  ticketMoved: nothing,
  dialled: nothing,
  attemptEnded: nothing,
  talkBegan: nothing,
  talkEnded: nothing,
  processDied: nothing,
  ended: nothing,
};
