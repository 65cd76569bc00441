import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import type { WebhookSettings } from '../../../src/domain/notification/settings.ts';
import { TICKET_STATES } from '../../../src/domain/notification/settings.ts';
import type { Fetch } from '../../../src/http/outgoing/post.ts';
import { WebhookDeliverer } from '../../../src/http/webhooks/deliverer.ts';
import { signature } from '../../../src/http/webhooks/signature.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { aTicket, NOON } from './fake-office.ts';
import { MemoryHttpStore } from './memory-http-store.ts';
import { HeardLog } from './stage.ts';

const SECRET = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
const HOUR_MS = 3_600_000;

const CASES: WebhookSettings = {
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

function stage(webhooks: Readonly<Record<string, WebhookSettings>> = { cases: CASES }) {
  const clock = new ManualClock();
  const store = new MemoryHttpStore();
  const log = new HeardLog();
  const receivers = new Receivers();
  const settings = { current: new Map(Object.entries(webhooks)) };
  let ids = 0;
  const start = async () => {
    const deliverer = new WebhookDeliverer({
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

const STATES: readonly Ticket['state'][] = [
  { name: 'waiting', notBefore: NOON, because: 'registered' },
  { name: 'dialling', agentId: 'alice', startedAt: NOON },
  { name: 'reached', agentId: 'alice', startedAt: NOON, reachedAt: NOON },
  { name: 'connected', agentId: 'alice', at: NOON },
  { name: 'cancelled', at: NOON, by: 'caller', because: 'asked' },
  { name: 'exhausted', at: NOON, cause: 'noAnswer' },
  { name: 'expired', at: NOON },
];

/** A ticket that goes through some states, as changes. */
function journey(id: TicketId, count = 4): readonly (readonly [Ticket | undefined, Ticket])[] {
  const tickets = STATES.slice(0, count).map((state) => aTicket({ id, state }));
  return tickets.map((after, index) => [tickets[index - 1], after]);
}

describe('the signature', () => {
  it('is the one that the tools of Standard Webhooks make', () => {
    const body = '{"event_type":"ping","data":{"success":true}}';
    const event = { id: 'msg_loFOjxBNrRLzqYUf', atSeconds: 1731705121, body };
    expect(signature([SECRET], event)).toBe('v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=');
  });

  it('is made with both secrets while one takes the place of the other', () => {
    const event = { id: 'a', atSeconds: 1, body: '{}' };
    const other = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
    const both = signature([other, SECRET], event).split(' ');
    expect(both).toEqual([signature([other], event), signature([SECRET], event)]);
  });
});

describe('an event', () => {
  it('is told for every state of a ticket, signed, with the number masked', async () => {
    const { receivers, clock, store, start } = stage();
    const deliverer = await start();
    for (const state of STATES) {
      deliverer.ticketChanged(undefined, aTicket({ id: `ticket-${state.name}`, state }));
      await clock.pass(1000);
    }
    expect(receivers.sent.map(({ event }) => event.type)).toEqual(
      TICKET_STATES.map((state) => `ticket.${state}`),
    );
    const [first] = receivers.sent;
    expect(first).toMatchObject({
      url: 'https://cases.example/linekeeper',
      redirect: 'manual',
      headers: { 'webhook-id': 'event-0001', 'webhook-timestamp': '0' },
      event: { data: { id: 'ticket-waiting', number: '+1 202 ••• ••23', because: 'registered' } },
    });
    expect(first?.headers['webhook-signature']).toBe(
      signature([SECRET], { id: 'event-0001', atSeconds: 0, body: first?.body ?? '' }),
    );
    expect(JSON.stringify(receivers.sent)).not.toContain('5550123');
    expect([...store.deliveries.values()].map(({ state }) => state)).toEqual(
      STATES.map(() => 'delivered'),
    );
  });

  it('has the whole number if the operator says so; none is kept', async () => {
    const { receivers, clock, store, start } = stage({ cases: { ...CASES, numbers: true } });
    const deliverer = await start();
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    const [first] = receivers.sent;
    expect(first?.event.data['number']).toBe('+12025550123');
    expect(first?.headers['webhook-signature']).toBe(
      signature([SECRET], { id: 'event-0001', atSeconds: 0, body: first?.body ?? '' }),
    );
    expect(JSON.stringify([...store.deliveries])).not.toContain('5550123');
  });

  it('goes only to those who want it', async () => {
    const { receivers, clock, start } = stage({
      all: { ...CASES, url: 'https://all.example/' },
      ends: { ...CASES, url: 'https://ends.example/', states: ['connected', 'cancelled'] },
      other: { ...CASES, url: 'https://other.example/', queues: ['general'] },
    });
    const deliverer = await start();
    for (const [before, after] of journey('ticket-a')) deliverer.ticketChanged(before, after);
    await clock.pass(1000);
    const urls = receivers.sent.map(({ url }) => url);
    expect(urls.filter((url) => url === 'https://all.example/')).toHaveLength(4);
    expect(urls.filter((url) => url === 'https://ends.example/')).toHaveLength(1);
    expect(urls).not.toContain('https://other.example/');
  });

  it('is not made of a change that tells nothing new', async () => {
    const { receivers, clock, start } = stage();
    const deliverer = await start();
    deliverer.ticketChanged(aTicket(), aTicket());
    deliverer.ticketChanged(aTicket(), aTicket({ arrivedAt: NOON - 1 }));
    await clock.pass(0);
    expect(receivers.sent).toHaveLength(1);
  });

  it('that could not be kept is not sent, and the log says so', async () => {
    const { receivers, clock, store, log, start } = stage();
    const deliverer = await start();
    store.failWith = new CallFailure('store', 'no space is left');
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    store.failWith = undefined;
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(receivers.told).toEqual(['ticket-bcdf ticket.waiting']);
    expect(log.text).toContain('was not kept, and is not sent');
    expect(deliverer.backlog.get('cases')).toBe(0);
  });
});

describe('a receiver that fails', () => {
  it.each<readonly [string, number | 'hangs' | 'fails']>([
    ['answers 500', 500],
    ['answers 404', 404],
    ['leads elsewhere', 302],
    ['does not answer', 'hangs'],
    ['cannot be reached', 'fails'],
  ])('is asked again, with the same id: it %s', async (_, answer) => {
    const { receivers, clock, start } = stage();
    const deliverer = await start();
    receivers.answers = [answer];
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(60_000);
    expect(receivers.sent.map(({ headers }) => headers['webhook-id'])).toEqual([
      'event-0001',
      'event-0001',
    ]);
    // Nothing was sent to where it led.
    expect(new Set(receivers.sent.map(({ url }) => url))).toEqual(new Set([CASES.url]));
    expect(deliverer.backlog.get('cases')).toBe(0);
  });

  it('is asked after pauses that double, up to an hour', async () => {
    const { receivers, clock, start } = stage({ cases: { ...CASES, keepHours: 168 } });
    const deliverer = await start();
    receivers.answers = Array.from({ length: 30 }, () => 500);
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    const pauses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const before = clock.now();
      const seen = receivers.sent.length;
      while (receivers.sent.length === seen) await clock.pass(250);
      pauses.push(clock.now() - before);
    }
    // 0.75 of the whole, since the die stands at its middle.
    const whole = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600];
    expect(pauses).toEqual(whole.map((seconds) => seconds * 750));
  });

  it('may ask for a longer pause, but not for ever', async () => {
    const { receivers, clock, start } = stage();
    const deliverer = await start();
    receivers.answers = [503];
    receivers.retryAfter = '999999999';
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(HOUR_MS - 1);
    expect(receivers.sent).toHaveLength(1);
    await clock.pass(1);
    expect(receivers.sent).toHaveLength(2);
  });

  it('misses an event that nobody took in time, and the log says so', async () => {
    const { receivers, clock, store, log, start } = stage({ cases: { ...CASES, keepHours: 1 } });
    const deliverer = await start();
    receivers.answers = Array.from({ length: 100 }, () => 500);
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(3 * HOUR_MS);
    expect([...store.deliveries.values()]).toMatchObject([{ state: 'abandoned' }]);
    expect(log.text).toContain('nobody took it in time');
    expect(clock.pending).toBe(0);
  });

  it.each<readonly [string, (number | 'fails')[], number]>([
    ['for long', Array.from({ length: 500 }, () => 'fails' as const), 80],
    ['for good, with 410', [410], 1],
  ])('%s is disabled, until the file is changed', async (_, answers, hours) => {
    const { receivers, clock, store, log, start } = stage({ cases: { ...CASES, keepHours: 168 } });
    const deliverer = await start();
    receivers.answers = answers;
    deliverer.ticketChanged(undefined, aTicket({ id: 'ticket-a' }));
    await clock.pass(hours * HOUR_MS);
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'webhook: the receiver is disabled until api.yaml is changed' },
    ]);
    const { length } = receivers.sent;
    deliverer.ticketChanged(undefined, aTicket({ id: 'ticket-b' }));
    await clock.pass(HOUR_MS);
    expect(receivers.sent).toHaveLength(length);
    expect([...store.deliveries.values()].every(({ state }) => state === 'abandoned')).toBe(true);
    receivers.answers = [];
    deliverer.configurationChanged();
    deliverer.ticketChanged(undefined, aTicket({ id: 'ticket-c' }));
    await clock.pass(0);
    expect(receivers.told.at(-1)).toBe('ticket-c ticket.waiting');
  });

  it('keeps no other from being told', async () => {
    const { receivers, clock, start } = stage({
      down: { ...CASES, url: 'https://down.example/' },
      up: { ...CASES, url: 'https://up.example/' },
    });
    const deliverer = await start();
    receivers.down = 'https://down.example/';
    for (const [before, after] of journey('ticket-a')) deliverer.ticketChanged(before, after);
    await clock.pass(60_000);
    expect(deliverer.backlog).toEqual(
      new Map([
        ['down', 4],
        ['up', 0],
      ]),
    );
    const up = receivers.sent.filter(({ url }) => url === 'https://up.example/');
    expect(up).toHaveLength(4);
  });
});

