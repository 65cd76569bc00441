import { beforeEach, describe, expect, test } from 'vitest';
import type { Authentication } from '../../../src/engine/phones.ts';
import { formatChallenge, parseChallenge } from '../../../src/protocol/digest/challenge.ts';
import { Authenticator, type AuthenticatorOptions } from '../../../src/registrar/authenticator.ts';
import { FailureLimits } from '../../../src/registrar/failure-limits.ts';
import {
  type Answer,
  answerTo,
  findAccount,
  ManualClock,
  REALM,
  REQUEST_URI,
  SILENT,
} from './kit.ts';

const NONCE_LIFETIME_MS = 60_000;
const REFUSED = { result: 'refused' };
const ANNA = { result: 'agent', agentId: 'anna' };

let clock: ManualClock;
let subject: Authenticator;
beforeEach(() => {
  clock = new ManualClock();
  subject = create();
});

function create(changes: Partial<AuthenticatorOptions> = {}): Authenticator {
  return new Authenticator({
    realm: REALM,
    findAccount,
    algorithm: 'MD5',
    nonceLifetimeMs: NONCE_LIFETIME_MS,
    failureLimits: { windowMs: 60_000, perSource: 6, perUser: 4, perPair: 3, maxEntries: 100 },
    now: () => clock.now(),
    log: SILENT,
    ...changes,
  });
}

interface Request {
  readonly method?: string;
  readonly requestUri?: string;
  readonly source?: string;
}

function ask(authorization: string | undefined, request: Request = {}): Authentication {
  const { method = 'REGISTER', requestUri = REQUEST_URI, source = '192.0.2.1:5060' } = request;
  return subject.authenticate({ method, requestUri, authorization, source });
}

function challengeOf(authentication: Authentication): string {
  if (authentication.result !== 'challenge') throw new Error(`was ${authentication.result}`);
  return authentication.challenge;
}

function fresh(): string {
  return challengeOf(ask(undefined));
}

function tryOnce(answer: Answer, request?: Request): Authentication {
  return ask(answerTo(fresh(), answer), request);
}

describe('who proves a secret is let in', () => {
  test('the challenge asks for MD5 with qop auth in our realm', () => {
    const challenge = fresh();
    expect(parseChallenge(challenge)).toMatchObject({
      realm: REALM,
      algorithm: 'MD5',
      qopAuth: true,
      stale: false,
    });
    expect(challenge).not.toContain('stale');
  });

  test.each([
    ['an agent', {}, ANNA],
    ['a trunk', { user: 'carrier', method: 'INVITE' }, { result: 'trunk', trunk: 'main' }],
  ] as const)('%s', (_, answer, expected) => {
    const method = 'method' in answer ? answer.method : 'REGISTER';
    expect(tryOnce(answer, { method })).toEqual(expected);
  });

  test('with SHA-256 too, though MD5 was asked for', () => {
    const challenge = formatChallenge({ ...parseChallenge(fresh()), algorithm: 'SHA-256' });
    expect(ask(answerTo(challenge))).toEqual(ANNA);
  });

  test('with nothing less than SHA-256 where that is asked for', () => {
    subject = create({ algorithm: 'SHA-256' });
    const challenge = fresh();
    expect(challenge).toContain('algorithm=SHA-256');
    const weaker = formatChallenge({ ...parseChallenge(challenge), algorithm: 'MD5' });
    expect(ask(answerTo(weaker)).result).toBe('challenge');
    expect(ask(answerTo(challenge))).toEqual(ANNA);
  });
});

