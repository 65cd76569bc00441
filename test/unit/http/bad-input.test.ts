import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORM, freshKey, SECRETS, stage } from './stage.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Sends bytes as they are, and returns all that comes back until the end. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      answer += part;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** A request of the text given for its headers and body. */
function posted(path: string, headers: readonly string[], body: string): string {
  const common = [
    'Host: localhost',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return [`POST ${path} HTTP/1.1`, ...common, ...headers, '', body].join('\r\n');
}

const KEY = `Authorization: Bearer ${SECRETS.everything}`;

describe('a body that is no JSON of ours', () => {
  it.each<readonly [string, string | Uint8Array<ArrayBuffer>, number, string]>([
    ['nothing', '', 400, 'invalid-request'],
    ['no JSON', '{"queue":', 400, 'invalid-json'],
    ['a list', '[]', 400, 'invalid-request'],
    ['a text', '"refunds"', 400, 'invalid-request'],
    ['null', 'null', 400, 'invalid-request'],
    ['too large', JSON.stringify({ ...FORM, number: '1'.repeat(5000) }), 413, 'body-too-large'],
    ['too deep', '['.repeat(1500) + ']'.repeat(1500), 400, 'invalid-json'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, 'invalid-json'],
    ['a prototype', '{"__proto__":{"scopes":["numbers:read"]}}', 400, 'invalid-json'],
    ['a constructor', '{"constructor":{"prototype":{"a":1}}}', 400, 'invalid-json'],
    ['a prototype within', '{"slot":{"__proto__":{}}}', 400, 'invalid-json'],
  ])('%s', async (_, body, status, problem) => {
    const { ask, office } = await stage();
    const headers = { ...JSON_TYPE, ...freshKey() };
    const got = await ask('POST', '/v1/tickets', { raw: body, headers });
    expect(got).toMatchObject({ status, body: { type: `/v1/problems/${problem}`, status } });
    expect(got.headers.get('content-type')).toBe('application/problem+json');
    expect(office.asked).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/json; charset="utf-16"',
    'multipart/form-data; boundary=a',
    'application/xml',
    'nonsense',
  ])('of type %s', async (type) => {
    const { ask } = await stage();
    const headers = { 'content-type': type, ...freshKey() };
    const got = await ask('POST', '/v1/tickets', { raw: JSON.stringify(FORM), headers });
    expect(got).toMatchObject({
      status: 415,
      body: { type: '/v1/problems/unsupported-media-type' },
    });
  });

  it('may say that it is UTF-8', async () => {
    const { ask } = await stage();
    const headers = { 'content-type': 'application/json; charset="UTF-8"', ...freshKey() };
    const got = await ask('POST', '/v1/tickets', { raw: JSON.stringify(FORM), headers });
    expect(got.status).toBe(201);
  });
});

describe('a field that is wrong', () => {
  it.each<readonly [object, string]>([
    [{ queue: 5 }, 'queue'],
    [{ queue: '../etc' }, 'queue'],
    [{ number: undefined }, 'number'],
    [{ number: ['+12025550123'] }, 'number'],
    [{ number: 12025550123 }, 'number'],
    [{ dnis: 'sip:18005550100@example.com' }, 'dnis'],
    [{ language: 'English' }, 'language'],
    [{ slot: 'tomorrow' }, 'slot'],
    [{ slot: { from: '2026-11-25T09:00:00Z' } }, 'slot.to'],
    [{ slot: { from: '2026-11-25', to: '2026-11-26' } }, 'slot.from'],
    [{ slot: { from: '2026-11-25T09:00:00Z', to: '2026-11-25T09:00:00Z' } }, 'slot'],
    [{ promptVersion: '' }, 'promptVersion'],
    [{ priority: 1 }, 'priority'],
    [{ scopes: ['numbers:read'] }, 'scopes'],
  ])('is named: %j', async (change, field) => {
    const { ask, office } = await stage();
    const body = { ...FORM, ...change };
    const got = await ask('POST', '/v1/tickets', { body, headers: freshKey() });
    expect(got.status).toBe(400);
    const { errors } = got.body as { errors: { in: string; field: string; detail: string }[] };
    expect(errors).toContainEqual({ in: 'body', field, detail: expect.stringMatching(/./u) });
    expect(office.asked).toEqual([]);
  });

  it.each<readonly [string, object, string, string]>([
    ['/v1/tickets', { number: undefined }, 'number', 'It is missing.'],
    ['/v1/tickets', { number: '' }, 'number', 'Not empty.'],
    ['/v1/tickets', { number: 5 }, 'number', 'A text.'],
    ['/v1/tickets', { number: ['+12025550123'] }, 'number', 'A text. No list.'],
    ['/v1/tickets', { number: '1'.repeat(41) }, 'number', 'At most 40 characters.'],
    ['/v1/tickets', { textTelephone: 'yes' }, 'textTelephone', 'true or false.'],
    ['/v1/tickets', { slot: 'tomorrow' }, 'slot', 'A JSON object.'],
    ['/v1/tickets/ticket-a/move', { reason: '' }, 'reason', 'Not empty.'],
    ['/v1/tickets/ticket-a/move', { position: 'top' }, 'position', 'One of front, back, before.'],
    ['/v1/queues/refunds/switches/dialling', { on: 'off' }, 'on', 'true, false or null.'],
    ['/v1/queues/refunds/switches/dialling', { on: undefined }, 'on', 'It is missing.'],
  ])('is told in plain words, once: %s %j', async (path, change, field, detail) => {
    const { ask } = await stage();
    const usual = {
      '/v1/tickets': FORM,
      '/v1/tickets/ticket-a/move': { position: 'front', reason: 'why' },
    }[path] ?? { on: true, reason: 'why' };
    const got = await ask('POST', path, { body: { ...usual, ...change }, headers: freshKey() });
    expect(got).toMatchObject({ status: 400 });
    expect(got.body).toHaveProperty('errors', [{ in: 'body', field, detail }]);
  });

  it.each([
    ['202 555 0123', 400],
    ['+1 (202) 555-0123, says the caller', 400],
    ['5.5.5.0.1.2.3', 400],
    ['the storm of 2026-11-25, 555-012', 200],
    ['case 123456', 200],
  ])('is a reason with a telephone number: %s', async (reason, status) => {
    const { ask, office } = await stage();
    const got = await ask('POST', '/v1/queues/refunds/switches/dialling', {
      body: { on: false, reason },
    });
    expect(got.status).toBe(status);
    if (status === 400) {
      const detail = expect.stringContaining('telephone number');
      expect(got.body).toMatchObject({ errors: [{ field: 'reason', detail }] });
      expect(office.asked).toEqual([]);
    }
  });

  it('is not repeated, nor are more than twenty told', async () => {
    const { ask, log } = await stage();
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, 1]));
    const body = { ...FORM, dnis: '(202) 555-0123', ...many };
    const got = await ask('POST', '/v1/tickets', { body, headers: freshKey() });
    expect(got.text).not.toContain('555-0123');
    expect(log.text).not.toContain('555-0123');
    expect((got.body as { errors: unknown[] }).errors).toHaveLength(20);
  });
});

