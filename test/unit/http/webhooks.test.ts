import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import { TICKET_STATES } from '../../../src/domain/notification/settings.ts';
import { signature } from '../../../src/http/webhooks/signature.ts';
import { aTicket, NOON } from './fake-office.ts';
import { CASES, HOUR_MS, journey, SECRET, STATES, webhookStage as stage } from './webhook-stage.ts';

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

  it('is made of another agent for whom it is', async () => {
    const { receivers, clock, start } = stage();
    const deliverer = await start();
    const forAgent = (agentId: string) =>
      aTicket({ state: { name: 'dialling', agentId, startedAt: NOON } });
    deliverer.ticketChanged(forAgent('alice'), forAgent('alice'));
    deliverer.ticketChanged(forAgent('alice'), forAgent('bob'));
    await clock.pass(0);
    expect(receivers.sent.map(({ event }) => event.data['agent'])).toEqual(['bob']);
  });

  it('whose change could not be kept is not sent', async () => {
    const { receivers, clock, store, start } = stage();
    const deliverer = await start();
    store.failWith = new CallFailure('store', 'no space is left');
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    store.failWith = undefined;
    deliverer.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(receivers.told).toEqual(['ticket-bcdf ticket.waiting']);
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
