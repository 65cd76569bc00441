import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TicketId } from '../../../src/domain/ids.ts';
import { aTicket } from './fake-office.ts';
import { HeardLog } from './stage.ts';
import { CASES, HOUR_MS, journey, webhookStage as stage, TestDeliverer } from './webhook-stage.ts';

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
    const deliverer = new TestDeliverer({
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
