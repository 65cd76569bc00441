import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { problemsOf } from '../../../src/http/api/openapi.ts';
import { PROBLEM_NAMES, PROBLEMS } from '../../../src/http/problems/catalogue.ts';
import { allOperations } from '../../../src/http/server/start.ts';
import { aTicket } from './fake-office.ts';
import { FORM, freshKey, stage } from './stage.ts';

interface Described {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const REPORT = '/v1/reports/callbacks?from=2026-11-25&to=2026-11-26';

async function described() {
  const staged = await stage();
  const got = await staged.ask('GET', '/v1/openapi.json', { secret: '' });
  expect(got.status).toBe(200);
  const document = got.body as Document;
  const find = (method: string, url: string): Described => {
    const found = document.paths[url]?.[method.toLowerCase()];
    return found ?? expect.fail(`${method} ${url} is not described`);
  };
  /** Whether an answer is as the document says, with nothing left over. */
  const fits = (method: string, url: string, answer: Awaited<ReturnType<typeof staged.ask>>) => {
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    const content = find(method, url).responses[String(answer.status)]?.content[type];
    if (content === undefined) expect.fail(`${method} ${url}: ${answer.status} as ${type}`);
    const schema = { ...content.schema, components: document.components };
    return whole(schema, document).safeParse(answer.body);
  };
  return { ...staged, document, find, fits };
}

/** A schema with those that it names put in their places. */
function whole(schema: object, document: Document): z.ZodType {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key === 'components') return undefined;
    if (typeof value !== 'object' || value === null || !('$ref' in value)) return value;
    const name = String(value.$ref).replace('#/components/schemas/', '');
    return document.components.schemas[name] ?? expect.fail(`${name} is not described`);
  });
  return z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema);
}

