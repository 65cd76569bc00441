import type { AgentId, EpochMs } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import type { Place } from '../queue/line.ts';
import { judgeAttempt, MAX_ATTEMPT_RECORDS, withRecord } from './retry.ts';
import type { CallbackSettings } from './settings.ts';
import type {
  AttemptCause,
  AttemptRecord,
  CancelledBy,
  CancelReason,
  Consent,
  PauseReason,
  Slot,
  Ticket,
} from './ticket.ts';

export type TicketEvent =
  /** An agent is kept for the ticket; the customer is called. */
  | { readonly type: 'dial'; readonly agentId: AgentId }
  /** The customer answered and pressed 1. */
  | { readonly type: 'confirmed' }
  /** Another agent is kept, the first having missed the call; the customer may ring still. */
  | { readonly type: 'agentChanged'; readonly agentId: AgentId }
  | { readonly type: 'connected' }
  /** `back` is used where the rule sends the ticket to the end of the line. */
  | {
      readonly type: 'attemptEnded';
      readonly cause: Exclude<AttemptCause, 'choseLater'>;
      readonly back: Place;
    }
  /** The customer answered and asked to be called later. */
  | { readonly type: 'choseLater'; readonly minutes: number }
  | { readonly type: 'cancelled'; readonly by: CancelledBy; readonly because: CancelReason }
  /** Another number, or another time, asked for by the customer. */
  | {
      readonly type: 'numberChanged';
      readonly number: Ticket['number'];
      readonly consent: Consent;
    }
  | { readonly type: 'slotChanged'; readonly slot: Slot | undefined }
  /** A supervisor moved it to another place; the reason is in the ledger. */
  | { readonly type: 'moved'; readonly place: Place }
  /** Not for long: night at the customer's, or their number has been called as often as may be. */
  | { readonly type: 'paused'; readonly until: EpochMs; readonly because: PauseReason }
  /** Too old. */
  | { readonly type: 'expired' };

/**
 * A new ticket is not dialled before this, so that the caller has hung up; the end of their call
 * makes it due earlier.
 */
export const REGISTRATION_PAUSE_MS = 30_000;

/**
 * Moves a ticket by one event.
 * @throws IllegalMove for an event that its state cannot take.
 */
export function stepTicket(
  ticket: Ticket,
  event: TicketEvent,
  settings: CallbackSettings,
  now: EpochMs,
): Ticket {
  switch (event.type) {
    case 'dial':
      requireWaiting(ticket, event);
      return { ...ticket, state: { name: 'dialling', agentId: event.agentId, startedAt: now } };
    case 'confirmed':
      return {
        ...ticket,
        state: { ...attemptOf(ticket, event), name: 'reached', reachedAt: now },
      };
    case 'agentChanged':
      return changeAgent(ticket, event);
    case 'connected':
      return connect(ticket, event, now);
    case 'attemptEnded':
      return endAttempt(ticket, event, settings, now);
    case 'choseLater':
      return callLater(ticket, event, now);
    default:
      requireWaiting(ticket, event);
      return changeWaiting(ticket, event, now);
  }
}

type WaitingEvent = Extract<
  TicketEvent,
  { type: 'cancelled' | 'numberChanged' | 'slotChanged' | 'moved' | 'paused' | 'expired' }
>;

function changeWaiting(ticket: Ticket, event: WaitingEvent, now: EpochMs): Ticket {
  switch (event.type) {
    case 'cancelled': {
      const { by, because } = event;
      return { ...ticket, state: { name: 'cancelled', at: now, by, because } };
    }
    case 'numberChanged':
      return { ...ticket, number: event.number, consent: event.consent };
    case 'slotChanged':
      return { ...ticket, slot: event.slot, state: waitingFor(event.slot, now) };
    case 'moved':
      return at(ticket, event.place);
    case 'paused':
      return {
        ...ticket,
        state: { name: 'waiting', notBefore: event.until, because: event.because },
      };
    case 'expired':
      return { ...ticket, state: { name: 'expired', at: now } };
  }
}

