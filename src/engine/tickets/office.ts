import type { CancelledBy, Slot, Ticket } from '../../domain/callback/ticket.ts';
import { hasEnded } from '../../domain/callback/ticket-step.ts';
import { firstValue, sizeOf } from '../../domain/collections/ordered-map.ts';
import type { E164, EpochMs, QueueId, TicketId } from '../../domain/ids.ts';
import { checkCallbackNumber } from '../../domain/numbering/check.ts';
import {
  comparePlaces,
  everyoneInLine,
  lineLength,
  type Place,
  placeBefore,
  ticketsInLine,
} from '../../domain/queue/line.ts';
import type { Dialler } from '../callbacks/dialler.ts';
import type { NumberGate } from '../callbacks/number-gate.ts';
import { InTurn } from '../in-turn.ts';
import type { ArrivalCounter } from '../line/arrival-counter.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { LineReader } from '../line/line-reader.ts';
import type { Switches } from '../line/switches.ts';
import { keep, type Services } from '../services.ts';
import {
  type NewPosition,
  type OfficeRefusal,
  type OfficeRequest,
  QUEUE_SWITCHES,
  type QueueSwitch,
  type QueueView,
  type TicketOffice,
  type TicketView,
} from '../ticket-office.ts';
import type { TicketBook } from './ticket-book.ts';

/** What the office works with besides the services. */
export interface OfficeRooms {
  readonly floor: FloorKeeper;
  readonly tickets: TicketBook;
  readonly arrivals: ArrivalCounter;
  readonly dialler: Dialler;
  readonly lines: LineReader;
  readonly gate: NumberGate;
  readonly switches: Switches;
}

/** Longest list of slots. */
const MAX_SLOTS = 200;
const MAX_REASON_CHARACTERS = 200;

/** Tickets as programs and operators see and change them. */
export class Office implements TicketOffice {
  readonly #services: Services;
  readonly #rooms: OfficeRooms;
  readonly #inTurn = new InTurn();

  constructor(services: Services, rooms: OfficeRooms) {
    this.#services = services;
    this.#rooms = rooms;
  }

