import type { AgentId, EpochMs } from '../ids.ts';
import { IllegalMove } from '../illegal-move.ts';
import type { CallbackSettings } from '../queue/settings.ts';
import type { AttemptCause, AttemptRecord, Ticket } from './ticket.ts';

export type TicketEvent =
  /** An agent is kept for the ticket; the customer is called. */
  | { readonly type: 'dial'; readonly agentId: AgentId }
  /** The customer answered and pressed 1. */
  | { readonly type: 'confirmed' }
  /** Another agent is kept, the first having missed the call. */
  | { readonly type: 'agentChanged'; readonly agentId: AgentId }
  | { readonly type: 'connected' }
  | { readonly type: 'attemptEnded'; readonly cause: AttemptCause }
  | { readonly type: 'cancelledByOperator' };

/** Causes that are the carrier's or ours, or the caller's own wish: they cost no attempt. */
const FREE_CAUSES: ReadonlySet<AttemptCause> = new Set<AttemptCause>([
  'congestion',
  'carrierFailure',
  'withdrawn',
  'ourFailure',
  'choseLater',
  'interrupted',
]);

const FAULTS: ReadonlySet<AttemptRecord['cause']> = new Set<AttemptRecord['cause']>([
  'congestion',
  'carrierFailure',
  'ourFailure',
]);

/** Attempts of any kind after which a ticket ends, so that no fault is retried for ever. */
export const MAX_ATTEMPT_RECORDS = 30;

/** Pause after an attempt that the carrier or we failed; doubled by each further one in a row. */
const FAULT_PAUSE_MS = 60_000;
const MAX_DOUBLINGS = 4;

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
      requireState(ticket, event, ['waiting']);
      return { ...ticket, state: { name: 'dialling', agentId: event.agentId, startedAt: now } };
    case 'confirmed':
      return {
        ...ticket,
        state: { ...attemptOf(ticket, event), name: 'reached', reachedAt: now },
      };
    case 'agentChanged':
      return {
        ...ticket,
        state: {
          ...attemptOf(ticket, event),
          name: 'reached',
          reachedAt: now,
          agentId: event.agentId,
        },
      };
    case 'connected':
      return connect(ticket, event, now);
    case 'attemptEnded':
      return endAttempt(ticket, event, settings, now);
    case 'cancelledByOperator':
      requireState(ticket, event, ['waiting']);
      return { ...ticket, state: { name: 'cancelled', at: now, by: 'operator' } };
  }
}

/** Whether the ticket has ended; it then never changes again. */
export function hasEnded(ticket: Ticket): boolean {
  const { name } = ticket.state;
  return name === 'connected' || name === 'cancelled' || name === 'exhausted';
}

/** Whether the customer is being called, or spoken with before an agent is there. */
export function isUnderWay(ticket: Ticket): boolean {
  return ticket.state.name === 'dialling' || ticket.state.name === 'reached';
}

/** Attempts that count against `maxAttempts`. */
function countedAttempts(ticket: Ticket): number {
  return ticket.attempts.filter(({ cause }) => cause !== 'connected' && !FREE_CAUSES.has(cause))
    .length;
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
  settings: CallbackSettings,
  now: EpochMs,
): Ticket {
  const { agentId, startedAt } = attemptOf(ticket, event);
  const record: AttemptRecord = { startedAt, endedAt: now, cause: event.cause, agentId };
  const tried: Ticket = { ...ticket, attempts: [...ticket.attempts, record] };
  if (event.cause === 'choseCancel') {
    return { ...tried, state: { name: 'cancelled', at: now, by: 'callee' } };
  }
  const usedUp =
    countedAttempts(tried) >= settings.maxAttempts || tried.attempts.length >= MAX_ATTEMPT_RECORDS;
  if (usedUp) return { ...tried, state: { name: 'exhausted', at: now, cause: event.cause } };
  return {
    ...tried,
    state: { name: 'waiting', notBefore: now + pauseMs(tried, event.cause, settings) },
  };
}

/** Pause before the next attempt after one that ended with `cause`. */
function pauseMs(ticket: Ticket, cause: AttemptCause, settings: CallbackSettings): number {
  switch (cause) {
    case 'choseLater':
      return milliseconds(settings.laterMinutes);
    case 'interrupted':
    case 'withdrawn':
      return 0;
    case 'congestion':
    case 'carrierFailure':
    case 'ourFailure':
      return faultPauseMs(ticket, milliseconds(settings.retryMinutes));
    case 'busy':
    case 'noAnswer':
    case 'declined':
    case 'invalidNumber':
    case 'unreachable':
    case 'noKey':
    case 'choseCancel':
    case 'hungUp':
      return milliseconds(settings.retryMinutes);
  }
}

/** Minutes may be fractions; times are whole milliseconds. */
function milliseconds(minutes: number): number {
  return Math.round(minutes * 60_000);
}

/** Grows with each fault in a row: an outage of hours must not use up everybody's attempts. */
function faultPauseMs({ attempts }: Ticket, retryMs: number): number {
  const lastOther = attempts.findLastIndex(({ cause }) => !FAULTS.has(cause));
  const faults = attempts.length - 1 - lastOther;
  return Math.min(FAULT_PAUSE_MS, retryMs) * 2 ** Math.min(faults - 1, MAX_DOUBLINGS);
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

function requireState(
  ticket: Ticket,
  event: TicketEvent,
  allowed: readonly Ticket['state']['name'][],
): void {
  if (!allowed.includes(ticket.state.name)) {
    throw new IllegalMove('ticket', ticket.state.name, event.type);
  }
}
