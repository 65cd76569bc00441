import { beforeEach, describe, expect, it } from 'vitest';
import { parseEvent, type ServerEvent } from '../../../src/protocol/drachtio/event.ts';
import { field, starts, writeRequest, writeResponse } from './messages.ts';
import { fresh } from './names.ts';
import { type FakeClient, Stage } from './stage.ts';

const CALLER = 5070;
const CALLEE = 5080;
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n';

let stage: Stage;
let client: FakeClient;
let callId: string;

beforeEach(() => {
  stage = new Stage();
  client = stage.client();
  callId = fresh('call');
  for (const verb of ['invite', 'register', 'options']) stage.command(client, `m|route|${verb}`);
  client.frames.length = 0;
});

/** The events that the application was sent since the last time. */
function events(): ServerEvent[] {
  return client.frames.splice(0).map(parseEvent);
}

/** A caller's request reaches the application; gives its transaction id. */
function offered(request: string): string {
  stage.receive(request, CALLER);
  const event = events().find(({ type }) => type === 'sip');
  return event?.type === 'sip' ? event.transactionId : '';
}

function respond(
  transactionId: string,
  status: string,
  fields: readonly string[] = [],
  body = '',
): void {
  const lines = [`SIP/2.0 ${status}`, 'CSeq: 1 INVITE', ...fields, '', body];
  stage.command(client, `m|sip|${transactionId}|\r\n${lines.join('\r\n')}`);
}

/** A call that came in and was answered and acknowledged; gives the server's tag. */
function answeredCall(
  fields: readonly string[] = [],
  inviteFields: readonly string[] = [],
): string {
  const transactionId = offered(
    writeRequest({ method: 'INVITE', callId, sequence: 1, fields: inviteFields }),
  );
  respond(transactionId, '200 OK', fields, SDP);
  const ok = stage.take(CALLER).find((message) => message.startsWith('SIP/2.0 200')) ?? '';
  const toTag = /;tag=(\S+)/.exec(field(ok, 'To') ?? '')?.[1] ?? '';
  stage.receive(writeRequest({ method: 'ACK', callId, sequence: 1, toTag }), CALLER);
  client.frames.length = 0;
  return toTag;
}

/** An application's INVITE that went out; gives it as it was sent. */
function placedCall(): string {
  stage.command(client, `m|sip||\r\nINVITE sip:callee@127.0.0.1:${CALLEE} SIP/2.0\r\n\r\n`);
  client.frames.length = 0;
  return stage.take(CALLEE)[0] ?? '';
}

describe('waiting for the application', () => {
  it('ends without a word after 64 s', () => {
    offered(writeRequest({ method: 'OPTIONS', callId, sequence: 1 }));
    expect(stage.held()).toMatchObject({ incoming: 1, server: 1 });
    stage.clock.advance(64_000);
    expect(stage.take(CALLER)).toEqual([]);
    expect(stage.held()).toMatchObject({ incoming: 0, server: 0, timers: 0 });
    expect(stage.log).toContainEqual({
      level: 'warn',
      event: 'request-unanswered',
      detail: { method: 'OPTIONS' },
    });
  });

  it('ends for a BYE with its transaction', () => {
    const toTag = answeredCall();
    stage.receive(writeRequest({ method: 'BYE', callId, sequence: 2, toTag }), CALLER);
    expect(stage.held()['dialogs']).toBe(0);
    stage.clock.advance(32_000);
    expect(stage.take(CALLER)).toEqual([]);
    expect(stage.held()).toMatchObject({ incoming: 0, server: 0, timers: 0 });
  });

  it('ends with 500 for what is open when the call ends', () => {
    const toTag = answeredCall();
    stage.receive(writeRequest({ method: 'INFO', callId, sequence: 2, toTag }), CALLER);
    stage.receive(writeRequest({ method: 'BYE', callId, sequence: 3, toTag }), CALLER);
    expect(field(stage.take(CALLER)[0], 'CSeq')).toBe('2 INFO');
  });
});

