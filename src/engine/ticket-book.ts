import { type CallbackSettings, USUAL_CALLBACKS } from '../domain/callback/settings.ts';
import type { Consent, Slot, Ticket } from '../domain/callback/ticket.ts';
import {
  hasEnded,
  REGISTRATION_PAUSE_MS,
  stepTicket,
  type TicketEvent,
} from '../domain/callback/ticket-step.ts';
import type { EpochMs, QueueId, TicketId } from '../domain/ids.ts';
import { IllegalMove } from '../domain/illegal-move.ts';
import type { Place } from '../domain/queue/line.ts';
import type { Change } from './ports.ts';
import type { Services } from './services.ts';
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
    return this.#services.plan().queues.get(ticket.queue)?.callback ?? USUAL_CALLBACKS;
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

function firstState(slot: Slot | undefined, now: EpochMs): Ticket['state'] {
  return slot === undefined
    ? { name: 'waiting', notBefore: now + REGISTRATION_PAUSE_MS, because: 'registered' }
    : { name: 'waiting', notBefore: slot.from, because: 'slot' };
}

const FACT_NAMES: Readonly<Record<TicketEvent['type'], string>> = {
  dial: 'attemptStarted',
  confirmed: 'customerConfirmed',
  agentChanged: 'agentChanged',
  connected: 'ticketConnected',
  attemptEnded: 'attemptEnded',
  cancelled: 'ticketCancelled',
  choseLater: 'attemptEnded',
  numberChanged: 'ticketNumberChanged',
  slotChanged: 'ticketSlotChanged',
  moved: 'ticketMoved',
  paused: 'ticketPaused',
  expired: 'ticketExpired',
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
