import type { Ticket } from '../../domain/callback/ticket.ts';
import { hasEnded, isUnderWay } from '../../domain/callback/ticket-step.ts';
import type { E164, EpochMs, QueueId, TicketId } from '../../domain/ids.ts';

const NO_SLOTS: ReadonlyMap<EpochMs, number> = new Map();

/** The tickets that have not ended, found by id, number, queue and slot. */
export class OpenTickets {
  readonly #byId = new Map<TicketId, Ticket>();
  readonly #byNumber = new Map<E164, Set<TicketId>>();
  readonly #countIn = new Map<QueueId, number>();
  readonly #booked = new Map<QueueId, Map<EpochMs, number>>();

  get(id: TicketId): Ticket | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Ticket> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }

  countIn(queue: QueueId): number {
    return this.#countIn.get(queue) ?? 0;
  }

  /** The earliest of a number's tickets; in one queue, if that is given. */
  ofNumber(number: E164, queue?: QueueId): Ticket | undefined {
    let earliest: Ticket | undefined;
    for (const id of this.#byNumber.get(number) ?? []) {
      const ticket = this.#byId.get(id);
      if (ticket === undefined || ticket.queue !== (queue ?? ticket.queue)) continue;
      if (earliest === undefined || ticket.arrivedAt < earliest.arrivedAt) earliest = ticket;
    }
    return earliest;
  }

  /** Whether a customer with this number is being called or spoken with. */
  isBeingCalled(number: E164): boolean {
    for (const id of this.#byNumber.get(number) ?? []) {
      const ticket = this.#byId.get(id);
      if (ticket !== undefined && isUnderWay(ticket)) return true;
    }
    return false;
  }

  /** How many have booked, by the beginning of their slot. */
  bookedIn(queue: QueueId): ReadonlyMap<EpochMs, number> {
    return this.#booked.get(queue) ?? NO_SLOTS;
  }

  /** Counts the slot of a ticket that is on its way to the disk, so that it is not sold twice. */
  book(ticket: Ticket): void {
    this.#count(ticket, 1);
  }

  /** It has come there, or not. */
  unbook(ticket: Ticket): void {
    this.#count(ticket, -1);
  }

  /** Takes up a ticket as it now is; one that has ended is dropped. */
  put(ticket: Ticket): void {
    const before = this.#byId.get(ticket.id);
    if (before !== undefined) this.#drop(before);
    if (hasEnded(ticket)) return;
    this.#byId.set(ticket.id, ticket);
    const ids = this.#byNumber.get(ticket.number) ?? new Set();
    this.#byNumber.set(ticket.number, ids.add(ticket.id));
    this.#countIn.set(ticket.queue, this.countIn(ticket.queue) + 1);
    this.#count(ticket, 1);
  }

  #drop(ticket: Ticket): void {
    this.#byId.delete(ticket.id);
    const ids = this.#byNumber.get(ticket.number);
    ids?.delete(ticket.id);
    if (ids?.size === 0) this.#byNumber.delete(ticket.number);
    this.#countIn.set(ticket.queue, this.countIn(ticket.queue) - 1);
    this.#count(ticket, -1);
  }

  #count({ queue, slot }: Ticket, change: number): void {
    if (slot === undefined) return;
    const booked = this.#booked.get(queue) ?? new Map<EpochMs, number>();
    const count = (booked.get(slot.from) ?? 0) + change;
    if (count === 0) booked.delete(slot.from);
    else booked.set(slot.from, count);
    this.#booked.set(queue, booked);
  }
}