describe('who does not is refused', () => {
  test.each<[string, Answer, Request]>([
    ['a wrong secret', { password: 'wrong' }, {}],
    ['an unknown user', { user: 'nobody' }, {}],
    ['a user with an overlong name', { user: 'x'.repeat(500) }, {}],
    ['an answer for another method', { method: 'INVITE' }, {}],
    ['an answer for another user at the host', { uri: `sip:ben@${REALM}` }, {}],
    ['an answer for another host', { uri: 'sip:other.example' }, {}],
    ['an answer for a URI that is none', { uri: '*' }, {}],
  ])('%s', (_, answer, request) => {
    expect(tryOnce(answer, request)).toEqual(REFUSED);
  });

  test('unknown users and wrong secrets are answered alike, again and again', () => {
    const results = (user: string) => {
      subject = create();
      return Array.from({ length: 8 }, () => tryOnce({ user, password: 'wrong' }));
    };
    expect(results('nobody')).toEqual(results('anna'));
  });
});

describe('the URI may be spelled otherwise, but not mean something else', () => {
  test.each([
    [`sip:${REALM.toUpperCase()}`, REQUEST_URI, 'agent'],
    [REQUEST_URI, `${REQUEST_URI};transport=tcp`, 'agent'],
    [`sip:anna@${REALM};transport=TCP`, `sip:anna@${REALM}`, 'agent'],
    ['sip:%61nna@host.example', 'sip:anna@host.example', 'agent'],
    [`sip:Anna@${REALM}`, `sip:anna@${REALM}`, 'refused'],
    [`sips:${REALM}`, REQUEST_URI, 'refused'],
    [`${REQUEST_URI}:5061`, REQUEST_URI, 'refused'],
    [`${REQUEST_URI};user=phone`, REQUEST_URI, 'refused'],
  ] as const)('%s for %s: %s', (uri, requestUri, result) => {
    expect(tryOnce({ uri }, { requestUri }).result).toBe(result);
  });
});

describe('what is no answer to our challenge is challenged', () => {
  test.each([
    ['nothing', undefined],
    ['another scheme', 'Basic YW5uYTp4'],
    ['garbage', 'Digest ,,,,'],
    ['a wide header', `Digest username="${'x'.repeat(10_000)}"`],
    ['another realm', answerTo(`Digest realm="other", nonce="n", algorithm=MD5, qop="auth"`)],
    ['no qop', answerTo(`Digest realm="${REALM}", nonce="n", algorithm=MD5`)],
    [
      'qop auth-int',
      `${answerTo(`Digest realm="${REALM}", nonce="n", qop="auth"`)}`.replace(
        'qop=auth',
        'qop=auth-int',
      ),
    ],
  ])('%s', (_, authorization) => {
    expect(challengeOf(ask(authorization))).not.toContain('stale');
  });
});

describe('nothing can be replayed', () => {
  test('the same credentials are good once', () => {
    const authorization = answerTo(fresh());
    expect(ask(authorization)).toEqual(ANNA);
    for (let again = 0; again < 3; again += 1) {
      expect(challengeOf(ask(authorization))).toContain('stale=true');
    }
  });

  test('a nonce serves on while its count grows, each count once', () => {
    const challenge = fresh();
    const use = (count: number) => ask(answerTo(challenge, { count })).result;
    const once = [1, 2, 5, 4, 3, 40, 39, 100, 69].map(use);
    expect(once).toEqual(once.map(() => 'agent'));
    const twice = [1, 2, 3, 4, 5, 39, 40, 69, 100].map(use);
    expect(twice).toEqual(twice.map(() => 'challenge'));
    expect(use(68)).toBe('challenge');
    expect(use(0)).toBe('challenge');
    expect(use(101)).toBe('agent');
  });

  test('an old nonce is stale, used or not', () => {
    const used = fresh();
    const unused = fresh();
    expect(ask(answerTo(used))).toEqual(ANNA);
    clock.advance(NONCE_LIFETIME_MS + 1);
    expect(challengeOf(ask(answerTo(used, { count: 2 })))).toContain('stale=true');
    expect(challengeOf(ask(answerTo(unused)))).toContain('stale=true');
  });

  test('a nonce of before a restart is stale, so that phones try again by themselves', () => {
    const challenge = fresh();
    subject = create();
    expect(challengeOf(ask(answerTo(challenge)))).toContain('stale=true');
  });

  test.each([
    ['made up', () => 'AAAA'],
    [
      'with a changed letter',
      (nonce: string) => (nonce.startsWith('A') ? 'B' : 'A') + nonce.slice(1),
    ],
    ['spelled otherwise', (nonce: string) => `${nonce}=`],
    [
      'spelled in base64',
      (nonce: string) => `${nonce.replaceAll('-', '+').replaceAll('_', '/')}==`,
    ],
  ])('a nonce %s is not taken', (_, change) => {
    const challenge = parseChallenge(fresh());
    const changed = formatChallenge({ ...challenge, nonce: change(challenge.nonce) });
    expect(challengeOf(ask(answerTo(changed)))).toContain('stale=true');
  });

  test('a nonce that was forgotten to make room does not come back', () => {
    const first = fresh();
    const authorization = answerTo(first);
    expect(ask(authorization)).toEqual(ANNA);
    for (let n = 0; n < 20_001; n += 1) {
      if (n === 1) clock.advance(1);
      ask(answerTo(fresh()));
    }
    expect(ask(authorization).result).toBe('challenge');
    expect(ask(answerTo(first, { count: 2 })).result).toBe('challenge');
  });
});

