import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { hasEnded, isUnderWay } from '../../../src/domain/callback/ticket-step.ts';
import { sizeOf, valueAt, valuesInOrder } from '../../../src/domain/collections/ordered-map.ts';
import type { CallId, E164, TicketId } from '../../../src/domain/ids.ts';
import type { Floor } from '../../../src/domain/queue/floor.ts';
import type { Happening } from '../../../src/engine/observer.ts';
import type { Change } from '../../../src/engine/ports.ts';
import type { Breaks } from './diary.ts';
import type { MemoryStore } from './memory-store.ts';

/** From a switch turned, or a call recognised, to what follows from it. */
const SLACK_MS = 10_000;

/** Keeps a book of all tickets from what is told of them, and checks every call, return and place by it. */
export class TicketWatch {
  readonly #store: MemoryStore;
  readonly #breaks: Breaks;
  readonly #graceMs: (queue: string) => number;
  /** As they are now, those that ended too. */
  readonly #tickets = new Map<TicketId, Ticket>();
  readonly #ofNumber = new Map<E164, Set<TicketId>>();
  readonly #ringing = new Set<E164>();
  /** Missed callbacks for which somebody was let to the front. */
  readonly #graceGiven = new Set<string>();
  /** Where callers on the line come from: the ticket whose place they hold. */
  readonly #returnedFrom = new Map<CallId, TicketId>();
  readonly #takenIn = new Map<CallId, TicketId>();
  readonly #cancelled: ReadonlySet<string>;
  /** Times that somebody was let to the front. */
  graces = 0;
  readonly #dialOffSince = new Map<string, number>();

  constructor(
    store: MemoryStore,
    cancelled: ReadonlySet<string>,
    graceMs: (queue: string) => number,
    breaks: Breaks,
  ) {
    this.#store = store;
    this.#cancelled = cancelled;
    this.#graceMs = graceMs;
    this.#breaks = breaks;
    this.restarted();
  }

  now(id: TicketId): Ticket | undefined {
    return this.#tickets.get(id);
  }

  /** Open tickets of a number. */
  ofNumber(number: string | undefined): readonly TicketId[] {
    return [...(this.#ofNumber.get((number ?? '') as E164) ?? [])];
  }

  /** A new process knows what the store holds. */
  restarted(): void {
    this.#tickets.clear();
    this.#ofNumber.clear();
    this.#returnedFrom.clear();
    this.#takenIn.clear();
    for (const ticket of this.#store.tickets.values()) this.#put(ticket);
  }

  /** Somebody switched calls to customers on or off. */
  dialling(queue: string, isOn: boolean, now: number): void {
    if (isOn) this.#dialOffSince.delete(queue);
    else if (!this.#dialOffSince.has(queue)) this.#dialOffSince.set(queue, now);
  }

  observed(happening: Happening, now: number): void {
    if (happening.what === 'ticketMoved') this.#put(happening.ticket);
    if (happening.what === 'dialling') this.#mayBeCalled(happening.ticketId, now);
    if (happening.what === 'callEnded') {
      this.#returnedFrom.delete(happening.callId);
      this.#takenIn.delete(happening.callId);
    }
  }

  #put(ticket: Ticket): void {
    const before = this.#tickets.get(ticket.id);
    if (before !== undefined) this.#ofNumber.get(before.number)?.delete(ticket.id);
    this.#tickets.set(ticket.id, ticket);
    const { callId } = ticket.origin;
    if (before === undefined && callId !== undefined) this.#takenIn.set(callId, ticket.id);
    if (hasEnded(ticket)) return;
    const ids = this.#ofNumber.get(ticket.number) ?? new Set();
    this.#ofNumber.set(ticket.number, ids.add(ticket.id));
  }

  #mayBeCalled(id: TicketId, now: number): void {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined || !isUnderWay(ticket)) {
      this.#breaks('a ticket is called that does not stand as being called', [id]);
      return;
    }
    if (this.#cancelled.has(id)) this.#breaks('a cancelled ticket is called', [id]);
    if (ticket.slot !== undefined && now < ticket.slot.from) {
      this.#breaks('a ticket is called before its slot begins', [id]);
    }
    const offSince = this.#dialOffSince.get(ticket.queue);
    if (offSince !== undefined && now - offSince > SLACK_MS) {
      this.#breaks('a customer is called though the switch is off', [id]);
    }
  }

  /** A telephone is about to ring. */
  rings(number: E164): void {
    const called = [...(this.#ofNumber.get(number) ?? [])].filter((id) => {
      const kept = this.#store.tickets.get(id);
      const ticket = this.#tickets.get(id);
      const isKept = kept !== undefined && isUnderWay(kept) && kept.number === number;
      return isKept && ticket !== undefined && isUnderWay(ticket);
    });
    if (called.length === 0) {
      this.#breaks('a number is called that no ticket asks for', this.#notRinging());
    }
    if (this.#ringing.has(number)) this.#breaks('a number is called twice at once', called);
    this.#ringing.add(number);
  }

  /** Tickets that stand as being called, and whose telephones do not ring: one of them is meant. */
  #notRinging(): readonly TicketId[] {
    return [...this.#tickets.values()]
      .filter((ticket) => isUnderWay(ticket) && !this.#ringing.has(ticket.number))
      .map(({ id }) => id);
  }

  ringsNoMore(number: E164): void {
    this.#ringing.delete(number);
  }

  committed(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind !== 'fact' || change.fact.what !== 'returnedToLine') continue;
      const { about, at, detail } = change.fact;
      const ticketId = detail['ticketId'] as TicketId;
      this.#returnedFrom.set(about as CallId, ticketId);
      if (detail['grace'] === true) this.#givesGrace(about, ticketId, at);
    }
  }

  #givesGrace(callId: string, ticketId: TicketId, at: number): void {
    const ticket = this.#tickets.get(ticketId);
    const last = ticket?.attempts.at(-1);
    const about = [callId, ticketId];
    if (ticket === undefined || last === undefined || last.cause === 'connected') {
      this.#breaks('grace is given where no callback was missed', about);
      return;
    }
    if (at - last.endedAt > this.#graceMs(ticket.queue) + SLACK_MS) {
      this.#breaks('grace is given too late', about);
    }
    const missed = `${ticketId} ${last.endedAt}`;
    if (this.#graceGiven.has(missed)) this.#breaks('grace is given twice', about);
    this.#graceGiven.add(missed);
    this.graces += 1;
  }

  /** Nobody stands in line twice: by a ticket, and on the telephone in the call that it belongs to. */
  checkPlaces(floor: Floor): void {
    if (sizeOf(floor.entries) === 0) return;
    for (const { entry } of valuesInOrder(floor.entries)) {
      if (entry.kind !== 'holder') continue;
      const callId = entry.id as CallId;
      for (const ticketId of [this.#returnedFrom.get(callId), this.#takenIn.get(callId)]) {
        if (ticketId === undefined || valueAt(floor.entries, ticketId) === undefined) continue;
        this.#breaks('a caller has a ticket and a place on hold at once', [callId, ticketId]);
      }
    }
  }
}