describe('a place that is none', () => {
  it.each<readonly [string, string, number, string]>([
    ['GET', '/', 404, 'not-found'],
    ['GET', '/v1/ticket', 404, 'not-found'],
    ['GET', '/v1/tickets/a/b/c', 404, 'not-found'],
    ['GET', '/v1/tickets/%zz', 404, 'not-found'],
    ['GET', '/v1/tickets/..%2f..%2fetc', 400, 'invalid-request'],
    ['GET', `/v1/tickets/ticket-${'a'.repeat(3000)}`, 404, 'not-found'],
    ['GET', '/v1/tickets/ticket-a', 404, 'unknown-ticket'],
    ['GET', '/v1/problems/nonsense', 404, 'not-found'],
    ['GET', '/v1/reports/nonsense', 404, 'not-found'],
    ['POST', '/v1/queues/refunds/switches/everything', 400, 'invalid-request'],
    ['PUT', '/v1/tickets/ticket-a', 405, 'method-not-allowed'],
    ['DELETE', '/v1/tickets', 405, 'method-not-allowed'],
    ['PATCH', '/nothing', 404, 'not-found'],
  ])('%s %s', async (method, path, status, problem) => {
    const { ask } = await stage();
    const got = await ask(method, path);
    expect(got).toMatchObject({ status, body: { type: `/v1/problems/${problem}` } });
    if (status === 405) expect(got.headers.get('allow')).toMatch(/GET|POST/u);
  });
});

describe('headers', () => {
  it.each([
    ['Authorization: Bearer another-secret-0123456789'],
    ['Content-Type: text/plain'],
    ['Idempotency-Key: two'],
  ])('that stand twice are refused: %s', async (second) => {
    const { port, office } = await stage();
    const headers = [KEY, 'Content-Type: application/json', 'Idempotency-Key: one', second];
    const answer = await raw(port, posted('/v1/tickets', headers, JSON.stringify(FORM)));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    expect(answer).toContain('/v1/problems/duplicate-header');
    expect(office.asked).toEqual([]);
  });

  it.each<readonly [string, string, string]>([
    ['too many of them', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9000)}\r\n\r\n`, '431'],
    ['no HTTP', 'INVITE sip:a SIP/2.0\r\n\r\n', '400'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      '400',
    ],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
  ])('that are no HTTP are refused: %s', async (_, text, status) => {
    const { port } = await stage();
    const answer = await raw(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, 'u'));
    expect(answer).toContain('application/problem+json');
  });
});

describe('a failure of ours', () => {
  it('tells the client nothing, and the log what it was', async () => {
    const { ask, office, log } = await stage();
    office.failWith = new TypeError("cannot read 'place' of undefined");
    const got = await ask('POST', '/v1/tickets', { body: FORM, headers: freshKey() });
    expect(got).toMatchObject({ status: 500, body: { type: '/v1/problems/internal-error' } });
    expect(got.text).not.toMatch(/place|TypeError|\.ts|at /u);
    expect(log.text).toContain("cannot read 'place' of undefined");
  });
});

describe('whatever is sent', () => {
  it('gets an answer that says what is wrong, and never one of ours', async () => {
    const { ask, log } = await stage();
    const field = fc.constantFrom(...Object.keys(FORM), 'slot', 'language', '__proto__', 'x');
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(field, fc.jsonValue({ maxDepth: 2 })).map((change) => ({ ...FORM, ...change })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const sent = JSON.stringify(body);
        const headers = { ...JSON_TYPE, ...freshKey() };
        const got = await ask('POST', '/v1/tickets', { raw: sent, headers });
        expect([201, 400]).toContain(got.status);
        if (got.status === 400) expect(got.body).toMatchObject({ status: 400 });
      }),
      { numRuns: 60, interruptAfterTimeLimit: 3_000 },
    );
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('in an address gets one too', async () => {
    const { ask, log } = await stage();
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
        const got = await ask('GET', `/v1/tickets${path}?${query}`);
        expect(got.status).toBeGreaterThanOrEqual(400);
        expect(got.status).toBeLessThan(500);
        expect(got.body).toMatchObject({ status: got.status });
      }),
      { numRuns: 60, interruptAfterTimeLimit: 3_000 },
    );
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