describe('guessing is slowed', () => {
  const right = (source: string, user = 'anna') => tryOnce({ user }, { source }).result;
  const wrong = (source: string, user = 'anna') =>
    tryOnce({ user, password: 'guess' }, { source }).result;

  test('one source may guess so often, whatever the users and ports, until a minute has passed', () => {
    for (let n = 0; n < 6; n += 1) wrong(`192.0.2.1:${5_000 + n}`, `user-${n}`);
    expect(right('192.0.2.1:7000')).toBe('refused');
    expect(right('192.0.2.2:7000')).toBe('agent');
    clock.advance(60_000);
    expect(right('192.0.2.1:7000')).toBe('agent');
  });

  test('one user may be guessed at so often, from wherever', () => {
    for (let n = 0; n < 4; n += 1) wrong(`[2001:db8::${n}]:5060`);
    expect(right('192.0.2.9:5060')).toBe('refused');
    expect(right('192.0.2.9:5060', 'ben')).toBe('agent');
  });

  test('a phone that was right before is not locked out by the guesses of others', () => {
    expect(right('192.0.2.1:5060')).toBe('agent');
    for (let n = 0; n < 10; n += 1) wrong('192.0.2.1:5060', 'ben');
    for (let n = 0; n < 10; n += 1) wrong(`198.51.100.${n}:5060`);
    expect(right('192.0.2.1:5060')).toBe('agent');
    expect(right('192.0.2.1:5060', 'ben')).toBe('refused');
  });

  test('but by its own', () => {
    expect(right('192.0.2.1:5060')).toBe('agent');
    for (let n = 0; n < 3; n += 1) wrong('192.0.2.1:5060');
    expect(right('192.0.2.1:5060')).toBe('refused');
  });

  test('its tables are bounded: the oldest entry makes room', () => {
    const limits = new FailureLimits({
      windowMs: 60_000,
      perSource: 1,
      perUser: 1,
      perPair: 1,
      maxEntries: 2,
    });
    const attempts = [1, 2, 3].map((n) => ({ user: `user-${n}`, address: `192.0.2.${n}` }));
    for (const attempt of attempts) limits.failed(attempt, 0);
    expect(attempts.map((attempt) => limits.refuses(attempt, 1))).toEqual([false, true, true]);
    for (const attempt of attempts) limits.proved(attempt);
    limits.failed(attempts[2] ?? { user: '', address: '' }, 2);
    expect(attempts.map((attempt) => limits.refuses(attempt, 2))).toEqual([false, true, true]);
  });
});
