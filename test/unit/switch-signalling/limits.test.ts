import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../src/protocol/drachtio/event.ts';
import { DEFAULT_LIMITS, type SignallingLimits } from '../../../src/switch/signalling/options.ts';
import { field, starts, writeRequest, writeResponse } from './messages.ts';
import { fresh } from './names.ts';
import { type FakeClient, Stage } from './stage.ts';

const CALLER = 5070;
const CALLEE = 5080;

function stageWith(limits: Partial<SignallingLimits>): { stage: Stage; client: FakeClient } {
  const stage = new Stage({ limits: { ...DEFAULT_LIMITS, ...limits } });
  const client = stage.client();
  for (const verb of ['invite', 'options']) stage.command(client, `m|route|${verb}`);
  client.frames.length = 0;
  return { stage, client };
}

/** Why the last command was refused, or `OK`. */
function outcome(client: FakeClient): string {
  const event = client.frames.map(parseEvent).findLast(({ type }) => type === 'response');
  if (event?.type !== 'response') return 'nothing';
  return event.outcome === 'OK' ? 'OK' : `${event.outcome} ${event.fields[0] ?? ''}`;
}

function transactionIds(client: FakeClient): string[] {
  return client.frames
    .map(parseEvent)
    .flatMap((event) => (event.type === 'sip' ? [event.transactionId] : []));
}

function answerAll(stage: Stage, client: FakeClient, status: string): void {
  for (const id of transactionIds(client)) {
    stage.command(client, `m|sip|${id}|\r\nSIP/2.0 ${status}\r\nCSeq: 1 INVITE\r\n\r\n`);
  }
}

describe('what the server holds is limited', () => {
  it('refuses requests with 503 when too many await an answer', () => {
    const { stage } = stageWith({ incomingRequests: 2 });
    for (let count = 0; count < 4; count += 1) {
      stage.receive(writeRequest({ method: 'OPTIONS', callId: fresh('c'), sequence: 1 }), CALLER);
    }
    expect(starts(stage.take(CALLER))).toEqual([
      'SIP/2.0 503 Service Unavailable',
      'SIP/2.0 503 Service Unavailable',
    ]);
  });

  it('refuses calls with 503 when there are too many dialogs', () => {
    const { stage, client } = stageWith({ dialogs: 1 });
    for (let count = 0; count < 2; count += 1) {
      stage.receive(writeRequest({ method: 'INVITE', callId: fresh('c'), sequence: 1 }), CALLER);
    }
    answerAll(stage, client, '180 Ringing');
    const finals = starts(stage.take(CALLER)).filter((line) => !line.includes('100'));
    expect(finals).toEqual(['SIP/2.0 180 Ringing', 'SIP/2.0 503 Service Unavailable']);
    expect(outcome(client)).toBe('NOK too many dialogs');
  });

  it('makes room for dialogs by dropping those whose application is gone', () => {
    const { stage, client } = stageWith({ dialogs: 1 });
    stage.receive(writeRequest({ method: 'INVITE', callId: fresh('c'), sequence: 1 }), CALLER);
    answerAll(stage, client, '200 OK');
    stage.lose(client);
    const successor = stage.client();
    stage.command(successor, 'm|route|invite');
    stage.receive(writeRequest({ method: 'INVITE', callId: fresh('c'), sequence: 1 }), CALLER);
    answerAll(stage, successor, '200 OK');
    expect(outcome(successor)).toBe('OK');
    expect(stage.held()['dialogs']).toBe(1);
  });

  it('refuses commands when too many requests are out', () => {
    const { stage, client } = stageWith({ outgoingRequests: 1 });
    const send = (): void =>
      stage.command(client, `m|sip||\r\nOPTIONS sip:x@127.0.0.1:${CALLEE} SIP/2.0\r\n\r\n`);
    send();
    expect(outcome(client)).toBe('OK');
    send();
    expect(outcome(client)).toBe('NOK too many requests');
    stage.receive(writeResponse(stage.take(CALLEE)[0] ?? '', 200, 'x'), CALLEE);
    send();
    expect(outcome(client)).toBe('OK');
  });

  it('refuses to proxy when it proxies too much', () => {
    const { stage, client } = stageWith({ proxies: 1 });
    for (let count = 0; count < 2; count += 1) {
      stage.receive(writeRequest({ method: 'OPTIONS', callId: fresh('c'), sequence: 1 }), CALLER);
    }
    for (const id of transactionIds(client)) {
      stage.command(
        client,
        `m|proxy|${id}||||serial|||sip:127.0.0.1:${CALLEE}\r\nOPTIONS sip:x SIP/2.0\r\n\r\n`,
      );
    }
    expect(outcome(client)).toBe('NOK error proxying request to ');
  });

  it('refuses routes beyond the limit, and verbs of any length', () => {
    const { stage, client } = stageWith({ routesPerClient: 3 });
    stage.command(client, 'm|route|register');
    expect(outcome(client)).toBe('OK');
    stage.command(client, 'm|route|info');
    expect(outcome(client)).toBe('NOK Route request includes unsupported verb');
    stage.command(client, 'm|remove_route|info');
    stage.command(client, `m|route|${'x'.repeat(65)}`);
    expect(outcome(client)).toBe('NOK Route request includes unsupported verb');
  });

  it('forgets, after a while, what a lost application left ringing', () => {
    const { stage, client } = stageWith({});
    stage.receive(writeRequest({ method: 'INVITE', callId: fresh('c'), sequence: 1 }), CALLER);
    answerAll(stage, client, '180 Ringing');
    stage.lose(client);
    stage.clock.advance(63_999);
    expect(stage.held()).toMatchObject({ incoming: 1, dialogs: 1, server: 1 });
    stage.clock.advance(1);
    expect(stage.held()).toMatchObject({ incoming: 0, dialogs: 0, server: 0, timers: 0 });
  });
});

