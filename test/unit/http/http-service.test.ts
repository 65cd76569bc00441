import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Configuration } from '../../../src/config/configuration.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import type { ApiSettings } from '../../../src/domain/access/settings.ts';
import { HttpService } from '../../../src/http-service.ts';
import { createClock } from '../../../src/observe/clock.ts';
import { createIds } from '../../../src/observe/ids.ts';
import { createStore } from '../../../src/store/store.ts';
import { SAMPLE } from '../config/folder.ts';
import { aTicket, FakeOffice } from './fake-office.ts';
import { FORM, HeardLog, SECRETS, settingsOf } from './stage.ts';

/** The sample configuration with another API. */
async function sampleWith(api: ApiSettings): Promise<Configuration> {
  const loaded = await loadConfiguration(SAMPLE, {});
  if (!loaded.ok) expect.fail(formatProblems(loaded.problems));
  return { ...loaded.configuration, api };
}

/** Bodies that a receiver of webhooks got. */
async function receiver(): Promise<{ readonly url: string; readonly got: string[] }> {
  const got: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push(body);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, got };
}

async function stage(change: Partial<ApiSettings> = {}) {
  const configuration = await sampleWith(settingsOf(change));
  const store = await createStore({ file: ':memory:' });
  onTestFinished(() => store.close());
  const log = new HeardLog();
  const office = new FakeOffice();
  const service = await HttpService.load({
    configuration: () => configuration,
    store,
    clock: createClock(),
    ids: createIds(),
    log,
    version: '1.2.3',
  });
  onTestFinished(() => service.stop());
  const address = await service.listen({
    office,
    estimates: () => [],
    health: () => ({ status: 'ok', parts: {} }),
  });
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${SECRETS.everything}`);
    return fetch(`http://127.0.0.1:${address?.port}${path}`, { ...init, headers });
  };
  return { service, store, log, office, address, ask };
}

describe('all that speaks HTTP, over the store', () => {
  it('answers a repeated request as before', async () => {
    const { ask, office, log } = await stage();
    const init = {
      method: 'POST',
      body: JSON.stringify(FORM),
      headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
    };
    const first = await ask('/v1/tickets', init);
    const again = await ask('/v1/tickets', init);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.text()).toBe(await first.text());
    expect(office.asked).toHaveLength(1);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('tells receivers and counts what the engine says of a ticket', async () => {
    const { url, got } = await receiver();
    const webhook = {
      url,
      secrets: ['whsec_plJ3nmyCDGBKInavdOK15jsl'],
      states: ['waiting', 'connected'] as const,
      queues: [],
      numbers: false,
      keepHours: 1,
      disableAfterHours: 1,
    };
    const { service, ask, store } = await stage({ webhooks: new Map([['cases', webhook]]) });
    const now = Date.now();
    const state = { name: 'connected', agentId: 'alice', at: now } as const;
    const first = aTicket();
    for (const [before, ticket] of [
      [undefined, first] as const,
      [first, aTicket({ state })] as const,
    ]) {
      service.observe({ what: 'ticketMoved', before, ticket }, now);
      await service.commit([{ kind: 'ticket', ticket }]);
    }
    await expect.poll(() => got.length).toBe(2);
    expect(got.map((body) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'ticket.waiting',
      'ticket.connected',
    ]);
    await expect.poll(() => store.nextDeliveryAt()).toBeUndefined();
    const figures = await (await ask('/metrics')).text();
    expect(figures).toContain(
      'linekeeper_callbacks_registered_total{queue="refunds",source="ani"} 1',
    );
    expect(figures).toContain(
      'linekeeper_callbacks_ended_total{queue="refunds",state="connected"} 1',
    );
    expect(figures).toContain('linekeeper_webhook_backlog{webhook="cases"} 0');
  });

  it('compiles reports of what the store holds', async () => {
    const { ask } = await stage();
    const csv = await ask('/v1/reports/callbacks?from=2026-11-25&to=2026-11-25&format=csv');
    expect(csv.status).toBe(200);
    expect(await csv.text()).toMatch(/^queue,period,[^\n]+\r\n$/u);
  });

  it('keeps STOP', async () => {
    const { ask, store } = await stage();
    const answer = await ask('/v1/messages/received', {
      method: 'POST',
      body: JSON.stringify({ from: '+12025550123', text: 'STOP' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toEqual({ understood: 'stop' });
    expect(await store.hasOptedOut('+12025550123')).toBe(true);
  });

  it('listens nowhere if it is off', async () => {
    const { server } = settingsOf();
    const { address } = await stage({ server: { ...server, enabled: false } });
    expect(address).toBeUndefined();
  });
});
