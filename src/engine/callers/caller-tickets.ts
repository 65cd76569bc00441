import type {
  CallerEffect,
  NoTicket,
  TicketChoice,
  TicketUnchanged,
} from '../../domain/call/caller.ts';
import type { Consent, Slot, Ticket } from '../../domain/callback/ticket.ts';
import type { CallId, E164, LanguageId, TicketId } from '../../domain/ids.ts';
import type { Entry } from '../../domain/queue/line.ts';
import type { Dialler } from '../callbacks/dialler.ts';
import type { NumberGate } from '../callbacks/number-gate.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { LineReader } from '../line/line-reader.ts';
import { keep, type Services } from '../services.ts';
import type { TicketBook } from '../tickets/ticket-book.ts';

/** Where tickets are taken and changed. */
export interface TicketRooms {
  readonly floor: FloorKeeper;
  readonly tickets: TicketBook;
  readonly dialler: Dialler;
  readonly gate: NumberGate;
  readonly lines: LineReader;
}

/** A caller who asks for a callback. */
export interface Asking {
  readonly callId: CallId;
  readonly ani: E164 | undefined;
  readonly dnis: E164;
  readonly place: Entry;
  readonly language: LanguageId;
  readonly isTty: boolean;
  readonly path: readonly string[];
}

/** Tickets that callers take, and change by calling in. */
export class CallerTickets {
  readonly #services: Services;
  readonly #rooms: TicketRooms;

  constructor(services: Services, rooms: TicketRooms) {
    this.#services = services;
    this.#rooms = rooms;
  }

  /**
   * Resolves once the ticket is on disk, or with why there is none; more is in the log or the ledger.
   */
  async register(
    asking: Asking,
    asked: Extract<CallerEffect, { type: 'registerTicket' }>,
  ): Promise<Ticket | NoTicket> {
    const { callId, ani, dnis, place, language, isTty, path } = asking;
    const { slot, number } = asked;
    const { lines, tickets } = this.#rooms;
    if (tickets.open.ofNumber(number, place.queue) !== undefined) return 'alreadyBooked';
    if (slot !== undefined && !lines.canBook(place.queue, slot, number)) return 'slotTaken';
    if (!this.#passes(asked.number, ani, callId)) return 'refused';
    try {
      return await this.#rooms.tickets.register({
        queue: place.queue,
        place,
        number: asked.number,
        dnis,
        origin: { callId, waitingSince: place.arrivedAt, language, path, code: asked.code, isTty },
        consent: { ...asked.consent, promptVersion: this.#noticeVersion(language), language },
        slot: asked.slot,
      });
    } catch (error) {
      this.#services.log.error('ticket was not kept', { callId, error: String(error) });
      return 'store';
    }
  }

  #noticeVersion(language: LanguageId): string {
    return this.#services.plan().noticeVersions.get(language) ?? 'unknown';
  }

  #passes(number: E164, ani: E164 | undefined, callId: CallId): boolean {
    const now = this.#services.clock.now();
    const answer = this.#rooms.gate.atRegistration({ number, ani, about: callId }, now);
    if (answer.ok) return true;
    keep(this.#services, 'refusal', [{ kind: 'fact', fact: answer.fact }]);
    return false;
  }

  /** Resolves once it is on disk, or with why it is not. One that is being called can not be changed. */
  async change(
    callId: CallId,
    ani: E164 | undefined,
    ticketId: TicketId,
    change: TicketChoice,
  ): Promise<'changed' | TicketUnchanged> {
    const ticket = this.#rooms.tickets.get(ticketId);
    if (ticket === undefined) return 'gone';
    if (change.choice === 'keep') return 'changed';
    if (ticket.state.name !== 'waiting') return 'store';
    try {
      switch (change.choice) {
        case 'number':
          return await this.#changeNumber(callId, ani, ticketId, change);
        case 'slot':
          return await this.#book(callId, ticketId, change.slot);
        case 'cancel':
          return await this.#cancel(callId, ticketId);
      }
    } catch (error) {
      this.#services.log.warn('a ticket was not changed', { ticketId, error: String(error) });
      return 'store';
    }
  }

  /** Leaves the line at once: no agent is kept for it while the disk is waited for. */
  async #cancel(callId: CallId, ticketId: TicketId): Promise<'changed'> {
    const { tickets, dialler, floor } = this.#rooms;
    const event = { type: 'cancelled', by: 'caller', because: 'asked' } as const;
    const moved = tickets.move(ticketId, event, { callId });
    dialler.forget(ticketId);
    if (floor.has(ticketId)) floor.post({ type: 'left', entryId: ticketId });
    await moved;
    return 'changed';
  }

  async #book(callId: CallId, ticketId: TicketId, slot: Slot): Promise<'changed' | 'slotTaken'> {
    const { tickets, lines, floor, dialler } = this.#rooms;
    const ticket = tickets.get(ticketId);
    if (ticket === undefined || !lines.canBook(ticket.queue, slot, ticket.number)) {
      return 'slotTaken';
    }
    const moved = tickets.move(ticketId, { type: 'slotChanged', slot }, { callId });
    if (floor.has(ticketId)) floor.post({ type: 'deferred', entryId: ticketId, pause: 'slot' });
    dialler.dueAt(ticketId, slot.from);
    await moved;
    return 'changed';
  }

  async #changeNumber(
    callId: CallId,
    ani: E164 | undefined,
    ticketId: TicketId,
    { number, consent }: Extract<TicketChoice, { choice: 'number' }>,
  ): Promise<'changed' | 'refused' | 'alreadyBooked'> {
    const { tickets } = this.#rooms;
    const other = tickets.open.ofNumber(number, tickets.get(ticketId)?.queue);
    if (other !== undefined && other.id !== ticketId) return 'alreadyBooked';
    if (!this.#passes(number, ani, callId)) return 'refused';
    const language = this.#rooms.tickets.get(ticketId)?.origin.language ?? '';
    const promptVersion = this.#noticeVersion(language);
    const at = this.#services.clock.now();
    const given: Consent = { ...consent, at, promptVersion, language };
    const event = { type: 'numberChanged', number, consent: given } as const;
    const { key, source } = consent;
    const why = { callId, key, source, promptVersion, language };
    await this.#rooms.tickets.move(ticketId, event, why);
    return 'changed';
  }
}