describe('an application’s odd requests', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a From that is none',
      'OPTIONS sip:x@127.0.0.1:5080 SIP/2.0\r\nFrom: "open',
      'NOK invalid header value provided by client: Unclosed Quoted String',
    ],
    [
      'a URI that is none',
      'OPTIONS nonsense SIP/2.0',
      'NOK invalid request-uri: OPTIONS nonsense SIP/2.0',
    ],
    ['no URI', 'OPTIONS', 'NOK invalid request-uri: OPTIONS'],
    [
      'a method nobody knows',
      'DANCE sip:x@127.0.0.1:5080 SIP/2.0',
      'NOK invalid request-uri: DANCE sip:x@127.0.0.1:5080 SIP/2.0',
    ],
    [
      'a control character in a value',
      'OPTIONS sip:x@127.0.0.1:5080 SIP/2.0\r\nSubject: a\u0001b',
      'NOK Error creating sip transaction for uac request',
    ],
    [
      'itself by name',
      'OPTIONS sip:x@localhost:5060 SIP/2.0',
      'NOK can not send request to myself',
    ],
    [
      'a tel URI',
      'OPTIONS tel:+12025550123 SIP/2.0',
      'NOK Error creating sip transaction for uac request',
    ],
    [
      'TCP without a listener',
      'OPTIONS sip:x@127.0.0.1:5080;transport=tcp SIP/2.0',
      'NOK requested protocol/transport not available',
    ],
  ];
  it.each(cases)('%s', (_what, text, expected) => {
    const { stage, client } = stageWith({});
    stage.command(client, `m|sip||\r\n${text}\r\n\r\n`);
    expect(outcome(client)).toBe(expected);
    expect(stage.held()).toMatchObject({ outgoing: 0, dialogs: 0, client: 0 });
  });

  it('may not set what is the server’s own', () => {
    const { stage, client } = stageWith({});
    const own = [
      'Via: SIP/2.0/UDP evil',
      'Route: <sip:evil>',
      'Record-Route: <sip:evil>',
      'RSeq: 1',
      'Content-Length: 99',
    ];
    const lines = [
      'INVITE sip:x@127.0.0.1:5080 SIP/2.0',
      ...own,
      'cseq: 7 INVITE',
      'call-id: mine',
      'X-mine: 1',
      'p-foo-bar: 2',
    ];
    stage.command(client, `m|sip||\r\n${lines.join('\r\n')}\r\n\r\n`);
    const [invite] = stage.take(CALLEE);
    expect(invite).not.toContain('evil');
    expect(
      ['RSeq', 'Content-Length', 'CSeq', 'Call-ID'].map((name) => field(invite, name)),
    ).toEqual([undefined, '0', '7 INVITE', 'mine']);
    expect(invite).toMatch(/\r\nX-mine: 1\r\n/);
    expect(invite).toMatch(/\r\nP-Foo-Bar: 2\r\n/);
  });
});
