import type { CancelledBy, Slot, Ticket } from '../../../src/domain/callback/ticket.ts';
import type { E164, QueueId, TicketId } from '../../../src/domain/ids.ts';
import { comparePlaces, type Place } from '../../../src/domain/queue/line.ts';
import type {
  NewPosition,
  OfficeRefusal,
  OfficeRequest,
  QueueSwitch,
  QueueView,
  TicketOffice,
  TicketView,
} from '../../../src/engine/ticket-office.ts';

export const NOON = Date.UTC(2026, 10, 25, 12);

/** A waiting ticket of somebody on a telephone that nobody has. */
export function aTicket(change: Partial<Ticket> = {}): Ticket {
  return {
    id: 'ticket-bcdf',
    queue: 'refunds',
    number: '+12025550123',
    dnis: '+18005550100',
    origin: {
      callId: 'call-bcdf',
      waitingSince: NOON,
      language: 'en',
      path: ['main', '1'],
      code: '42',
      isTty: false,
    },
    arrivedAt: NOON,
    arrivalSequence: 1,
    registeredAt: NOON + 60_000,
    consent: {
      key: '1',
      source: 'ani',
      at: NOON + 60_000,
      promptVersion: 'v1',
      language: 'en',
    },
    slot: undefined,
    state: { name: 'waiting', notBefore: NOON, because: 'registered' },
    attempts: [],
    ...change,
  };
}

const WAIT = { seconds: 600, lowSeconds: 480, highSeconds: 800 };

/** An office of one queue that keeps its tickets in memory, and refuses as it is told to. */
export class FakeOffice implements TicketOffice {
  readonly tickets = new Map<TicketId, Ticket>();
  readonly asked: string[] = [];
  /** Answers the next change instead of carrying it out. */
  refuseWith: OfficeRefusal | undefined;
  /** Thrown by the next change. */
  failWith: Error | undefined;
  /** The next change waits for it. */
  holdUp: Promise<void> | undefined;
  #switches = { offering: true, registering: true, dialling: true };

  async create(request: OfficeRequest): Promise<TicketView | OfficeRefusal> {
    return this.#change(`create ${request.number}`, () => {
      const id: TicketId = `ticket-new${this.tickets.size}`;
      const number: E164 = `+1${request.number.replaceAll(/\D/gu, '').slice(-10)}`;
      return this.#keep(aTicket({ id, ...request, number }));
    });
  }

  async find(id: TicketId): Promise<TicketView | undefined> {
    const ticket = this.tickets.get(id);
    return ticket === undefined ? undefined : viewOf(ticket);
  }

  list(
    queue: QueueId,
    page: { readonly after: Place | undefined; readonly limit: number },
  ): readonly TicketView[] {
    const open = [...this.tickets.values()].filter((ticket) => ticket.queue === queue);
    const { after } = page;
    const behind = open.filter((ticket) => after === undefined || comparePlaces(ticket, after) > 0);
    return behind.slice(0, page.limit).map(viewOf);
  }

  async cancel(id: TicketId, by: CancelledBy): Promise<TicketView | OfficeRefusal> {
    return this.#change(`cancel ${by}`, () =>
      this.#replace(id, { state: { name: 'cancelled', at: NOON, by, because: 'asked' } }),
    );
  }

  async reschedule(id: TicketId, slot: Slot | undefined): Promise<TicketView | OfficeRefusal> {
    return this.#change('reschedule', () => this.#replace(id, { slot }));
  }

  async move(id: TicketId, to: NewPosition, reason: string): Promise<TicketView | OfficeRefusal> {
    return this.#change(`move ${JSON.stringify(to)} ${reason}`, () => this.#replace(id, {}));
  }

  queues(): readonly QueueView[] {
    return [
      {
        queue: 'refunds',
        holders: 2,
        tickets: this.tickets.size,
        staffed: 3,
        free: 0,
        wait: WAIT,
        switches: this.#switches,
      },
      {
        queue: 'closed',
        holders: 0,
        tickets: 0,
        staffed: 0,
        free: 0,
        wait: { seconds: Infinity, lowSeconds: Infinity, highSeconds: Infinity },
        switches: this.#switches,
      },
    ];
  }

  slots(_queue: QueueId, from: number): readonly Slot[] {
    return [{ from: from + 3_600_000, to: from + 5_400_000 }];
  }

  async turn(
    queue: QueueId,
    which: QueueSwitch,
    on: boolean | undefined,
    reason: string,
  ): Promise<QueueView | OfficeRefusal> {
    return this.#change(`turn ${which} ${on} ${reason}`, () => {
      const view = this.queues().find((one) => one.queue === queue);
      if (view === undefined) return { refused: 'unknownQueue' };
      this.#switches = { ...this.#switches, [which]: on ?? true };
      return { ...view, switches: this.#switches };
    });
  }

  async #change<View>(what: string, make: () => View | OfficeRefusal) {
    this.asked.push(what);
    await this.holdUp;
    if (this.failWith !== undefined) throw this.failWith;
    return this.refuseWith ?? make();
  }

  #replace(id: TicketId, change: Partial<Ticket>): TicketView | OfficeRefusal {
    const ticket = this.tickets.get(id);
    if (ticket === undefined) return { refused: 'unknownTicket' };
    return this.#keep({ ...ticket, ...change });
  }

  #keep(ticket: Ticket): TicketView {
    this.tickets.set(ticket.id, ticket);
    return viewOf(ticket);
  }
}

function viewOf(ticket: Ticket): TicketView {
  const waits = ticket.state.name === 'waiting';
  return { ticket, line: waits ? { ahead: 4, wait: WAIT } : undefined };
}
