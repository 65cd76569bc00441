import type { Ticket } from '../../domain/callback/ticket.ts';
import type { E164, TicketId } from '../../domain/ids.ts';
import type { WebhookId, WebhookSettings } from '../../domain/notification/settings.ts';
import type { Delivery } from '../../engine/api-records.ts';
import type { Clock, Ids, Log } from '../../engine/ports.ts';
import { type Fetch, type Posted, post } from '../outgoing/post.ts';
import type { HttpStore } from '../ports.ts';
import type { News } from '../ticket-news.ts';
import { deliveriesOf, isNews, type TicketDelivery, ticketIdIn, withNumber } from './event.ts';
import { MAX_WAITING, Receiver } from './receiver.ts';
import { signature } from './signature.ts';

const TIMEOUT_MS = 10_000;
/** What is told of dropped events at most once in this time, for each receiver. */
const DROP_LOG_MS = 60_000;

export interface DelivererNeeds {
  /** In force now. */
  readonly webhooks: () => ReadonlyMap<WebhookId, WebhookSettings>;
  readonly store: HttpStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly fetch: Fetch;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
  /** The number of a ticket that is still kept. */
  readonly numberOf: (ticket: TicketId) => Promise<E164 | undefined>;
}

/**
 * Tells receivers of every change of a ticket, at least once: an event is on disk with its change,
 * before it is sent, and goes out again after a restart unless it was taken. Its id stays the same each time.
 */
export class WebhookDeliverer {
  readonly #needs: DelivererNeeds;
  readonly #receivers = new Map<WebhookId, Receiver>();
  readonly #stopping = new AbortController();
  readonly #droppedToldAt = new Map<WebhookId, number>();

  constructor(needs: DelivererNeeds) {
    this.#needs = needs;
  }

  /** Takes up what was left waiting before a stop, in the order in which it came. */
  async start(): Promise<void> {
    const most = MAX_WAITING * Math.max(1, this.#needs.webhooks().size);
    const left = await this.#needs.store.deliveriesDue(Number.MAX_SAFE_INTEGER, most);
    const inOrder = left.toSorted(
      (a, b) => a.createdAt - b.createdAt || (a.eventId < b.eventId ? -1 : 1),
    );
    for (const delivery of inOrder) {
      const ticketId = ticketIdIn(delivery.body);
      if (ticketId !== undefined) this.#add({ ticketId, delivery }, Promise.resolve(true));
    }
  }

  /**
   * What is to be kept with the change of a ticket from `before`, undefined if it is new; it is sent once
   * that is on disk. Never throws.
   */
  newsOf(before: Ticket | undefined, after: Ticket): News {
    const events = isNews(before, after) ? this.#eventsOf(after) : [];
    const changes = events.map(({ delivery }) => ({ kind: 'outbox', delivery }) as const);
    let settled = (_kept: boolean): void => undefined;
    const kept = new Promise<boolean>((resolve) => {
      settled = resolve;
    });
    for (const event of events) this.#add(event, kept);
    return { changes, settled };
  }

  #eventsOf(ticket: Ticket): readonly TicketDelivery[] {
    const { clock, ids, webhooks } = this.#needs;
    const events = deliveriesOf(ticket, clock.now(), ids.next('event'), webhooks());
    return events.filter(({ delivery }) => this.#hasRoom(delivery.subscription));
  }

  /** The configuration has changed: receivers that were given up are tried again. */
  configurationChanged(): void {
    for (const receiver of this.#receivers.values()) receiver.enable();
  }

  /** Events that wait, by receiver. */
  get backlog(): ReadonlyMap<WebhookId, number> {
    return new Map([...this.#receivers].map(([name, { waiting }]) => [name, waiting]));
  }

  /** Cuts off what is under way; it goes out again after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#receivers.values()].map((receiver) => receiver.stop()));
  }

  #add(event: TicketDelivery, kept: Promise<boolean>): void {
    if (!this.#stopping.signal.aborted) {
      this.#receiver(event.delivery.subscription).add(event, kept);
    }
  }

  #hasRoom(name: WebhookId): boolean {
    if (this.#receiver(name).takesMore) return true;
    const now = this.#needs.clock.now();
    const toldAt = this.#droppedToldAt.get(name) ?? Number.NEGATIVE_INFINITY;
    if (now - toldAt >= DROP_LOG_MS) {
      this.#droppedToldAt.set(name, now);
      this.#needs.log.error('webhook: events are dropped; too many wait, or it is disabled', {
        webhook: name,
      });
    }
    return false;
  }

  #receiver(name: WebhookId): Receiver {
    const known = this.#receivers.get(name);
    if (known !== undefined) return known;
    const { clock, log, random, webhooks } = this.#needs;
    const receiver = new Receiver({
      name,
      settings: () => webhooks().get(name),
      clock,
      log,
      random,
      send: (event, settings) => this.#send(event, settings),
      keep: (delivery) => this.#keep(delivery),
    });
    this.#receivers.set(name, receiver);
    return receiver;
  }

  async #send({ ticketId, delivery }: TicketDelivery, settings: WebhookSettings): Promise<Posted> {
    const { clock, fetch } = this.#needs;
    const body = settings.numbers ? await this.#withNumber(ticketId, delivery.body) : delivery.body;
    const atSeconds = Math.floor(clock.now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Linekeeper',
      'webhook-id': delivery.eventId,
      'webhook-timestamp': String(atSeconds),
      'webhook-signature': signature(settings.secrets, { id: delivery.eventId, atSeconds, body }),
    };
    const stopping = this.#stopping.signal;
    return post(
      { url: settings.url, headers, body },
      { fetch, clock, timeoutMs: TIMEOUT_MS, stopping },
    );
  }

  /** The masked one stays if the ticket is gone or cannot be read. */
  async #withNumber(ticketId: TicketId, body: string): Promise<string> {
    try {
      const number = await this.#needs.numberOf(ticketId);
      return number === undefined ? body : withNumber(body, number);
    } catch (error) {
      this.#needs.log.warn('webhook: a ticket could not be read', {
        ticket: ticketId,
        error: String(error),
      });
      return body;
    }
  }

  async #keep(delivery: Delivery): Promise<void> {
    try {
      await this.#needs.store.commit([{ kind: 'outbox', delivery }]);
    } catch (error) {
      this.#needs.log.error('webhook: how an event went was not kept; it may be sent twice', {
        webhook: delivery.subscription,
        event: delivery.eventId,
        error: String(error),
      });
    }
  }
}
