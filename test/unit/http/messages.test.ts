import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { AttemptCause, Ticket } from '../../../src/domain/callback/ticket.ts';
import type {
  HttpMessageSettings,
  MessageSettings,
} from '../../../src/domain/notification/settings.ts';
import { senderOf, understand } from '../../../src/http/messages/received.ts';
import { TextMessages } from '../../../src/http/messages/text-messages.ts';
import { occasionOf } from '../../../src/http/messages/wording.ts';
import type { Fetch } from '../../../src/http/outgoing/post.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { aTicket, NOON } from './fake-office.ts';
import { MemoryHttpStore } from './memory-http-store.ts';
import { stage as apiStage, freshKey, HeardLog } from './stage.ts';

const HTTP: HttpMessageSettings = {
  url: 'https://texts.example/messages',
  format: 'json',
  headers: { Authorization: 'Basic c2VjcmV0' },
  body: { from: '55501', to: '{to}', message: 'Help: {text}', reference: '{reference}' },
  timeoutSeconds: 5,
};

const SETTINGS: MessageSettings = {
  provider: 'http',
  http: HTTP,
  texts: {
    registered: new Map([
      ['en', 'Call {number}.'],
      ['es', 'Llame al {number}.'],
    ]),
    booked: new Map([
      ['en', 'On {time}.'],
      ['es', 'El {time}.'],
    ]),
    missed: new Map([['en', 'We called. Call {number}.']]),
    cancelled: new Map(),
    ended: new Map([['en', 'No more calls. Call {number}.']]),
  },
};

function stage(change: Partial<MessageSettings> = {}) {
  const clock = new ManualClock();
  const store = new MemoryHttpStore();
  const log = new HeardLog();
  const sent: { url: string; headers: Record<string, string>; body: string }[] = [];
  const answers: (number | 'fails')[] = [];
  const fetch: Fetch = async (url, { headers, body }) => {
    sent.push({ url, headers, body });
    const answer = answers.shift() ?? 202;
    if (answer === 'fails') throw new TypeError('fetch failed');
    return { status: answer, headers: { get: () => null }, body: null };
  };
  const settings = { current: { ...SETTINGS, ...change } };
  const texts = new TextMessages({
    settings: () => settings.current,
    store,
    clock,
    log,
    fetch,
    timeZoneOf: () => 'America/New_York',
  });
  return { clock, store, log, sent, answers, settings, texts };
}

const SLOT = { from: Date.UTC(2026, 10, 26, 14, 30), to: Date.UTC(2026, 10, 26, 15) };

function missed(cause: AttemptCause): Ticket {
  const attempt = { startedAt: NOON, endedAt: NOON, cause, agentId: 'alice' };
  return aTicket({ attempts: [attempt] });
}

describe('the occasion for a text', () => {
  const ended = (because: 'asked' | 'returned' | 'numberRefused') =>
    aTicket({ state: { name: 'cancelled', at: NOON, by: 'caller', because } });
  const exhausted = (cause: AttemptCause): Ticket => ({
    ...missed(cause),
    state: { name: 'exhausted', at: NOON, cause },
  });
  const expired: Ticket = { ...missed('noAnswer'), state: { name: 'expired', at: NOON } };

  it.each<readonly [string, Ticket | undefined, Ticket, string | undefined]>([
    ['a promise', undefined, aTicket(), 'registered'],
    ['a promise for a time', undefined, aTicket({ slot: SLOT }), 'booked'],
    ['another time', aTicket(), aTicket({ slot: SLOT }), 'booked'],
    ['no other time', aTicket({ slot: SLOT }), aTicket({ slot: SLOT }), undefined],
    ['no answer', aTicket(), missed('noAnswer'), 'missed'],
    ['a machine', aTicket(), missed('machine'), 'missed'],
    ['a failure of the carrier', aTicket(), missed('carrierFailure'), undefined],
    ['a choice to be called later', aTicket(), missed('choseLater'), undefined],
    ['a cancel', aTicket(), ended('asked'), 'cancelled'],
    ['a return to the line', aTicket(), ended('returned'), undefined],
    ['a refused number', aTicket(), ended('numberRefused'), 'ended'],
    ['no answer to the last attempt', aTicket(), exhausted('noAnswer'), 'missed'],
    ['a number that does not exist', aTicket(), exhausted('invalidNumber'), 'ended'],
    ['no carrier to the end', aTicket(), exhausted('carrierFailure'), 'ended'],
    ['too often later', aTicket(), exhausted('choseLater'), 'ended'],
    ['old age', aTicket(), aTicket({ state: expired.state }), 'ended'],
    ['old age after a miss', missed('noAnswer'), expired, 'ended'],
    ['what is known', expired, expired, undefined],
    ['nothing', aTicket(), aTicket(), undefined],
  ])('%s', (_, before, after, occasion) => {
    expect(occasionOf(before, after)).toBe(occasion);
  });
});

