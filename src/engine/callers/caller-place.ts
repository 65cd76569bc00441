import type { LineView } from '../../domain/call/caller.ts';
import type { Ticket } from '../../domain/callback/ticket.ts';
import type { CallId, E164, QueueId, TicketId } from '../../domain/ids.ts';
import { type Entry, type Place, placeBefore } from '../../domain/queue/line.ts';
import type { ArrivalCounter } from '../line/arrival-counter.ts';
import { skillsDetail, waitDetail } from '../line/fact-details.ts';
import type { FloorKeeper } from '../line/floor-keeper.ts';
import type { LineReader } from '../line/line-reader.ts';
import type { LedgerFact } from '../ports.ts';
import { keep, type Services } from '../services.ts';
import type { TicketBook } from '../tickets/ticket-book.ts';
import { type CustomerNeeds, skillsFor } from './customer-needs.ts';
import type { KnownCallers } from './known-callers.ts';

/** What a caller's place in line is kept in. */
export interface LineRooms {
  readonly floor: FloorKeeper;
  readonly lines: LineReader;
  readonly tickets: TicketBook;
  readonly arrivals: ArrivalCounter;
  readonly known: KnownCallers;
}

/** Whether somebody stands in line now, or why not. */
export type Joined = 'joined' | 'back' | 'queueGone' | 'lineFull';

/** The place in line of one caller on the telephone. */
export class CallerPlace {
  readonly #callId: CallId;
  readonly #ani: E164 | undefined;
  readonly #services: Services;
  readonly #rooms: LineRooms;
  #entry: Entry | undefined;
  #cancelAnnouncement: () => void = () => undefined;

  /** `ani`: the number shown, if it can be called back. */
  constructor(callId: CallId, ani: E164 | undefined, services: Services, rooms: LineRooms) {
    this.#callId = callId;
    this.#ani = ani;
    this.#services = services;
    this.#rooms = rooms;
  }

  /** Undefined before they joined. */
  get entry(): Entry | undefined {
    return this.#entry;
  }

  /** Joins the end of a line. An agent who is free is assigned by the joining itself. */
  join(queue: QueueId, needs: CustomerNeeds, maxWaiting: number): Joined {
    const { floor, arrivals } = this.#rooms;
    if (!floor.hasQueue(queue)) return 'queueGone';
    if (floor.lengthOf(queue) >= maxWaiting) return 'lineFull';
    const entry = this.#at(queue, needs, arrivals.endOfLine(this.#services.clock.now()));
    this.#told('joinedLine', entry);
    floor.post({ type: 'entered', entry, pause: undefined });
    return 'joined';
  }