/** Takes the place alone: what is given may be somebody who stands there. */
function at(ticket: Ticket, { arrivedAt, arrivalSequence }: Place): Ticket {
  return { ...ticket, arrivedAt, arrivalSequence };
}

function waitingFor(slot: Slot | undefined, now: EpochMs): Ticket['state'] {
  return slot === undefined
    ? { name: 'waiting', notBefore: now, because: 'registered' }
    : { name: 'waiting', notBefore: slot.from, because: 'slot' };
}

/** Whether the ticket has ended; it then never changes again. */
export function hasEnded(ticket: Ticket): boolean {
  const { name } = ticket.state;
  return name !== 'waiting' && name !== 'dialling' && name !== 'reached';
}

/** Whether the customer is being called, or spoken with before an agent is there. */
export function isUnderWay(ticket: Ticket): boolean {
  return ticket.state.name === 'dialling' || ticket.state.name === 'reached';
}

/** Says nothing of the customer, who may not have answered yet. */
function changeAgent(
  ticket: Ticket,
  event: Extract<TicketEvent, { type: 'agentChanged' }>,
): Ticket {
  const { state } = ticket;
  if (state.name !== 'dialling' && state.name !== 'reached') {
    throw new IllegalMove('ticket', state.name, event.type);
  }
  return { ...ticket, state: { ...state, agentId: event.agentId } };
}

function connect(ticket: Ticket, event: TicketEvent, now: EpochMs): Ticket {
  const { agentId, startedAt } = attemptOf(ticket, event);
  return {
    ...ticket,
    state: { name: 'connected', agentId, at: now },
    attempts: [...ticket.attempts, { startedAt, endedAt: now, cause: 'connected', agentId }],
  };
}

function endAttempt(
  ticket: Ticket,
  event: Extract<TicketEvent, { type: 'attemptEnded' }>,
  { retry }: CallbackSettings,
  now: EpochMs,
): Ticket {
  const tried = withAttempt(ticket, event, event.cause, now);
  if (event.cause === 'choseCancel') {
    return { ...tried, state: { name: 'cancelled', at: now, by: 'callee', because: 'asked' } };
  }
  const judged = judgeAttempt(tried.attempts, retry);
  if (judged.verdict === 'exhausted') {
    return { ...tried, state: { name: 'exhausted', at: now, cause: event.cause } };
  }
  const { pauseMs, because, place } = judged;
  return {
    ...(place === 'back' ? at(tried, event.back) : tried),
    state: { name: 'waiting', notBefore: now + pauseMs, because },
  };
}

function callLater(
  ticket: Ticket,
  event: Extract<TicketEvent, { type: 'choseLater' }>,
  now: EpochMs,
): Ticket {
  const tried = withAttempt(ticket, event, 'choseLater', now);
  if (tried.attempts.length >= MAX_ATTEMPT_RECORDS) {
    return { ...tried, state: { name: 'exhausted', at: now, cause: 'choseLater' } };
  }
  const notBefore = now + event.minutes * 60_000;
  return { ...tried, state: { name: 'waiting', notBefore, because: 'choseLater' } };
}

function withAttempt(
  ticket: Ticket,
  event: TicketEvent,
  cause: AttemptCause,
  now: EpochMs,
): Ticket {
  const { agentId, startedAt } = attemptOf(ticket, event);
  const record: AttemptRecord = { startedAt, endedAt: now, cause, agentId };
  return { ...ticket, attempts: withRecord(ticket.attempts, record) };
}

/** The attempt under way. */
function attemptOf(
  ticket: Ticket,
  event: TicketEvent,
): { readonly agentId: AgentId; readonly startedAt: EpochMs } {
  const { state } = ticket;
  if (state.name === 'dialling' || state.name === 'reached') {
    return { agentId: state.agentId, startedAt: state.startedAt };
  }
  throw new IllegalMove('ticket', state.name, event.type);
}

function requireWaiting(ticket: Ticket, event: TicketEvent): void {
  if (ticket.state.name !== 'waiting') {
    throw new IllegalMove('ticket', ticket.state.name, event.type);
  }
}