describe('a text', () => {
  it('is posted in the fields that the operator chose, in the language of the customer', async () => {
    const { texts, sent, clock } = stage();
    const origin = { ...aTicket().origin, language: 'es' };
    texts.ticketChanged(undefined, aTicket({ origin }));
    await clock.pass(0);
    expect(sent).toEqual([
      {
        url: 'https://texts.example/messages',
        headers: { Authorization: 'Basic c2VjcmV0', 'content-type': 'application/json' },
        body: JSON.stringify({
          from: '55501',
          to: '+12025550123',
          message: 'Help: Llame al 1-800-555-0100.',
          reference: 'ticket-bcdf',
        }),
      },
    ]);
  });

  it('may be a form, out of which no text breaks', async () => {
    const http = { ...HTTP, format: 'form', body: { To: '{to}', Body: '{text}' } } as const;
    const en = 'One & two = {number} "q" %26';
    const { texts, sent, clock } = stage({
      http,
      texts: { ...SETTINGS.texts, registered: new Map([['en', en]]) },
    });
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect([...new URLSearchParams(sent[0]?.body)]).toEqual([
      ['To', '+12025550123'],
      ['Body', 'One & two = 1-800-555-0100 "q" %26'],
    ]);
  });

  it('says a booked time in the time zone of the queue', async () => {
    const { texts, sent, clock } = stage();
    texts.ticketChanged(undefined, aTicket({ slot: SLOT }));
    await clock.pass(0);
    const origin = { ...aTicket().origin, language: 'es' };
    texts.ticketChanged(undefined, aTicket({ slot: SLOT, origin }));
    await clock.pass(0);
    expect(sent[0]?.body).toMatch(/Thursday, November 26 at 9:30\sAM, eastern time\./u);
    expect(sent[1]?.body).toMatch(/jueves, 26 de noviembre, 9:30, hora del este\./u);
  });

  it('is not sent without wording for the occasion or the language', async () => {
    const { texts, sent, clock } = stage();
    const origin = { ...aTicket().origin, language: 'fr' };
    texts.ticketChanged(undefined, aTicket({ origin }));
    const state = { name: 'cancelled', at: NOON, by: 'caller', because: 'asked' } as const;
    texts.ticketChanged(aTicket(), aTicket({ state }));
    await clock.pass(0);
    expect(sent).toEqual([]);
  });

  it('says that nobody will call again', async () => {
    const { texts, sent, clock } = stage();
    texts.ticketChanged(aTicket(), aTicket({ state: { name: 'expired', at: NOON } }));
    await clock.pass(0);
    expect(sent[0]?.body).toContain('No more calls. Call 1-800-555-0100.');
  });

  it('leaves neither number nor words in the log', async () => {
    const { texts, log, clock, settings } = stage({ provider: 'log' });
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    settings.current = SETTINGS;
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(log.text).toContain('would be sent');
    expect(log.text).toContain('taken by the provider');
    expect(log.text).not.toMatch(/5550123|555-0100|Call/u);
  });

  it('is nobody’s business when texts are off', async () => {
    const { texts, sent, clock, log } = stage({ provider: 'off' });
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(sent).toEqual([]);
    expect(log.lines).toEqual([]);
  });
});