describe('a 200 to a re-INVITE', () => {
  it('is repeated until its ACK, and the call goes on without one', () => {
    const toTag = answeredCall();
    const transactionId = offered(writeRequest({ method: 'INVITE', callId, sequence: 2, toTag }));
    stage.take(CALLER);
    respond(transactionId, '200 OK');
    stage.clock.advance(8_000);
    expect(stage.take(CALLER)).toHaveLength(5); // at once and after 0.5, 1.5, 3.5, 7.5 s
    stage.clock.advance(60_000);
    expect(stage.held()['dialogs']).toBe(1);
  });
});

describe('a reliable provisional response', () => {
  const inviteFields = ['Supported: 100rel'];

  it('is given up with 504 when no PRACK comes', () => {
    const invite = writeRequest({ method: 'INVITE', callId, sequence: 1, fields: inviteFields });
    respond(offered(invite), '183 Session Progress', ['Require: 100rel']);
    stage.clock.advance(31_999);
    expect(starts(stage.take(CALLER)).filter((line) => line.includes('183'))).toHaveLength(7);
    stage.clock.advance(1);
    expect(starts(stage.take(CALLER))).toEqual(['SIP/2.0 504 Server Time-out']);
    expect(stage.held()).toMatchObject({ incoming: 0, dialogs: 0 });
  });

  it('keeps the 200 waiting until its PRACK', () => {
    const transactionId = offered(
      writeRequest({ method: 'INVITE', callId, sequence: 1, fields: inviteFields }),
    );
    respond(transactionId, '183 Session Progress', ['Require: 100rel']);
    respond(transactionId, '180 Ringing', ['Require: 100rel']);
    respond(transactionId, '200 OK', [], SDP);
    const [, progress = '', ...early] = stage.take(CALLER);
    expect(early).toEqual([]);
    const toTag = /;tag=(\S+)/.exec(field(progress, 'To') ?? '')?.[1] ?? '';
    const sequence = Number(field(progress, 'RSeq'));
    const prack = (rack: number, cseq: number): string =>
      writeRequest({
        method: 'PRACK',
        callId,
        sequence: cseq,
        toTag,
        fields: [`RAck: ${rack} 1 INVITE`],
      });
    stage.receive(prack(sequence + 5, 2), CALLER);
    expect(starts(stage.take(CALLER))).toEqual(['SIP/2.0 481 Call/Transaction Does Not Exist']);
    stage.receive(prack(sequence, 3), CALLER);
    const [ringing = ''] = stage.take(CALLER);
    expect([ringing.split('\r\n')[0], field(ringing, 'RSeq')]).toEqual([
      'SIP/2.0 180 Ringing',
      String(sequence + 1),
    ]);
    stage.receive(prack(sequence + 1, 4), CALLER);
    expect(starts(stage.take(CALLER))).toEqual(['SIP/2.0 200 OK']);
  });
});

describe('a session timer', () => {
  it('hangs up when the caller does not refresh in time', () => {
    answeredCall(['Session-Expires: 120;refresher=uac']);
    stage.clock.advance(119_999);
    expect(stage.take(CALLER)).toEqual([]);
    stage.clock.advance(1);
    const [bye] = stage.take(CALLER);
    expect(field(bye, 'Reason')).toBe('SIP;cause=200;text="Session timer expired"');
    expect(events()).toMatchObject([{ type: 'sip', transactionId: 'unsolicited' }]);
    expect(stage.held()['dialogs']).toBe(0);
  });

  it('starts anew with each refresh of the caller', () => {
    const toTag = answeredCall(['Session-Expires: 120;refresher=uac']);
    stage.clock.advance(100_000);
    const fields = ['Session-Expires: 120;refresher=uac'];
    const update = offered(writeRequest({ method: 'UPDATE', callId, sequence: 2, toTag, fields }));
    respond(update, '200 OK');
    stage.clock.advance(100_000);
    expect(starts(stage.take(CALLER))).toEqual(['SIP/2.0 200 OK']);
    expect(stage.held()['dialogs']).toBe(1);
  });

  it('refreshes by itself when that is the server’s part', () => {
    answeredCall(['Session-Expires: 120;refresher=uas']);
    stage.clock.advance(60_000);
    const [invite = ''] = stage.take(CALLER);
    expect(invite.split('\r\n')[0]).toBe('INVITE sip:caller@127.0.0.1:5070 SIP/2.0');
    expect(field(invite, 'Session-Expires')).toBe('120;refresher=uac');
    expect(invite).toContain(SDP);
    stage.receive(
      writeResponse(invite, 200, 'caller', ['Session-Expires: 120;refresher=uac']),
      CALLER,
    );
    expect(starts(stage.take(CALLER))).toEqual(['ACK sip:caller@127.0.0.1:5070 SIP/2.0']);
    stage.clock.advance(60_000);
    expect(starts(stage.take(CALLER))).toEqual(['INVITE sip:caller@127.0.0.1:5070 SIP/2.0']);
    expect(events()).toEqual([]);
  });

  it('takes up the caller’s wish only if it names a refresher, and none below 90 s', () => {
    answeredCall([], ['Session-Expires: 120']);
    stage.clock.advance(600_000);
    expect(stage.take(CALLER)).toEqual([]);
    callId = fresh('call');
    const toTag = answeredCall([], ['Session-Expires: 30;refresher=uac']);
    stage.take(CALLER);
    const fields = ['Session-Expires: 30'];
    stage.receive(writeRequest({ method: 'UPDATE', callId, sequence: 2, toTag, fields }), CALLER);
    const [refused] = stage.take(CALLER);
    expect([refused?.split('\r\n')[0], field(refused, 'Min-SE')]).toEqual([
      'SIP/2.0 422 Session Interval Too Small',
      '90',
    ]);
  });
});

