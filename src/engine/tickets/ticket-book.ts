import { type CallbackSettings, USUAL_CALLBACKS } from '../../domain/callback/settings.ts';
import type { Consent, Slot, Ticket } from '../../domain/callback/ticket.ts';
import {
  REGISTRATION_PAUSE_MS,
  stepTicket,
  type TicketEvent,
} from '../../domain/callback/ticket-step.ts';
import type { EpochMs, TicketId } from '../../domain/ids.ts';
import { IllegalMove } from '../../domain/illegal-move.ts';
import type { Entry, Place } from '../../domain/queue/line.ts';
import { skillsFor } from '../callers/customer-needs.ts';
import type { LedgerFact } from '../ports.ts';
import type { Services } from '../services.ts';
import { NotKeptYet } from '../ticket-office.ts';
import { OpenTickets } from './open-tickets.ts';
import { movedFact, registeredFact } from './ticket-facts.ts';
import { TicketWriter } from './ticket-writer.ts';

/** What is asked for; `place` is where the caller stands, and the ticket takes it over. */
export interface TicketRequest
  extends Pick<Ticket, 'queue' | 'number' | 'dnis' | 'origin' | 'slot'> {
  readonly place: Place;
  readonly consent: Omit<Consent, 'at'>;
}

/** All open tickets, each moved by its rules and committed move by move. */
export class TicketBook {
  readonly #services: Services;
  readonly #writer: TicketWriter;
  readonly open = new OpenTickets();

  constructor(services: Services) {
    this.#services = services;
    this.#writer = new TicketWriter(services);
  }

  /** Takes up tickets found in the store at a start. */
  load(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) this.open.put(ticket);
  }

  get(id: TicketId): Ticket | undefined {
    return this.open.get(id);
  }

  /** As it now is: open, ended but not on disk yet, or as the store has it. @throws StoreFailure */
  async find(id: TicketId): Promise<Ticket | undefined> {
    return this.open.get(id) ?? this.#writer.unkept(id) ?? this.#services.store.ticket(id);
  }

  /** Tickets that nobody is calling just now. */
  waiting(): readonly Ticket[] {
    return [...this.open.all()].filter(({ state }) => state.name === 'waiting');
  }

  /** How a ticket stands in line. */
  entryOf({ id, queue, arrivedAt, arrivalSequence, origin }: Ticket): Entry {
    const skills = skillsFor(this.#services.plan(), queue, origin);
    return { id, kind: 'ticket', queue, arrivedAt, arrivalSequence, skills };
  }

  /**
   * A new ticket. Resolves once it is on disk; only then may the caller be told.
   * @throws StoreFailure; then there is no ticket.
   */
  async register(request: TicketRequest): Promise<Ticket> {
    const at = this.#services.clock.now();
    const { place, consent, slot, ...asked } = request;
    const ticket: Ticket = {
      id: this.#services.ids.next('ticket'),
      ...asked,
      arrivedAt: place.arrivedAt,
      arrivalSequence: place.arrivalSequence,
      registeredAt: at,
      consent: { ...consent, at },
      slot,
      state: firstState(slot, at),
      attempts: [],
    };
    this.open.book(ticket);
    try {
      await this.#services.store.commit([
        { kind: 'ticket', ticket },
        registeredFact(ticket, this.entryOf(ticket).skills, at),
      ]);
    } finally {
      this.open.unbook(ticket);
    }
    this.open.put(ticket);
    this.#told(undefined, ticket, at);
    return ticket;
  }

  /**
   * Moves a ticket. The new state counts at once for later moves; the promise resolves once it is
   * on disk. `why` goes into the ledger.
   * @throws IllegalMove for a ticket that is not open, or a move its state cannot take.
   * @throws NotKeptYet; the move stands, and is kept as soon as the store takes it.
   */
  async move(id: TicketId, event: TicketEvent, why: LedgerFact['detail'] = {}): Promise<Ticket> {
    const before = this.open.get(id);
    if (before === undefined) throw new IllegalMove('ticket', 'not open', event.type);
    const at = this.#services.clock.now();
    const ticket = stepTicket(before, event, this.#settingsOf(before), at);
    this.open.put(ticket);
    this.#told(before, ticket, at);
    try {
      await this.#writer.write(ticket, [movedFact(ticket, event, at, why)]);
    } catch (error) {
      throw new NotKeptYet(error);
    }
    return ticket;
  }

  /** Tries a last time to keep what the store refused. */
  close(): void {
    this.#writer.close();
  }

  #told(before: Ticket | undefined, ticket: Ticket, at: EpochMs): void {
    this.#services.observe({ what: 'ticketMoved', before, ticket }, at);
  }

  #settingsOf(ticket: Ticket): CallbackSettings {
    return this.#services.plan().queues.get(ticket.queue)?.callback ?? USUAL_CALLBACKS;
  }
}

function firstState(slot: Slot | undefined, now: EpochMs): Ticket['state'] {
  return slot === undefined
    ? { name: 'waiting', notBefore: now + REGISTRATION_PAUSE_MS, because: 'registered' }
    : { name: 'waiting', notBefore: slot.from, because: 'slot' };
}