describe('the order', () => {
  it('of what concerns one ticket is kept whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(200, 500, 'fails' as const, 'hangs' as const), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (answers, tickets) => {
          const { receivers, clock, start } = stage();
          const deliverer = await start();
          receivers.answers = [...answers];
          const ids = Array.from({ length: tickets }, (_, index): TicketId => `ticket-${index}`);
          for (let step = 0; step < 4; step += 1) {
            for (const id of ids) {
              const change = journey(id)[step];
              if (change !== undefined) deliverer.ticketChanged(...change);
            }
            await clock.pass(1000);
          }
          await clock.pass(10 * HOUR_MS);
          for (const id of ids) {
            const told = receivers.told.filter((line) => line.startsWith(`${id} `));
            // Repetitions apart, each once and in order.
            const once = told.filter((line, index) => line !== told[index - 1]);
            expect(once).toEqual(
              ['waiting', 'dialling', 'reached', 'connected'].map(
                (state) => `${id} ticket.${state}`,
              ),
            );
          }
          expect(receivers.busiest).toBeLessThanOrEqual(4);
          expect(deliverer.backlog.get('cases')).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('holds one ticket back, not the others', async () => {
    const { receivers, clock, start } = stage();
    const deliverer = await start();
    receivers.answers = [500];
    for (const [before, after] of journey('ticket-a', 2)) deliverer.ticketChanged(before, after);
    await clock.pass(0);
    deliverer.ticketChanged(undefined, aTicket({ id: 'ticket-b' }));
    await clock.pass(0);
    expect(receivers.told).toEqual(['ticket-a ticket.waiting', 'ticket-b ticket.waiting']);
    await clock.pass(10_000);
    expect(receivers.told.slice(2)).toEqual([
      'ticket-a ticket.waiting',
      'ticket-a ticket.dialling',
    ]);
  });
});

describe('what waits', () => {
  it('is sent after a restart, in its order', async () => {
    const { receivers, clock, start } = stage();
    const first = await start();
    receivers.answers = ['fails'];
    for (const [before, after] of journey('ticket-a')) {
      first.ticketChanged(before, after);
      await clock.pass(10);
    }
    await first.stop();
    await clock.pass(HOUR_MS);
    expect(receivers.sent).toHaveLength(1);
    const second = await start();
    await clock.pass(1000);
    expect(receivers.told.slice(1)).toEqual(
      ['waiting', 'dialling', 'reached', 'connected'].map((state) => `ticket-a ticket.${state}`),
    );
    expect(second.backlog.get('cases')).toBe(0);
  });

  it('is sent again if a stop cut it off', async () => {
    const { receivers, clock, store, start } = stage();
    const first = await start();
    receivers.answers = ['hangs'];
    first.ticketChanged(undefined, aTicket());
    await clock.pass(10);
    await first.stop();
    expect([...store.deliveries.values()]).toMatchObject([{ state: 'pending', attempts: 0 }]);
    await start();
    await clock.pass(0);
    expect(receivers.sent.map(({ headers }) => headers['webhook-id'])).toEqual([
      'event-0001',
      'event-0001',
    ]);
  });

  it('has a limit; what is above it is dropped, and the log says so once a minute', async () => {
    const { receivers, clock, log, store, start } = stage();
    const deliverer = await start();
    receivers.answers = Array.from({ length: 4 }, () => 'hangs' as const);
    for (let index = 0; index < 5_010; index += 1) {
      deliverer.ticketChanged(undefined, aTicket({ id: `ticket-${index}` }));
    }
    expect(deliverer.backlog.get('cases')).toBe(5_000);
    expect(store.deliveries.size).toBe(5_000);
    expect(log.lines.filter(({ message }) => message.includes('dropped'))).toHaveLength(1);
    await deliverer.stop();
    expect(clock.pending).toBe(0);
  });

  it('for a receiver that is configured no more is given up', async () => {
    const { receivers, clock, settings, store, start } = stage();
    const deliverer = await start();
    receivers.answers = [500];
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    settings.current = new Map();
    await clock.pass(HOUR_MS);
    expect(receivers.sent).toHaveLength(1);
    expect([...store.deliveries.values()]).toMatchObject([{ state: 'abandoned' }]);
  });
});

describe('over real HTTP', () => {
  it('an answer without end, a redirect and a large header do no harm', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      void buffer(request).then((body) => {
        seen.push(`${request.url} ${body.length > 0}`);
        if (seen.length === 1) {
          response.writeHead(302, { location: '/elsewhere' }).end();
        } else {
          response.writeHead(200, { 'x-large': 'x'.repeat(8000) });
          response.write('never the end ');
        }
      });
    });
    server.listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await expect.poll(() => server.listening).toBe(true);
    const { port } = server.address() as AddressInfo;
    const { clock, store, settings } = stage();
    settings.current = new Map([['real', { ...CASES, url: `http://127.0.0.1:${port}/hook` }]]);
    const deliverer = new WebhookDeliverer({
      webhooks: () => settings.current,
      store,
      clock,
      ids: { next: (kind) => `${kind}-a` },
      log: new HeardLog(),
      fetch,
      random: () => 0.5,
      numberOf: async () => undefined,
    });
    deliverer.ticketChanged(undefined, aTicket());
    await expect.poll(() => [...store.deliveries.values()][0]?.attempts).toBe(1);
    await clock.pass(10_000);
    await expect.poll(() => [...store.deliveries.values()][0]?.state).toBe('delivered');
    expect(seen).toEqual(['/hook true', '/hook true']);
    await deliverer.stop();
  });
});