  /**
   * Takes the place of a ticket of theirs, which is given up; or the one it had before it ended. After
   * a missed callback it is the place of their first call, whatever rule moved the ticket since.
   * @returns undefined where there is no such place: ended otherwise, taken by another call of theirs,
   * or being called just now
   */
  async returnFrom(
    ticketId: TicketId,
    toFront: boolean,
    needs: CustomerNeeds,
  ): Promise<'back' | undefined> {
    const { tickets, floor, known } = this.#rooms;
    const open = tickets.get(ticketId);
    const ticket = open ?? (await this.#services.store.ticket(ticketId));
    if (ticket === undefined || !floor.hasQueue(ticket.queue)) return undefined;
    // Who is being called, or spoken with, on another telephone can not be in two places.
    if (open !== undefined && open.state.name !== 'waiting') return undefined;
    if (open === undefined && ticket.state.name !== 'exhausted') return undefined;
    if (toFront && !known.useGrace(ticketId)) return undefined;
    const place = this.#placeOf(ticket, toFront, open !== undefined);
    const entry = this.#at(ticket.queue, needs, place);
    this.#told('returnedToLine', entry, { ticketId, ...(toFront ? { grace: true } : {}) });
    // Both in one moment: nobody may be given an agent, or be lost, between the two.
    if (open !== undefined) this.#giveUp(ticketId);
    if (floor.has(ticketId)) floor.post({ type: 'returned', ticketId, entry });
    else floor.post({ type: 'entered', entry, pause: undefined });
    return 'back';
  }

  /** What the store refuses is kept later; the caller is in line all the same. */
  #giveUp(ticketId: TicketId): void {
    const event = { type: 'cancelled', by: 'caller', because: 'returned' } as const;
    this.#rooms.tickets.move(ticketId, event).catch((error: unknown) => {
      this.#services.log.error('a ticket was not given up yet', {
        ticketId,
        error: String(error),
      });
    });
  }

  /** That of the ticket; one that is taken by somebody else meanwhile is stood right behind. */
  #placeOf(ticket: Ticket, toFront: boolean, isOpen: boolean): Place {
    const { arrivalSequence, origin } = ticket;
    const arrivedAt = toFront ? origin.waitingSince : ticket.arrivedAt;
    const place = { arrivedAt, arrivalSequence };
    if (isOpen && arrivedAt === ticket.arrivedAt) return place;
    const line = this.#rooms.floor.floor.queues.get(ticket.queue)?.line;
    const next = { arrivedAt, arrivalSequence: arrivalSequence + 1 };
    return line === undefined ? place : placeBefore(line, next);
  }

  #at(queue: QueueId, needs: CustomerNeeds, { arrivedAt, arrivalSequence }: Place): Entry {
    const skills = skillsFor(this.#services.plan(), queue, needs);
    this.#entry = {
      id: this.#callId,
      kind: 'holder',
      queue,
      arrivedAt,
      arrivalSequence,
      skills,
    };
    return this.#entry;
  }

  #told(what: string, entry: Entry, more: LedgerFact['detail'] = {}): void {
    const { queue, arrivedAt, arrivalSequence, skills } = entry;
    const at = this.#services.clock.now();
    const detail = {
      queue,
      arrivedAt,
      arrivalSequence,
      ...skillsDetail(skills),
      ...this.#waitDetail(queue),
      ...more,
    };
    keep(this.#services, what, [{ kind: 'fact', fact: { at, about: this.#callId, what, detail } }]);
  }

  /** As it is before they join; no figures where nobody works. */
  #waitDetail(queue: QueueId): Readonly<Record<string, number>> {
    const { ahead, wait } = this.#rooms.lines.placeOf(undefined, queue);
    return { ahead, ...waitDetail(wait) };
  }

  /** The line as it is for this caller; undefined before they joined. */
  view(): LineView | undefined {
    const queue = this.#entry?.queue;
    return queue === undefined ? undefined : this.#rooms.lines.view(this.#callId, queue, this.#ani);
  }

  /** The wait was said to the caller, or was the reason for an offer. */
  quoted(): void {
    if (this.#entry !== undefined) this.#rooms.lines.quoted(this.#callId, this.#entry.queue);
  }

  /** The caller heard of callbacks, or let the offer pass. */
  tellOffer(what: 'callbackOffered' | 'callbackDeclined'): void {
    const line = this.view();
    const queue = this.#entry?.queue;
    if (queue === undefined || line === undefined) return;
    if (what === 'callbackOffered') this.quoted();
    const at = this.#services.clock.now();
    const { waitSeconds: seconds, lowSeconds, highSeconds } = line;
    const detail = { queue, ...waitDetail({ seconds, lowSeconds, highSeconds }) };
    keep(this.#services, what, [{ kind: 'fact', fact: { at, about: this.#callId, what, detail } }]);
    this.#services.observe({ what, callId: this.#callId, queue }, at);
  }

  /** Has place and wait said after a while, in place of what was to be said before. */
  announceAfter(afterMs: number, announce: (line: LineView) => void): void {
    this.cancelAnnouncement();
    this.#cancelAnnouncement = this.#services.clock.startTimer(afterMs, () => {
      const line = this.view();
      if (line === undefined) return;
      this.quoted();
      announce(line);
    });
  }

  cancelAnnouncement(): void {
    this.#cancelAnnouncement();
  }

  leave(): void {
    if (this.#rooms.floor.has(this.#callId)) {
      this.#rooms.floor.post({ type: 'left', entryId: this.#callId });
    }
  }

  /** A ticket stands here from now on. */
  handOver(ticket: Ticket): void {
    const entry = this.#rooms.tickets.entryOf(ticket);
    const pause = ticket.state.name === 'waiting' ? ticket.state.because : 'registered';
    this.#rooms.floor.post({ type: 'replaced', callId: this.#callId, entry, pause });
  }
}