  async create(request: OfficeRequest): Promise<TicketView | OfficeRefusal> {
    const checked = checkCallbackNumber(request.number, this.#services.plan().numbers);
    if (!checked.ok) return this.#create(request, undefined);
    const { number } = checked;
    // In turn, so that of two forms sent at once the second sees the ticket of the first.
    const key = `${request.queue} ${number}`;
    return this.#inTurn.run(key, () => this.#create(request, number));
  }

  async #create(
    request: OfficeRequest,
    wanted: E164 | undefined,
  ): Promise<TicketView | OfficeRefusal> {
    const refusal = this.#refusal(request, wanted);
    if (refusal !== undefined) return refusal;
    const now = this.#services.clock.now();
    const { queue, dnis, language, isTty, slot, promptVersion } = request;
    const id = this.#services.ids.next('ticket');
    const asked = { number: request.number, ani: undefined, about: id };
    const answer = this.#rooms.gate.atRegistration(asked, now);
    if (!answer.ok) {
      keep(this.#services, 'refusal', [{ kind: 'fact', fact: answer.fact }]);
      return { refused: 'number', rule: answer.rule };
    }
    const ticket = await this.#rooms.tickets.register({
      queue,
      dnis,
      slot,
      number: answer.number,
      place: this.#rooms.arrivals.endOfLine(now),
      origin: { callId: undefined, waitingSince: now, language, path: [], code: undefined, isTty },
      consent: { key: 'api', source: 'api', promptVersion, language },
    });
    this.#rooms.dialler.enter(ticket);
    if (slot === undefined) this.#rooms.dialler.dueAfter(ticket.id, 0);
    return this.#view(ticket);
  }

  /** `number`: undefined for one that the gate will refuse. */
  #refusal(
    { queue, dnis, slot, again = false }: OfficeRequest,
    number: E164 | undefined,
  ): OfficeRefusal | undefined {
    const { floor, switches, tickets } = this.#rooms;
    const settings = floor.settingsOf(queue);
    if (settings === undefined) return { refused: 'unknownQueue' };
    if (!this.#services.plan().entryPoints.has(dnis)) return { refused: 'unknownDnis' };
    if (!switches.isOn(queue, 'registering')) return { refused: 'registeringOff' };
    const booked = again || number === undefined ? undefined : tickets.open.ofNumber(number, queue);
    if (booked !== undefined) return { refused: 'alreadyBooked', ticket: booked.id };
    if (slot !== undefined) return this.#canNotBook(queue, slot, number);
    const isFull = tickets.open.countIn(queue) >= settings.callback.offer.maxOpenTickets;
    return isFull ? { refused: 'tooManyTickets' } : undefined;
  }

  /** Judged before the gate counts the number: who asks for a time that is taken may ask for another. */
  #canNotBook(queue: QueueId, slot: Slot, number: E164 | undefined): OfficeRefusal | undefined {
    const isTaken = number !== undefined && !this.#rooms.lines.canBook(queue, slot, number);
    return isTaken ? { refused: 'slotTaken' } : undefined;
  }

  async find(id: TicketId): Promise<TicketView | undefined> {
    const ticket = await this.#rooms.tickets.find(id);
    return ticket === undefined ? undefined : this.#view(ticket);
  }

  list(
    queueId: QueueId,
    { after, limit }: { readonly after: Place | undefined; readonly limit: number },
  ): readonly TicketView[] {
    const line = this.#rooms.floor.floor.queues.get(queueId)?.line;
    if (line === undefined) return [];
    const views: TicketView[] = [];
    for (const entry of everyoneInLine(line)) {
      if (entry.kind !== 'ticket') continue;
      if (after !== undefined && comparePlaces(entry, after) <= 0) continue;
      const ticket = this.#rooms.tickets.get(entry.id as TicketId);
      if (ticket !== undefined) views.push(this.#view(ticket));
      if (views.length >= limit) break;
    }
    return views;
  }

  async cancel(id: TicketId, by: CancelledBy): Promise<TicketView | OfficeRefusal> {
    if (!this.#waits(id)) return this.#notWaiting(id);
    const moved = this.#rooms.tickets.move(id, { type: 'cancelled', by, because: 'asked' });
    this.#rooms.dialler.forget(id);
    if (this.#rooms.floor.has(id)) this.#rooms.floor.post({ type: 'left', entryId: id });
    return this.#view(await moved);
  }

  async reschedule(id: TicketId, slot: Slot | undefined): Promise<TicketView | OfficeRefusal> {
    const { tickets, lines } = this.#rooms;
    const ticket = tickets.get(id);
    if (ticket === undefined || !this.#waits(id)) return this.#notWaiting(id);
    if (slot !== undefined && !lines.canBook(ticket.queue, slot, ticket.number)) {
      return { refused: 'slotTaken' };
    }
    const moved = tickets.move(id, { type: 'slotChanged', slot });
    if (this.#rooms.floor.has(id)) {
      const pause = slot === undefined ? 'registered' : 'slot';
      this.#rooms.floor.post({ type: 'deferred', entryId: id, pause });
    }
    if (slot === undefined) this.#rooms.dialler.dueAfter(id, 0);
    else this.#rooms.dialler.dueAt(id, slot.from);
    return this.#view(await moved);
  }

  async move(id: TicketId, to: NewPosition, reason: string): Promise<TicketView | OfficeRefusal> {
    if (!this.#waits(id)) return this.#notWaiting(id);
    const place = this.#placeAt(id, to);
    if (place === undefined) return { refused: 'unknownTicket' };
    const why = { by: 'operator', reason: reason.slice(0, MAX_REASON_CHARACTERS) };
    const moved = this.#rooms.tickets.move(id, { type: 'moved', place }, why);
    if (this.#rooms.floor.has(id)) this.#rooms.floor.post({ type: 'moved', entryId: id, place });
    return this.#view(await moved);
  }

  #placeAt(id: TicketId, to: NewPosition): Place | undefined {
    const queue = this.#rooms.tickets.get(id)?.queue ?? '';
    const line = this.#rooms.floor.floor.queues.get(queue)?.line;
    if (line === undefined) return undefined;
    switch (to.to) {
      case 'back':
        return this.#rooms.arrivals.endOfLine(this.#services.clock.now());
      case 'front': {
        const first = firstValue(line.everyone);
        return first === undefined ? undefined : placeBefore(line, first);
      }
      case 'before': {
        const before = this.#rooms.tickets.get(to.ticket);
        return before?.queue === queue ? placeBefore(line, before) : undefined;
      }
    }
  }

  queues(): readonly QueueView[] {
    return [...this.#rooms.floor.floor.queues.keys()].map((id) => this.#queue(id));
  }

  slots(queue: QueueId, from: EpochMs): readonly Slot[] {
    return this.#rooms.lines.slots(queue, MAX_SLOTS, undefined, from);
  }

  async turn(
    queue: QueueId,
    which: QueueSwitch,
    on: boolean | undefined,
    reason: string,
  ): Promise<QueueView | OfficeRefusal> {
    if (!this.#rooms.floor.hasQueue(queue)) return { refused: 'unknownQueue' };
    await this.#rooms.switches.turn({
      queue,
      which,
      on,
      reason: reason.slice(0, MAX_REASON_CHARACTERS),
      at: this.#services.clock.now(),
    });
    this.#rooms.dialler.rulesChanged();
    return this.#queue(queue);
  }

  #queue(id: QueueId): QueueView {
    const { floor, lines, switches } = this.#rooms;
    const queue = floor.floor.queues.get(id);
    const tickets = queue === undefined ? 0 : ticketsInLine(queue.line);
    const { seconds, lowSeconds, highSeconds } = lines.placeOf(undefined, id).wait;
    const turned = QUEUE_SWITCHES.map((which) => [which, switches.isOn(id, which)] as const);
    return {
      queue: id,
      holders: queue === undefined ? 0 : lineLength(queue.line) - tickets,
      tickets,
      staffed: queue?.staffed ?? 0,
      free: queue === undefined ? 0 : sizeOf(queue.free),
      wait: { seconds, lowSeconds, highSeconds },
      switches: Object.fromEntries(turned) as QueueView['switches'],
    };
  }

  /** What can be changed is open, and nobody is calling it. */
  #waits(id: TicketId): boolean {
    return this.#rooms.tickets.get(id)?.state.name === 'waiting';
  }

  /** Why a ticket that does not wait is not changed: it is being called, it has ended, or there is none. */
  async #notWaiting(id: TicketId): Promise<OfficeRefusal> {
    const ticket = await this.#rooms.tickets.find(id);
    if (ticket === undefined) return { refused: 'unknownTicket' };
    return { refused: 'notWaiting', state: ticket.state.name };
  }

  #view(ticket: Ticket): TicketView {
    if (hasEnded(ticket)) return { ticket, line: undefined };
    const { ahead, wait } = this.#rooms.lines.placeOf(ticket.id, ticket.queue);
    const { seconds, lowSeconds, highSeconds } = wait;
    return { ticket, line: { ahead, wait: { seconds, lowSeconds, highSeconds } } };
  }
}