describe('a request that goes out', () => {
  it('is repeated at 1, 3, 7, 15 and 31 s, and answered 408 by the server at 32 s', () => {
    const started = stage.clock.nowMs();
    placedCall();
    stage.clock.advance(32_000);
    const times = stage.sent.map(({ atMs }) => (atMs - started) / 1000);
    expect(times).toEqual([1, 3, 7, 15, 31]);
    expect(events()).toMatchObject([
      { type: 'sip', meta: { bytes: 0, protocol: 'udp', address: '', port: '0' } },
    ]);
    expect(stage.held()).toMatchObject({ outgoing: 0, dialogs: 0 });
  });

  it('is acknowledged again when the 200 to a re-INVITE comes again', () => {
    const invite = placedCall();
    const contact = [`Contact: <sip:callee@127.0.0.1:${CALLEE}>`];
    stage.receive(writeResponse(invite, 200, 'callee', contact), CALLEE);
    const dialogId = `${field(invite, 'Call-ID')};from-tag=${/;tag=(\S+)/.exec(field(invite, 'From') ?? '')?.[1]}`;
    const inside = (method: string): void =>
      stage.command(client, `m|sip||${dialogId}\r\n${method} sip:placeholder SIP/2.0\r\n\r\n`);
    inside('ACK');
    stage.take(CALLEE);
    inside('INVITE');
    const [reinvite = ''] = stage.take(CALLEE);
    const ok = writeResponse(reinvite, 200, 'callee', contact);
    stage.receive(ok, CALLEE);
    stage.receive(ok, CALLEE);
    expect(stage.take(CALLEE)).toEqual([]);
    inside('ACK');
    const [ack] = stage.take(CALLEE);
    stage.receive(ok, CALLEE);
    expect(stage.take(CALLEE)).toEqual([ack]);
    expect(field(ack, 'CSeq')).toBe(field(reinvite, 'CSeq')?.replace('INVITE', 'ACK'));
  });

  it('is cancelled by a BYE while a re-INVITE is open', () => {
    const invite = placedCall();
    stage.receive(
      writeResponse(invite, 200, 'callee', [`Contact: <sip:callee@127.0.0.1:${CALLEE}>`]),
      CALLEE,
    );
    const dialogId = `${field(invite, 'Call-ID')};from-tag=${/;tag=(\S+)/.exec(field(invite, 'From') ?? '')?.[1]}`;
    for (const method of ['ACK', 'INVITE']) {
      stage.command(client, `m|sip||${dialogId}\r\n${method} sip:placeholder SIP/2.0\r\n\r\n`);
    }
    const reinvite = stage.take(CALLEE)[1] ?? '';
    stage.receive(writeResponse(reinvite, 180, 'callee'), CALLEE);
    stage.command(client, `m|sip||${dialogId}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`);
    expect(starts(stage.take(CALLEE)).map((line) => line.split(' ')[0])).toEqual(['CANCEL', 'BYE']);
  });
});
