import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import type { WebhookSettings } from '../../../src/domain/notification/settings.ts';
import { TICKET_STATES } from '../../../src/domain/notification/settings.ts';
import type { Fetch } from '../../../src/http/outgoing/post.ts';
import { type DelivererNeeds, WebhookDeliverer } from '../../../src/http/webhooks/deliverer.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { aTicket, NOON } from './fake-office.ts';
import { MemoryHttpStore } from './memory-http-store.ts';
import { HeardLog } from './stage.ts';

export const SECRET = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
export const HOUR_MS = 3_600_000;

export const CASES: WebhookSettings = {
  url: 'https://cases.example/linekeeper',
  secrets: [SECRET],
  states: TICKET_STATES,
  queues: [],
  numbers: false,
  keepHours: 24,
  disableAfterHours: 72,
};

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
  readonly redirect: string;
}

/** Receivers that answer as they are told to, one status for each request; then 204. */
class Receivers {
  readonly sent: Sent[] = [];
  answers: (number | 'hangs' | 'fails')[] = [];
  retryAfter: string | null = null;
  /** One that always fails. */
  down = '';
  /** Requests under way, and most at once. */
  busy = 0;
  busiest = 0;

  readonly fetch: Fetch = async (url, { headers, body, redirect, signal }) => {
    const event = JSON.parse(body) as Sent['event'];
    this.sent.push({ url, headers, body, event, redirect });
    this.busy += 1;
    this.busiest = Math.max(this.busiest, this.busy);
    try {
      const answer = url === this.down ? 'fails' : (this.answers.shift() ?? 204);
      if (answer === 'hangs') await aborted(signal);
      if (answer === 'fails' || answer === 'hangs') throw new TypeError('fetch failed');
      await Promise.resolve();
      return { status: answer, headers: { get: () => this.retryAfter }, body: null };
    } finally {
      this.busy -= 1;
    }
  };

  get told(): readonly string[] {
    return this.sent.map(({ event }) => `${String(event.data['id'])} ${event.type}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

/** One that is told of changes which are not kept anywhere else. */
export class TestDeliverer extends WebhookDeliverer {
  readonly #store: DelivererNeeds['store'];

  constructor(needs: DelivererNeeds) {
    super(needs);
    this.#store = needs.store;
  }

  ticketChanged(before: Ticket | undefined, after: Ticket): void {
    const { changes, settled } = this.newsOf(before, after);
    this.#store.commit(changes).then(
      () => settled(true),
      () => settled(false),
    );
  }
}

/** Receivers of webhooks over a store and a clock; `start` may be called again, as after a restart. */
export function webhookStage(
  webhooks: Readonly<Record<string, WebhookSettings>> = { cases: CASES },
) {
  const clock = new ManualClock();
  const store = new MemoryHttpStore();
  const log = new HeardLog();
  const receivers = new Receivers();
  const settings = { current: new Map(Object.entries(webhooks)) };
  let ids = 0;
  const start = async () => {
    const deliverer = new TestDeliverer({
      webhooks: () => settings.current,
      store,
      clock,
      ids: { next: (kind) => `${kind}-${String((ids += 1)).padStart(4, '0')}` },
      log,
      fetch: receivers.fetch,
      random: () => 0.5,
      numberOf: async () => '+12025550123',
    });
    await deliverer.start();
    return deliverer;
  };
  return { clock, store, log, receivers, settings, start };
}

export const STATES: readonly Ticket['state'][] = [
  { name: 'waiting', notBefore: NOON, because: 'registered' },
  { name: 'dialling', agentId: 'alice', startedAt: NOON },
  { name: 'reached', agentId: 'alice', startedAt: NOON, reachedAt: NOON },
  { name: 'connected', agentId: 'alice', at: NOON },
  { name: 'cancelled', at: NOON, by: 'caller', because: 'asked' },
  { name: 'exhausted', at: NOON, cause: 'noAnswer' },
  { name: 'expired', at: NOON },
];

/** A ticket that goes through some states, as changes. */
export function journey(
  id: TicketId,
  count = 4,
): readonly (readonly [Ticket | undefined, Ticket])[] {
  const tickets = STATES.slice(0, count).map((state) => aTicket({ id, state }));
  return tickets.map((after, index) => [tickets[index - 1], after]);
}
