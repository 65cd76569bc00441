import { describe, expect, it } from 'vitest';
import { SCOPES, type Scope } from '../../../src/domain/access/scope.ts';
import type { ApiKey } from '../../../src/engine/api-records.ts';
import { bearerSecret, secretHash } from '../../../src/http/access/api-key.ts';
import { allOperations } from '../../../src/http/server/start.ts';
import { SECRETS, settingsOf, stage } from './stage.ts';

const STORED = 'a-secret-that-the-store-knows-hashed';

function storedKey(change: Partial<ApiKey> = {}): ApiKey {
  return {
    id: 'key-bcdf',
    name: 'Wall board',
    secretHash: secretHash(STORED),
    scopes: ['queues:read', 'planets:move'],
    createdAt: 0,
    revokedAt: undefined,
    ...change,
  };
}

describe('a key', () => {
  it.each([
    ['none', ''],
    ['an unknown one', 'secret-of-nobody-0123456789ab'],
    ['half of one', SECRETS.everything.slice(0, -1)],
    ['a very long one', 'x'.repeat(4000)],
  ])('is needed: %s is refused', async (_, secret) => {
    const { ask } = await stage();
    const got = await ask('GET', '/v1/queues', { secret });
    expect(got).toMatchObject({ status: 401, body: { type: '/v1/problems/unauthorized' } });
    expect(got.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('of the store opens what its scopes say, until it is revoked', async () => {
    const { ask, store } = await stage();
    store.keys.push(storedKey());
    expect(await ask('GET', '/v1/queues', { secret: STORED })).toMatchObject({ status: 200 });
    const other = await ask('GET', '/metrics', { secret: STORED });
    expect(other).toMatchObject({ status: 403, body: { scope: 'metrics:read' } });
    store.keys.splice(0, 1, storedKey({ revokedAt: 1 }));
    expect(await ask('GET', '/v1/queues', { secret: STORED })).toMatchObject({ status: 401 });
  });

  it('of the file counts as soon as the file is changed, and no longer', async () => {
    const { ask, settings } = await stage();
    const renewed = 'another-secret-0123456789abcdef';
    settings.current = settingsOf({
      keys: new Map([['board', { secret: renewed, scopes: ['queues:read'] }]]),
    });
    expect(await ask('GET', '/v1/queues', { secret: renewed })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/v1/queues')).toMatchObject({ status: 401 });
  });

  it('is read from the header in any letters for Bearer, and nothing else', () => {
    expect(bearerSecret('Bearer abc')).toBe('abc');
    expect(bearerSecret('bearer abc')).toBe('abc');
    for (const header of [undefined, '', 'Basic abc', 'Bearer', 'Bearer a b', 'Bearer \u00e9']) {
      expect(bearerSecret(header)).toBeUndefined();
    }
  });

  it('never comes to the log', async () => {
    const { ask, log } = await stage();
    await ask('POST', '/v1/tickets/ticket-a/cancel', { secret: SECRETS.website });
    await ask('GET', '/v1/queues', { secret: 'secret-of-nobody-0123456789ab' });
    expect(log.text).toContain('config:website');
    for (const secret of Object.values(SECRETS)) expect(log.text).not.toContain(secret);
    expect(log.text).not.toContain('secret-of-nobody');
  });
});

describe('every operation', () => {
  const NO_ONE_IS_ASKED = ['readHealth', 'readProblem', 'readOpenApi'];

  it('wants exactly its scope', async () => {
    const { ask, settings, needs } = await stage();
    for (const one of allOperations(needs)) {
      const url = one.url
        .replace('{which}', 'dialling')
        .replace('{name}', 'callbacks')
        .replace('{id}', one.url.includes('queues') ? 'refunds' : 'ticket-a');
      const withAllBut = (scope: Scope | undefined) => {
        const scopes = SCOPES.filter((other) => other !== scope);
        settings.current = settingsOf({
          keys: new Map([['most', { secret: SECRETS.everything, scopes }]]),
        });
      };
      withAllBut(one.scope);
      const got = await ask(one.method, url);
      if (one.scope === undefined) {
        expect(NO_ONE_IS_ASKED, one.id).toContain(one.id);
        expect([200, 404], one.id).toContain(got.status);
      } else {
        expect(got, one.id).toMatchObject({ status: 403, body: { scope: one.scope } });
      }
    }
  });
});

describe('limits', () => {
  it('are told in every answer, and hold for a key', async () => {
    const rateLimits = { perKeyPerMinute: 2, perAddressPerMinute: 100 };
    const { ask } = await stage({ rateLimits });
    const first = await ask('GET', '/v1/queues');
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"key";r=1;t=\d+$/u);
    expect(await ask('GET', '/v1/queues')).toMatchObject({ status: 200 });
    const third = await ask('GET', '/v1/queues');
    expect(third).toMatchObject({ status: 429, body: { type: '/v1/problems/too-many-requests' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await ask('GET', '/v1/queues', { secret: SECRETS.board });
    expect(other).toMatchObject({ status: 200 });
  });

  it('hold for an address before its key is looked at', async () => {
    const rateLimits = { perKeyPerMinute: 100, perAddressPerMinute: 3 };
    const { ask, store } = await stage({ rateLimits });
    let looked = 0;
    store.apiKeyOf = async () => {
      looked += 1;
      return undefined;
    };
    const statuses: number[] = [];
    for (let guess = 0; guess < 6; guess += 1) {
      const secret = `a-guess-at-a-secret-number-${guess}`;
      statuses.push((await ask('GET', '/v1/queues', { secret })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
    expect(looked).toBe(3);
  });

  it('count what is no address of the API too', async () => {
    const rateLimits = { perKeyPerMinute: 100, perAddressPerMinute: 1 };
    const { ask } = await stage({ rateLimits });
    expect(await ask('GET', '/nothing')).toMatchObject({ status: 404 });
    expect(await ask('GET', '/nothing')).toMatchObject({ status: 429 });
  });
});
