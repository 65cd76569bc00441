import type { Ticket } from '../../domain/callback/ticket.ts';
import type { TicketEvent } from '../../domain/callback/ticket-step.ts';
import type { EpochMs, SkillId } from '../../domain/ids.ts';
import { skillsDetail } from '../line/fact-details.ts';
import type { Change, LedgerFact } from '../ports.ts';

const NAMES: Readonly<Record<TicketEvent['type'], string>> = {
  dial: 'attemptStarted',
  confirmed: 'customerConfirmed',
  agentChanged: 'agentChanged',
  connected: 'ticketConnected',
  attemptEnded: 'attemptEnded',
  choseLater: 'attemptEnded',
  cancelled: 'ticketCancelled',
  numberChanged: 'ticketNumberChanged',
  slotChanged: 'ticketSlotChanged',
  moved: 'ticketMoved',
  paused: 'ticketPaused',
  expired: 'ticketExpired',
};

/** What the ledger says of a new ticket. */
export function registeredFact(ticket: Ticket, skills: readonly SkillId[], at: EpochMs): Change {
  const { queue, arrivedAt, arrivalSequence, consent, origin, slot } = ticket;
  return fact(ticket, 'ticketRegistered', at, {
    state: ticket.state.name,
    queue,
    arrivedAt,
    arrivalSequence,
    waitingSince: origin.waitingSince,
    source: consent.source,
    key: consent.key,
    promptVersion: consent.promptVersion,
    language: consent.language,
    ...skillsDetail(skills),
    ...(origin.callId === undefined ? {} : { callId: origin.callId }),
    ...(slot === undefined ? {} : { slotFrom: slot.from, slotTo: slot.to }),
  });
}

/** What the ledger says of a move; `why` is who asked for it and the like. */
export function movedFact(
  ticket: Ticket,
  event: TicketEvent,
  at: EpochMs,
  why: LedgerFact['detail'],
): Change {
  return fact(ticket, NAMES[event.type], at, {
    state: ticket.state.name,
    queue: ticket.queue,
    ...pauseOf(ticket),
    ...detailOf(ticket, event),
    ...why,
  });
}

function pauseOf({ state }: Ticket): LedgerFact['detail'] {
  return state.name === 'waiting' ? { because: state.because, notBefore: state.notBefore } : {};
}

function detailOf(ticket: Ticket, event: TicketEvent): LedgerFact['detail'] {
  switch (event.type) {
    case 'dial':
    case 'agentChanged':
      return { agentId: event.agentId };
    case 'attemptEnded':
    case 'choseLater':
      return causeOf(ticket);
    case 'cancelled':
      return { by: event.by, because: event.because };
    case 'moved': {
      const { arrivedAt, arrivalSequence } = ticket;
      return { arrivedAt, arrivalSequence };
    }
    case 'slotChanged':
      return event.slot === undefined ? {} : { slotFrom: event.slot.from, slotTo: event.slot.to };
    case 'confirmed':
    case 'connected':
    case 'numberChanged':
    case 'paused':
    case 'expired':
      return {};
  }
}

/** A rule may have sent the ticket to the end of the line with it. */
function causeOf(ticket: Ticket): LedgerFact['detail'] {
  const { arrivedAt, arrivalSequence, attempts } = ticket;
  return { cause: attempts.at(-1)?.cause ?? 'interrupted', arrivedAt, arrivalSequence };
}

function fact(ticket: Ticket, what: string, at: EpochMs, detail: LedgerFact['detail']): Change {
  return { kind: 'fact', fact: { at, about: ticket.id, what, detail } };
}
