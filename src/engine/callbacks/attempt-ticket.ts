import type { CustomerChoice } from '../../domain/callback/attempt.ts';
import type { AttemptCause, Ticket } from '../../domain/callback/ticket.ts';
import { isUnderWay, type TicketEvent } from '../../domain/callback/ticket-step.ts';
import { mayCall } from '../../domain/hours/calling-hours.ts';
import { isOpen } from '../../domain/hours/hours.ts';
import type { TicketId } from '../../domain/ids.ts';
import type { QueueSettings } from '../../domain/queue/settings.ts';
import type { ArrivalCounter } from '../line/arrival-counter.ts';
import type { Services } from '../services.ts';
import type { TicketBook } from '../tickets/ticket-book.ts';

/** Where the ticket of an attempt is kept. */
export interface AttemptTicketRooms {
  readonly tickets: TicketBook;
  readonly arrivals: ArrivalCounter;
}

/** What an attempt does to its ticket. */
export class AttemptTicket {
  readonly #services: Services;
  readonly #rooms: AttemptTicketRooms;
  readonly #ticket: Pick<Ticket, 'id' | 'number'>;
  readonly #settings: QueueSettings;

  constructor(
    services: Services,
    rooms: AttemptTicketRooms,
    ticket: Pick<Ticket, 'id' | 'number'>,
    settings: QueueSettings,
  ) {
    this.#services = services;
    this.#rooms = rooms;
    this.#ticket = ticket;
    this.#settings = settings;
  }

  get id(): TicketId {
    return this.#ticket.id;
  }

  /**
   * Moves the ticket, unless its attempt was settled before. What the store refuses is kept later.
   * @returns whether the move is on disk.
   */
  async move(event: TicketEvent): Promise<boolean> {
    const ticket = this.#rooms.tickets.get(this.id);
    if (ticket === undefined || !isUnderWay(ticket)) return true;
    try {
      await this.#rooms.tickets.move(ticket.id, event);
      return true;
    } catch (error) {
      this.#services.log.error('a ticket was not moved', {
        ticketId: ticket.id,
        move: event.type,
        error: String(error),
      });
      return false;
    }
  }

  /** Keeps what the customer chose, before it is promised. */
  settle(choice: CustomerChoice): Promise<boolean> {
    return choice.choice === 'later'
      ? this.move({ type: 'choseLater', minutes: choice.minutes })
      : this.end('choseCancel');
  }

  /** Whether they can be called at the time that they chose. */
  isOnTime(choice: CustomerChoice): boolean {
    if (choice.choice !== 'later') return true;
    const at = this.#services.clock.now() + choice.minutes * 60_000;
    const { hours, numbers } = this.#services.plan();
    const opening = hours.get(this.#settings.hours);
    const isAtWork = opening === undefined || isOpen(opening, at);
    return isAtWork && mayCall(this.#ticket.number, numbers, at).ok;
  }

  /**
   * What became of the attempt. Who chose "later" has moved the ticket before its attempt ends, so that
   * nothing is left to move; were it not so, it would count as a hang-up.
   */
  end(cause: AttemptCause): Promise<boolean> {
    const back = this.#rooms.arrivals.endOfLine(this.#services.clock.now());
    const counted = cause === 'choseLater' ? 'hungUp' : cause;
    return this.move({ type: 'attemptEnded', cause: counted, back });
  }
}