describe('a provider', () => {
  it.each<readonly [number | 'fails', number]>([
    [500, 3],
    [429, 3],
    ['fails', 3],
    [400, 1],
    [302, 1],
  ])('that answers %s is tried %i times', async (answer, times) => {
    const { texts, sent, answers, clock, log } = stage();
    answers.push(answer, answer, answer, answer);
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(600_000);
    expect(sent).toHaveLength(times);
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', message: 'text message: not sent' });
    expect(texts.waiting).toBe(0);
  });

  it('gets a thousand messages at once at most', async () => {
    const { texts, answers, clock, log } = stage();
    answers.push(...Array.from({ length: 3_000 }, () => 500));
    for (let count = 0; count < 1_001; count += 1) texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(texts.waiting).toBe(1_000);
    expect(log.text).toContain('too many are waiting');
    texts.stop();
    expect(clock.pending).toBe(0);
    expect(log.lines.at(-1)).toMatchObject({ fields: { lost: 1_000 } });
  });
});

describe('STOP', () => {
  it.each([
    ['STOP', 'stop'],
    [' Stop. ', 'stop'],
    ['Opt-out', 'stop'],
    ['UNSUBSCRIBE', 'stop'],
    ['ALTO', 'stop'],
    ['¡Cancelar!', 'stop'],
    ['start', 'start'],
    ['UNSTOP', 'start'],
    ['please do not stop', 'nothing'],
    ['', 'nothing'],
    ['☎️', 'nothing'],
  ])('%j is understood as %s', (text, understood) => {
    expect(understand(text)).toBe(understood);
  });

  it('ends all texts to a number until START', async () => {
    const { texts, sent, clock } = stage();
    expect(await texts.receive({ from: '+12025550123', text: 'Stop' })).toBe('stop');
    texts.ticketChanged(undefined, aTicket());
    texts.ticketChanged(undefined, aTicket({ number: '+12025550124' }));
    await clock.pass(0);
    expect(sent.map(({ body }) => (JSON.parse(body) as { to: string }).to)).toEqual([
      '+12025550124',
    ]);
    expect(await texts.receive({ from: '+12025550123', text: 'start' })).toBe('start');
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(sent).toHaveLength(2);
  });

  it('counts between two tries of one message too', async () => {
    const { texts, sent, answers, clock } = stage();
    answers.push(500);
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    await texts.receive({ from: '+12025550123', text: 'STOP' });
    await clock.pass(600_000);
    expect(sent).toHaveLength(1);
  });

  it('is taken as said where it cannot be looked up', async () => {
    const { texts, sent, store, clock, log } = stage();
    store.hasOptedOut = async () => {
      throw new CallFailure('store', 'the disk is gone');
    };
    texts.ticketChanged(undefined, aTicket());
    await clock.pass(0);
    expect(sent).toEqual([]);
    expect(log.text).toContain('the disk is gone');
    expect(texts.waiting).toBe(0);
  });

  it('comes in through the API', async () => {
    const heard: unknown[] = [];
    const { ask } = await apiStage(
      {},
      {
        receiveMessage: async (message) => {
          heard.push(message);
          return 'stop';
        },
      },
    );
    const send = (from: string) =>
      ask('POST', '/v1/messages/received', { body: { from, text: 'STOP' }, headers: freshKey() });
    expect(await send('(202) 555-0123')).toMatchObject({
      status: 200,
      body: { understood: 'stop' },
    });
    expect(heard).toEqual([{ from: '+12025550123', text: 'STOP' }]);
    expect(await send('sip:me@example.com')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'from' }] },
    });
  });

  it.each([
    ['+12025550123', '+12025550123'],
    ['12025550123', '+12025550123'],
    ['202.555.0123', '+12025550123'],
    ['+44 20 7946 0000', '+442079460000'],
    ['55501', undefined],
    ['+1 (202) 555-0123; x', undefined],
  ])('is of the sender %s', (text, number) => {
    expect(senderOf(text)).toBe(number);
  });
});
