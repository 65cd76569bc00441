import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import { readIdempotencyKey } from '../../../src/http/idempotency/idempotency.ts';
import { aTicket } from './fake-office.ts';
import { FORM, freshKey, SECRETS, stage } from './stage.ts';

const HOUR_MS = 3_600_000;

describe('a request with an idempotency key', () => {
  it('is carried out once, and answered as before', async () => {
    const { ask, office } = await stage();
    const headers = freshKey();
    const first = await ask('POST', '/v1/tickets', { body: FORM, headers });
    const again = await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(office.asked).toHaveLength(1);
  });

  it('is the same whatever the order of its fields and the quotes of its key', async () => {
    const { ask, office } = await stage();
    const { dnis, ...rest } = FORM;
    await ask('POST', '/v1/tickets', { body: FORM, headers: { 'idempotency-key': '"one"' } });
    const again = await ask('POST', '/v1/tickets', {
      body: { dnis, ...rest },
      headers: { 'idempotency-key': 'one' },
    });
    expect(again.status).toBe(201);
    expect(office.asked).toHaveLength(1);
  });

  it('is refused as before if it was refused', async () => {
    const { ask, office } = await stage();
    const headers = freshKey();
    office.refuseWith = { refused: 'number', rule: 'premium' };
    const first = await ask('POST', '/v1/tickets', { body: FORM, headers });
    office.refuseWith = undefined;
    const again = await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(again).toMatchObject({ status: 422, text: first.text });
    expect(office.asked).toHaveLength(1);
  });

  it('is another one with another body, and refused with 422', async () => {
    const { ask, office } = await stage();
    const headers = freshKey();
    await ask('POST', '/v1/tickets', { body: FORM, headers });
    const body = { ...FORM, number: '202-555-0124' };
    const got = await ask('POST', '/v1/tickets', { body, headers });
    expect(got).toMatchObject({
      status: 422,
      body: { type: '/v1/problems/idempotency-key-reused' },
    });
    expect(office.asked).toHaveLength(1);
  });

  it('is another one at another address', async () => {
    const { ask, office } = await stage();
    for (const id of ['ticket-a', 'ticket-b'] as const) office.tickets.set(id, aTicket({ id }));
    const headers = freshKey();
    expect(await ask('POST', '/v1/tickets/ticket-a/cancel', { headers })).toMatchObject({
      status: 200,
    });
    expect(await ask('POST', '/v1/tickets/ticket-b/cancel', { headers })).toMatchObject({
      status: 422,
    });
  });

  it('is refused with 409 while the first is being carried out', async () => {
    const { ask, office } = await stage();
    const headers = freshKey();
    let letGo: () => void = () => undefined;
    office.holdUp = new Promise((resolve) => {
      letGo = resolve;
    });
    const first = ask('POST', '/v1/tickets', { body: FORM, headers });
    await expect.poll(() => office.asked.length).toBe(1);
    const second = await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(second).toMatchObject({
      status: 409,
      body: { type: '/v1/problems/idempotency-key-in-use' },
    });
    expect(second.headers.get('retry-after')).toBe('1');
    const other = await ask('POST', '/v1/tickets', {
      body: { ...FORM, promptVersion: 'v2' },
      headers,
    });
    expect(other).toMatchObject({ status: 422 });
    letGo();
    expect(await first).toMatchObject({ status: 201 });
    expect(await ask('POST', '/v1/tickets', { body: FORM, headers })).toMatchObject({
      status: 201,
    });
    expect(office.asked).toHaveLength(1);
  });

  it('is not carried out again after a stop cut it off', async () => {
    const { ask, store, office } = await stage();
    const headers = { 'idempotency-key': 'cut-off' };
    await ask('POST', '/v1/tickets', { body: FORM, headers });
    for (const [key, kept] of store.requests)
      store.requests.set(key, { ...kept, response: undefined });
    const got = await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(got).toMatchObject({
      status: 409,
      body: { type: '/v1/problems/idempotency-outcome-unknown' },
    });
    expect(office.asked).toHaveLength(1);
  });

  it('may be repeated after a failure of ours', async () => {
    const { ask, office } = await stage();
    const headers = freshKey();
    office.failWith = new CallFailure('store', 'no space is left for the database');
    const failed = await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(failed).toMatchObject({
      status: 503,
      body: { type: '/v1/problems/store-unavailable' },
    });
    expect(failed.text).not.toContain('space');
    office.failWith = undefined;
    expect(await ask('POST', '/v1/tickets', { body: FORM, headers })).toMatchObject({
      status: 201,
    });
  });

  it('was carried out even if the answer could not be kept', async () => {
    const { ask, office, store, log } = await stage();
    const headers = freshKey();
    const take = store.takeIdempotencyKey.bind(store);
    store.takeIdempotencyKey = async (request, now) => {
      const earlier = await take(request, now);
      store.failWith = new CallFailure('store', 'no space is left for the database');
      return earlier;
    };
    expect(await ask('POST', '/v1/tickets', { body: FORM, headers })).toMatchObject({
      status: 201,
    });
    expect(log.text).toContain('the answer to a request was not kept');
    store.takeIdempotencyKey = take;
    store.failWith = undefined;
    expect(await ask('POST', '/v1/tickets', { body: FORM, headers })).toMatchObject({
      status: 409,
    });
    expect(office.asked).toHaveLength(1);
  });

  it('is remembered for 24 hours', async () => {
    let now = Date.UTC(2026, 10, 25);
    const clock = { now: () => now, startTimer: () => () => undefined };
    const { ask, office } = await stage({}, { clock });
    const headers = freshKey();
    await ask('POST', '/v1/tickets', { body: FORM, headers });
    now += 24 * HOUR_MS - 1;
    await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(office.asked).toHaveLength(1);
    now += 1;
    await ask('POST', '/v1/tickets', { body: FORM, headers });
    expect(office.asked).toHaveLength(2);
  });

  it('of one program is nothing to another', async () => {
    const { ask, office } = await stage();
    const headers = freshKey();
    await ask('POST', '/v1/tickets', { body: FORM, headers });
    const got = await ask('POST', '/v1/tickets', { body: FORM, headers, secret: SECRETS.website });
    expect(got.status).toBe(201);
    expect(office.asked).toHaveLength(2);
  });

  it('leaves no telephone number behind, nor what one could be found from', async () => {
    const { ask, store } = await stage();
    await ask('POST', '/v1/tickets', { body: FORM, headers: freshKey() });
    const kept = JSON.stringify([...store.requests]);
    expect(kept).not.toMatch(/5550123|555-0123/u);
    expect(kept).toMatch(/"fingerprint":"[0-9a-f]{64}"/u);
  });
});

describe('an idempotency key', () => {
  it('is needed to ask for a ticket', async () => {
    const { ask } = await stage();
    expect(await ask('POST', '/v1/tickets', { body: FORM })).toMatchObject({
      status: 400,
      body: { type: '/v1/problems/idempotency-key-missing' },
    });
  });

  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
  ])('is read from %s', (header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it.each(['', '""', '" "', 'a b', 'x'.repeat(101), '\u00e9', '"a\u0001"'])(
    'is refused: %j',
    (header) => {
      expect(() => readIdempotencyKey(header)).toThrow('idempotency-key-invalid');
    },
  );

  it('is read or refused whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (header) => {
        try {
          expect(readIdempotencyKey(header)).toMatch(/^[\x21-\x7e]{1,100}$/u);
        } catch (error) {
          expect(String(error)).toContain('idempotency-key-invalid');
        }
      }),
    );
  });
});
