import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import { NotKeptYet, type OfficeRefusal } from '../../../src/engine/ticket-office.ts';
import { aTicket, NOON } from './fake-office.ts';
import { FORM, freshKey, SECRETS, stage } from './stage.ts';

describe('a ticket by web', () => {
  it('is promised, with its place in line and the number masked', async () => {
    const { ask, office } = await stage();
    const got = await ask('POST', '/v1/tickets', { body: FORM, headers: freshKey() });
    expect(got.status).toBe(201);
    expect(got.headers.get('location')).toBe('/v1/tickets/ticket-new0');
    expect(got.body).toMatchObject({
      id: 'ticket-new0',
      queue: 'refunds',
      number: '+1 202 ••• ••23',
      state: 'waiting',
      language: 'en',
      line: { ahead: 4, wait: { seconds: 600, lowSeconds: 480, highSeconds: 800 } },
    });
    expect(office.asked).toEqual(['create (202) 555-0123']);
  });

  it('may be for a time that was chosen', async () => {
    const { ask, office } = await stage();
    const slot = { from: '2026-11-25T09:00:00-05:00', to: '2026-11-25T14:30:00Z' };
    await ask('POST', '/v1/tickets', { body: { ...FORM, slot }, headers: freshKey() });
    expect(office.tickets.get('ticket-new0')?.slot).toEqual({
      from: Date.UTC(2026, 10, 25, 14),
      to: Date.UTC(2026, 10, 25, 14, 30),
    });
  });

  it('is in a language that we speak', async () => {
    const { ask } = await stage();
    const got = await ask('POST', '/v1/tickets', {
      body: { ...FORM, language: 'fr' },
      headers: freshKey(),
    });
    expect(got.status).toBe(400);
    expect(got.body).toMatchObject({
      type: '/v1/problems/invalid-request',
      errors: [{ in: 'body', field: 'language', detail: 'One of en, es.' }],
    });
  });
});

describe('a ticket', () => {
  it('is read with its number masked, whole only with the scope for it', async () => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    const masked = await ask('GET', '/v1/tickets/ticket-bcdf', { secret: SECRETS.website });
    expect(masked.body).toMatchObject({ number: '+1 202 ••• ••23', path: ['main', '1'] });
    const whole = await ask('GET', '/v1/tickets/ticket-bcdf');
    expect(whole.body).toMatchObject({ number: '+12025550123' });
  });

  it('never tells the code that the customer chose', async () => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    const got = await ask('GET', '/v1/tickets/ticket-bcdf');
    expect(got.body).not.toHaveProperty('code');
    expect(got.text).not.toContain('"42"');
  });

  it.each<readonly [Ticket['state'], string | null]>([
    [{ name: 'dialling', agentId: 'alice', startedAt: NOON }, 'alice'],
    [{ name: 'reached', agentId: 'bob', startedAt: NOON, reachedAt: NOON }, 'bob'],
    [{ name: 'connected', agentId: 'carol', at: NOON }, 'carol'],
    [{ name: 'waiting', notBefore: NOON, because: 'registered' }, null],
    [{ name: 'expired', at: NOON }, null],
  ])('tells which agent is kept for it: %j', async (state, agent) => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket({ state }));
    const got = await ask('GET', '/v1/tickets/ticket-bcdf');
    expect(got.body).toMatchObject({ state: state.name, agent });
  });

  it('tells how it ended', async () => {
    const { ask, office } = await stage();
    const attempts = [
      { startedAt: NOON, endedAt: NOON + 30_000, cause: 'noAnswer', agentId: 'alice' } as const,
    ];
    const state = { name: 'exhausted', at: NOON + 60_000, cause: 'noAnswer' } as const;
    office.tickets.set('ticket-bcdf', aTicket({ state, attempts }));
    const got = await ask('GET', '/v1/tickets/ticket-bcdf');
    expect(got.body).toMatchObject({
      state: 'exhausted',
      because: 'noAnswer',
      endedAt: '2026-11-25T12:01:00.000Z',
      line: null,
      attempts: [{ cause: 'noAnswer', agent: 'alice' }],
    });
  });

  it('is cancelled by API', async () => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    const got = await ask('POST', '/v1/tickets/ticket-bcdf/cancel');
    expect(got).toMatchObject({ status: 200, body: { state: 'cancelled', because: 'asked' } });
    expect(office.asked).toEqual(['cancel api']);
  });

  it('gets another time, or none', async () => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    const slot = { from: '2026-11-26T14:00:00Z', to: '2026-11-26T14:30:00Z' };
    const booked = await ask('POST', '/v1/tickets/ticket-bcdf/reschedule', { body: { slot } });
    expect(booked.body).toMatchObject({
      slot: { from: '2026-11-26T14:00:00.000Z', to: '2026-11-26T14:30:00.000Z' },
    });
    const back = await ask('POST', '/v1/tickets/ticket-bcdf/reschedule', { body: { slot: null } });
    expect(back.body).toMatchObject({ slot: null });
  });

  it.each([
    [{ position: 'front' }, 'move {"to":"front"} it is urgent'],
    [
      { position: 'before', ticket: 'ticket-xyz' },
      'move {"to":"before","ticket":"ticket-xyz"} it is urgent',
    ],
  ])('moves in line with a reason: %j', async (where, asked) => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    const body = { ...where, reason: 'it is urgent' };
    expect(await ask('POST', '/v1/tickets/ticket-bcdf/move', { body })).toMatchObject({
      status: 200,
    });
    expect(office.asked).toEqual([asked]);
  });

  it.each([
    [{ position: 'front' }, 'reason'],
    [{ position: 'front', reason: ' ' }, 'reason'],
    [{ position: 'front', reason: 'call (202) 555-0123 first' }, 'reason'],
    [{ position: 'front', ticket: 'ticket-xyz', reason: 'why' }, 'ticket'],
    [{ position: 'before', reason: 'why' }, 'ticket'],
    [{ position: 'top', reason: 'why' }, 'position'],
  ])('does not move without a reason and a place: %j', async (body, field) => {
    const { ask, office } = await stage();
    const got = await ask('POST', '/v1/tickets/ticket-bcdf/move', { body });
    expect(got).toMatchObject({ status: 400, body: { errors: [{ in: 'body', field }] } });
    expect(office.asked).toEqual([]);
  });
});

