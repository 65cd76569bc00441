import type { Consent, Ticket } from '../domain/callback/ticket.ts';
import {
  hasEnded,
  REGISTRATION_PAUSE_MS,
  stepTicket,
  type TicketEvent,
} from '../domain/callback/ticket-step.ts';
import type { CallId, E164, EpochMs, QueueId, TicketId } from '../domain/ids.ts';
import { IllegalMove } from '../domain/illegal-move.ts';
import type { Entry } from '../domain/queue/line.ts';
import type { CallbackSettings } from '../domain/queue/settings.ts';
import type { Change } from './ports.ts';
import type { Services } from './services.ts';
import { TicketWriter } from './ticket-writer.ts';

export interface TicketRequest {
  /** Where the caller stands; the ticket takes over that place. */
  readonly place: Entry;
  readonly callId: CallId;
  readonly number: E164;
  readonly dnis: E164;
  readonly consent: Omit<Consent, 'at'>;
}

/** All open tickets, each moved by its rules and committed move by move. */
export class TicketBook {
  readonly #services: Services;
  readonly #writer: TicketWriter;
  readonly #open = new Map<TicketId, Ticket>();
  readonly #openIn = new Map<QueueId, number>();

  constructor(services: Services) {
    this.#services = services;
    this.#writer = new TicketWriter(services);
  }

  /** Takes up tickets found in the store at a start. */
  load(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) this.#put(ticket);
  }

  get(id: TicketId): Ticket | undefined {
    return this.#open.get(id);
  }

  /** Tickets that nobody is calling just now. */
  waiting(): readonly Ticket[] {
    return [...this.#open.values()].filter(({ state }) => state.name === 'waiting');
  }

  /** Open tickets in all. */
  get size(): number {
    return this.#open.size;
  }

  /** Open tickets of a queue. */
  openIn(queue: QueueId): number {
    return this.#openIn.get(queue) ?? 0;
  }

  /**
   * A new ticket. Resolves once it is on disk; only then may the caller be told.
   * @throws StoreFailure; then there is no ticket.
   */
  async register(request: TicketRequest): Promise<Ticket> {
    const at = this.#services.clock.now();
    const { arrivedAt, arrivalSequence, queue } = request.place;
    const ticket: Ticket = {
      id: this.#services.ids.next('ticket'),
      queue,
      number: request.number,
      dnis: request.dnis,
      callId: request.callId,
      arrivedAt,
      arrivalSequence,
      registeredAt: at,
      consent: { ...request.consent, at },
      state: { name: 'waiting', notBefore: at + REGISTRATION_PAUSE_MS },
      attempts: [],
    };
    await this.#services.store.commit([
      { kind: 'ticket', ticket },
      fact(ticket, 'ticketRegistered', at),
    ]);
    this.#put(ticket);
    return ticket;
  }

  /**
   * Moves a ticket. The new state counts at once for later moves; the promise resolves once it is
   * on disk.
   * @throws IllegalMove for a ticket that is not open, or a move its state cannot take.
   * @throws StoreFailure; the move stands, and is kept as soon as the store takes it.
   */
  async move(id: TicketId, event: TicketEvent): Promise<Ticket> {
    const before = this.#open.get(id);
    if (before === undefined) throw new IllegalMove('ticket', 'not open', event.type);
    const at = this.#services.clock.now();
    const ticket = stepTicket(before, event, this.#settingsOf(before), at);
    this.#put(ticket);
    await this.#writer.write(ticket, [fact(ticket, FACT_NAMES[event.type], at)]);
    return ticket;
  }

  /** Tries a last time to keep what the store refused. */
  close(): void {
    this.#writer.close();
  }

  #settingsOf(ticket: Ticket): CallbackSettings {
    return this.#services.plan().queues.get(ticket.queue)?.callback ?? REMOVED_QUEUE;
  }

  #put(ticket: Ticket): void {
    const isNew = !this.#open.has(ticket.id);
    if (hasEnded(ticket)) {
      if (!this.#open.delete(ticket.id)) return;
      this.#count(ticket.queue, -1);
      return;
    }
    this.#open.set(ticket.id, ticket);
    if (isNew) this.#count(ticket.queue, 1);
  }

  #count(queue: QueueId, change: number): void {
    this.#openIn.set(queue, this.openIn(queue) + change);
  }
}

/** Rules for the tickets of a queue that is no longer configured: served as before. */
const REMOVED_QUEUE: CallbackSettings = {
  offered: false,
  offerAboveSeconds: 0,
  maxOpenTickets: 0,
  ringSeconds: 30,
  confirmSeconds: 10,
  confirmTries: 2,
  maxAttempts: 3,
  retryMinutes: 10,
  laterMinutes: 30,
};

const FACT_NAMES: Readonly<Record<TicketEvent['type'], string>> = {
  dial: 'attemptStarted',
  confirmed: 'customerConfirmed',
  agentChanged: 'agentChanged',
  connected: 'ticketConnected',
  attemptEnded: 'attemptEnded',
  cancelledByOperator: 'ticketCancelled',
};

function fact(ticket: Ticket, what: string, at: EpochMs): Change {
  const last = ticket.attempts.at(-1);
  const detail = {
    state: ticket.state.name,
    queue: ticket.queue,
    ...(what === 'attemptEnded' && last !== undefined ? { cause: last.cause } : {}),
  };
  return { kind: 'fact', fact: { at, about: ticket.id, what, detail } };
}
