import type * as z from 'zod';
import type { Ticket, TicketState } from '../../domain/callback/ticket.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { QueueView, TicketView, WaitView } from '../../engine/ticket-office.ts';
import { maskNumber } from '../../observe/mask.ts';
import type { queueAnswer, ticketAnswer } from './answers.ts';

type TicketAnswer = z.output<typeof ticketAnswer>;
type WaitAnswer = TicketAnswer['line'] extends infer Line ? Exclude<Line, null> : never;

/** A ticket as programs see it. */
export function ticketOf({ ticket, line }: TicketView, numbers: 'masked' | 'whole'): TicketAnswer {
  return {
    ...ticketFacts(ticket, numbers),
    line: line === undefined ? null : { ahead: line.ahead, wait: waitOf(line.wait) },
  };
}

/** What the ticket says itself, without its place in line. */
export function ticketFacts(
  ticket: Ticket,
  numbers: 'masked' | 'whole',
): Omit<TicketAnswer, 'line'> {
  const { state, consent, origin, slot } = ticket;
  return {
    id: ticket.id,
    queue: ticket.queue,
    number: numbers === 'whole' ? ticket.number : maskNumber(ticket.number),
    dnis: ticket.dnis,
    state: state.name,
    because: becauseOf(state),
    notBefore: state.name === 'waiting' ? timeOf(state.notBefore) : null,
    endedAt: endOf(state),
    agent: agentOf(state),
    source: consent.source,
    language: origin.language,
    textTelephone: origin.isTty,
    path: [...origin.path],
    promptVersion: consent.promptVersion,
    agreedAt: timeOf(consent.at),
    waitingSince: timeOf(origin.waitingSince),
    arrivedAt: timeOf(ticket.arrivedAt),
    registeredAt: timeOf(ticket.registeredAt),
    slot: slot === undefined ? null : { from: timeOf(slot.from), to: timeOf(slot.to) },
    attempts: ticket.attempts.map(({ startedAt, endedAt, cause, agentId, times = 1 }) => ({
      startedAt: timeOf(startedAt),
      endedAt: timeOf(endedAt),
      cause,
      agent: agentId,
      times,
    })),
  };
}

export function queueOf(view: QueueView): z.output<typeof queueAnswer> {
  const { queue, holders, tickets, staffed, free, wait, switches } = view;
  return {
    id: queue,
    holders,
    tickets,
    staffed,
    free,
    wait: waitOf(wait),
    switches: { ...switches },
  };
}

/** JSON has no infinity: where nobody works there is no estimate. */
function waitOf({ seconds, lowSeconds, highSeconds }: WaitView): WaitAnswer['wait'] {
  if (![seconds, lowSeconds, highSeconds].every(Number.isFinite)) return null;
  return { seconds, lowSeconds, highSeconds };
}

function becauseOf(state: TicketState): string | null {
  switch (state.name) {
    case 'waiting':
    case 'cancelled':
      return state.because;
    case 'exhausted':
      return state.cause;
    default:
      return null;
  }
}

function agentOf(state: TicketState): string | null {
  return 'agentId' in state ? state.agentId : null;
}

function endOf(state: TicketState): string | null {
  return 'at' in state ? timeOf(state.at) : null;
}

const LAST_MS = 8.64e15;

/** RFC 3339 in UTC; times out of every calendar are its ends. */
export function timeOf(at: EpochMs): string {
  const known = Number.isNaN(at) ? 0 : Math.min(LAST_MS, Math.max(-LAST_MS, at));
  return new Date(known).toISOString();
}