describe('the OpenAPI document', () => {
  it('describes every operation that is served, and no other', async () => {
    const { document, find, needs, ask } = await described();
    expect(document).toMatchObject({ openapi: '3.1.1', info: { version: '1.2.3' } });
    const operations = allOperations(needs).filter(({ id }) => id !== 'readOpenApi');
    for (const one of operations) {
      const found = find(one.method, one.url);
      expect(found.operationId).toBe(one.id);
      expect(found.security).toEqual(one.scope === undefined ? [] : [{ key: [one.scope] }]);
      const inPath = found.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(one.url.match(/\{\w+\}/gu) ?? []);
      // Served: whatever is wrong, it is not that nothing is here.
      const got = await ask(one.method, one.url.replaceAll(/[{}]/gu, ''));
      expect(got.body, one.id).not.toMatchObject({ type: '/v1/problems/method-not-allowed' });
      if (one.id !== 'readProblem') {
        expect(got.body, one.id).not.toMatchObject({ type: '/v1/problems/not-found' });
      }
    }
    const count = Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length;
    expect(count).toBe(operations.length);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  });

  it('says which fields a ticket by web has', async () => {
    const { find } = await described();
    const schema = find('POST', '/v1/tickets').requestBody?.content['application/json']?.schema;
    expect(schema).toMatchObject({
      additionalProperties: false,
      required: ['queue', 'number', 'dnis', 'promptVersion'],
      properties: {
        queue: { type: 'string' },
        slot: { properties: { from: { type: 'string', format: 'date-time' } } },
      },
    });
  });

  it('names a key for repetitions where one is taken, and no telephone number anywhere', async () => {
    const { document, find } = await described();
    const header = find('POST', '/v1/tickets').parameters.find(
      ({ name }) => name === 'Idempotency-Key',
    );
    expect(header).toMatchObject({ in: 'header', required: true });
    expect(JSON.stringify(document)).not.toMatch(/\+1(?!8005550100)\d{10}/u);
  });

  it('fits every answer', async () => {
    const { ask, fits, office } = await described();
    office.tickets.set('ticket-a', aTicket({ id: 'ticket-a' }));
    const slot = { from: '2026-11-26T14:00:00Z', to: '2026-11-26T14:30:00Z' };
    const asked: readonly (readonly [string, string, string, object | undefined])[] = [
      ['POST', '/v1/tickets', '/v1/tickets', FORM],
      ['GET', '/v1/tickets/{id}', '/v1/tickets/ticket-a', undefined],
      ['GET', '/v1/tickets', '/v1/tickets?queue=refunds', undefined],
      ['POST', '/v1/tickets/{id}/reschedule', '/v1/tickets/ticket-a/reschedule', { slot }],
      [
        'POST',
        '/v1/tickets/{id}/move',
        '/v1/tickets/ticket-a/move',
        { position: 'back', reason: 'r' },
      ],
      ['POST', '/v1/tickets/{id}/cancel', '/v1/tickets/ticket-a/cancel', {}],
      ['GET', '/v1/queues', '/v1/queues', undefined],
      ['GET', '/v1/queues/{id}/slots', '/v1/queues/refunds/slots', undefined],
      [
        'POST',
        '/v1/queues/{id}/switches/{which}',
        '/v1/queues/refunds/switches/dialling',
        { on: false, reason: 'the trunk is down' },
      ],
      [
        'POST',
        '/v1/messages/received',
        '/v1/messages/received',
        { from: '2025550123', text: 'hi' },
      ],
      ['GET', '/v1/problems/{name}', '/v1/problems/not-waiting', undefined],
      ['GET', '/health', '/health', undefined],
      // And those that are refused.
      ['GET', '/v1/tickets/{id}', '/v1/tickets/ticket-z', undefined],
      ['POST', '/v1/tickets', '/v1/tickets', { ...FORM, queue: 5 }],
      ['GET', '/v1/reports/callbacks', '/v1/reports/callbacks', undefined],
    ];
    for (const [method, url, path, body] of asked) {
      const headers = method === 'POST' ? freshKey() : {};
      const got = await ask(method, path, { body, headers });
      expect(fits(method, url, got), `${method} ${path}`).toMatchObject({ success: true });
    }
  });

  it('would not fit a wrong answer', async () => {
    const { fits, ask } = await described();
    const got = await ask('GET', '/v1/queues');
    expect(fits('GET', '/v1/queues', { ...got, body: { queues: [{ id: 5 }] } }).success).toBe(
      false,
    );
  });

  it('lists text answers by their media types', async () => {
    const { ask, find, reports } = await described();
    const metrics = await ask('GET', '/metrics');
    expect(metrics).toMatchObject({ status: 200, text: 'up 1\n' });
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(Object.keys(find('GET', '/metrics').responses['200']?.content ?? {})).toEqual([
      'text/plain',
    ]);
    const report = await ask('GET', `${REPORT}&format=csv&queue=refunds`);
    expect(report.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(report.text).toMatch(/^queue,period,/u);
    const fromDay = Date.UTC(2026, 10, 25) / 86_400_000;
    expect(reports).toEqual([{ queue: 'refunds', fromDay, toDay: fromDay + 1, by: 'day' }]);
    const json = await ask('GET', `${REPORT}&by=hour`);
    expect(json.body).toMatchObject({ from: '2026-11-25', by: 'hour', rows: [] });
  });

  it.each([
    'from=2026-02-30&to=2026-03-01',
    'from=2026-11-25&to=2026-11-24',
    'from=2020-11-25&to=2026-11-24',
    'from=2026-11-25',
    'from=2026-11-25&to=2026-11-26&by=minute',
    'from=2026-11-25&to=2026-11-26&queue=',
  ])('asks for days that there are: %s', async (query) => {
    const { ask, reports } = await stage();
    expect(await ask('GET', `/v1/reports/callbacks?${query}`)).toMatchObject({ status: 400 });
    expect(reports).toEqual([]);
  });

  it('lets one report be made at a time', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let begun = 0;
    const { ask } = await stage(
      {},
      {
        reports: async ({ by }) => {
          begun += 1;
          await held;
          return { from: '', to: '', by, rows: [], givenUp: 0 };
        },
      },
    );
    const first = ask('GET', REPORT);
    await expect.poll(() => begun).toBe(1);
    const second = await ask('GET', REPORT);
    expect(second).toMatchObject({ status: 429, body: { type: '/v1/problems/report-under-way' } });
    letGo();
    expect(await first).toMatchObject({ status: 200 });
    expect(await ask('GET', REPORT)).toMatchObject({ status: 200 });
  });
});

describe('health', () => {
  it('is 503, and described so, when the server cannot serve', async () => {
    const health = { status: 'failing', parts: { store: false } } as const;
    const { ask } = await stage({}, { health: () => health });
    const got = await ask('GET', '/health', { secret: '' });
    expect(got).toMatchObject({ status: 503, body: health });
    const { find } = await described();
    const content = find('GET', '/health').responses['503']?.content ?? {};
    expect(Object.keys(content)).toEqual(['application/json', 'application/problem+json']);
  });
});

describe('the catalogue of problems', () => {
  it('is explained at the address of each type', async () => {
    const { ask } = await stage();
    for (const name of PROBLEM_NAMES) {
      const got = await ask('GET', `/v1/problems/${name}`, { secret: '' });
      const { status, title } = PROBLEMS[name];
      expect(got).toMatchObject({
        status: 200,
        body: { type: `/v1/problems/${name}`, status, title },
      });
    }
  });

  it('has no problem that no operation may meet, but those before any', async () => {
    const { needs } = await stage();
    const met = new Set(allOperations(needs).flatMap(problemsOf));
    const others = PROBLEM_NAMES.filter((name) => !met.has(name));
    expect(others).toEqual([
      'malformed-http',
      'method-not-allowed',
      'too-slow',
      'headers-too-large',
    ]);
  });
});