describe('a change that could not be kept yet', () => {
  it.each([
    ['cancel', {}],
    ['reschedule', { slot: null }],
    ['move', { position: 'front', reason: 'it is urgent' }],
  ])('of %s is told as one that counts', async (act, body) => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    office.failWith = new NotKeptYet(new Error('database is locked'));
    const got = await ask('POST', `/v1/tickets/ticket-bcdf/${act}`, { body });
    expect(got).toMatchObject({ status: 503, body: { type: '/v1/problems/not-kept-yet' } });
    expect(got.headers.get('retry-after')).toBe('10');
    expect(got.text).not.toMatch(/nothing was changed|database/iu);
  });

  it('is not said of a ticket that was not made', async () => {
    const { ask, office } = await stage();
    office.failWith = new CallFailure('store', 'database is locked');
    const got = await ask('POST', '/v1/tickets', { body: FORM, headers: freshKey() });
    expect(got).toMatchObject({ status: 503, body: { type: '/v1/problems/store-unavailable' } });
  });
});

describe('the list', () => {
  it('goes on page by page to its end', async () => {
    const { ask, office } = await stage();
    const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => `ticket-${letter}` as const);
    ids.forEach((id, index) => office.tickets.set(id, aTicket({ id, arrivalSequence: index })));
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 9; page += 1) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const got = await ask('GET', `/v1/tickets?queue=refunds&limit=2${from}`);
      const body = got.body as { tickets: { id: string }[]; next: string | null };
      seen.push(...body.tickets.map(({ id }) => id));
      cursor = body.next;
      // The last that was shown may be served before the next page is asked for.
      office.tickets.delete(body.tickets.at(-1)?.id as TicketId);
    }
    expect(seen).toEqual(ids);
  });

  it('masks numbers unless the key may see them', async () => {
    const { ask, office } = await stage();
    office.tickets.set('ticket-bcdf', aTicket());
    const list = '/v1/tickets?queue=refunds';
    expect((await ask('GET', list, { secret: SECRETS.website })).text).not.toContain(
      '+12025550123',
    );
    expect((await ask('GET', list)).text).toContain('+12025550123');
  });

  it.each([
    ['/v1/tickets', 400, 'invalid-request'],
    ['/v1/tickets?queue=refunds&limit=0', 400, 'invalid-request'],
    ['/v1/tickets?queue=refunds&queue=closed', 400, 'invalid-request'],
    ['/v1/tickets?queue=refunds&state=open', 400, 'invalid-request'],
    ['/v1/tickets?queue=refunds&cursor=bm90aGluZw', 400, 'invalid-request'],
    ['/v1/tickets?queue=nothing', 404, 'unknown-queue'],
  ])('refuses %s', async (path, status, problem) => {
    const { ask } = await stage();
    const got = await ask('GET', path);
    expect(got).toMatchObject({ status, body: { type: `/v1/problems/${problem}`, status } });
  });
});

describe('every refusal of the office has a type and a status of its own', () => {
  const refusals: readonly (readonly [OfficeRefusal, number, object])[] = [
    [{ refused: 'unknownQueue' }, 404, { type: '/v1/problems/unknown-queue' }],
    [{ refused: 'unknownDnis' }, 422, { type: '/v1/problems/unknown-number-dialled' }],
    [{ refused: 'registeringOff' }, 409, { type: '/v1/problems/registering-off' }],
    [{ refused: 'tooManyTickets' }, 409, { type: '/v1/problems/too-many-tickets' }],
    [{ refused: 'slotTaken' }, 409, { type: '/v1/problems/slot-taken' }],
    [
      { refused: 'number', rule: 'premium' },
      422,
      { type: '/v1/problems/number-refused', rule: 'premium' },
    ],
    [
      { refused: 'notWaiting', state: 'connected' },
      409,
      { type: '/v1/problems/not-waiting', state: 'connected' },
    ],
    [{ refused: 'unknownTicket' }, 404, { type: '/v1/problems/unknown-ticket' }],
    [
      { refused: 'alreadyBooked', ticket: 'ticket-bcdf' },
      409,
      { type: '/v1/problems/already-booked', ticket: 'ticket-bcdf' },
    ],
  ];

  it.each(refusals)('%j', async (refusal, status, body) => {
    const { ask, office } = await stage();
    office.refuseWith = refusal;
    const got = await ask('POST', '/v1/tickets', { body: FORM, headers: freshKey() });
    expect(got.status).toBe(status);
    expect(got.headers.get('content-type')).toBe('application/problem+json');
    expect(got.body).toMatchObject({ ...body, status, title: expect.any(String) });
  });

  it('none shares its type', () => {
    const types = refusals.map(([, , body]) => ('type' in body ? body.type : undefined));
    expect(new Set(types).size).toBe(refusals.length);
  });
});
