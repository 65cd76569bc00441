import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import type { PeerCall } from './call.ts';
import { answeredCall, nextInvite, sendResponse, useFixture } from './fixture.ts';
import { SDP, type SipPeer } from './peer.ts';
import type { Application, ServerUnderTest } from './server-under-test.ts';
import type { SipText, SrfRequest, SrfResponse } from './srf-types.ts';

const fixture = useFixture();
let server: ServerUnderTest;
let application: Application;
let caller: SipPeer;
let call: PeerCall;
beforeEach(() => {
  ({ server, application, caller, call } = fixture());
});

describe('a call that comes in', () => {
  it('is shown to the application with where it came from', async () => {
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP, fields: [{ name: 'X-Custom', value: 'hello' }] });
    const [request, response] = await invited;
    expect(header(await caller.response(100), 'To')).toBe(`<${call.uri}>`);
    expect(request.protocol).toBe('udp');
    expect(request.source_address).toBe('127.0.0.1');
    expect(request.source_port).toBe(caller.port);
    expect(request.receivedOn).toBe(`127.0.0.1:${server.udp.port}`);
    expect(request.get('X-Custom')).toBe('hello');
    expect(request.get('Via')).toContain(`;rport=${caller.port}`);
    expect(request.body).toBe(SDP);
    response.send(486);
    expect(header(await caller.response(486), 'To')).toMatch(/;tag=\S+$/);
    call.ack('refusal');
  });

  it('is answered, acknowledged and ended by the caller', async () => {
    const dialog = await answeredCall(application, caller, call);
    expect(dialog.type).toBe('uas');
    expect(dialog.id).toBe(`${call.callId};from-tag=${call.fromTag}`);
    expect(dialog.sip.localTag).toBe(call.toTag);
    const destroyed = once(dialog, 'destroy');
    call.send('BYE');
    await destroyed;
    const ok = await caller.response(200, 'BYE');
    expect(header(ok, 'To')).toContain(`;tag=${call.toTag}`);
  });

  it('is ended by the application', async () => {
    const dialog = await answeredCall(application, caller, call);
    const destroyed = new Promise<SrfRequest>((resolve) => {
      dialog.destroy({ headers: { 'X-Reason': 'done' } }, (_error, bye) => resolve(bye));
    });
    const bye = await caller.request('BYE');
    expect(bye.uri).toBe(`sip:peer@127.0.0.1:${caller.port}`);
    expect(header(bye, 'X-Reason')).toBe('done');
    expect(header(bye, 'CSeq')).toBe('2 BYE');
    expect(header(bye, 'From')).toContain(`;tag=${call.toTag}`);
    expect(header(bye, 'To')).toContain(`;tag=${call.fromTag}`);
    caller.answer(bye, 200);
    expect((await destroyed).method).toBe('BYE');
  });

  it('gets its Contact, Content-Type and To tag from the server', async () => {
    application.srf.use('bye', (_request, answer) => answer.send(200));
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [, response] = await invited;
    await sendResponse(response, 180);
    const ringing = await caller.response(180);
    expect(header(ringing, 'Contact')).toBeUndefined();
    const shown = await sendResponse(response, 200, {
      body: SDP,
      headers: { 'x-lower': '1', subject: 'two' },
    });
    const ok = await caller.response(200);
    expect(header(ok, 'Contact')).toBe(`<sip:127.0.0.1:${server.udp.port}>`);
    expect(header(ok, 'Content-Type')).toBe('application/sdp');
    expect(header(ok, 'To')).toBe(header(ringing, 'To'));
    expect(ok.headers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['x-lower', 'Subject']),
    );
    expect(shown.get('Contact')).toBe(header(ok, 'Contact'));
    call.learn(ok);
    call.ack();
    call.send('BYE');
    await caller.response(200, 'BYE');
  });

  it('takes the To tag and the Contact that the application wants', async () => {
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [, response] = await invited;
    response.send(302, {
      headers: { To: '<sip:x@y>;tag=mine123', Contact: '<sip:other@127.0.0.1:9>' },
    });
    const moved = await caller.response(302);
    expect(header(moved, 'To')).toContain(';tag=mine123');
    expect(header(moved, 'Contact')).toBe('<sip:other@127.0.0.1:9>');
    call.ack('refusal');
  });

  it('is cancelled after 180', async () => {
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [request, response] = await invited;
    const cancelled = once(request, 'cancel');
    await sendResponse(response, 180);
    await caller.response(180);
    call.cancel();
    await caller.response(200, 'CANCEL');
    const terminated = await caller.response(487, 'INVITE');
    call.ack('refusal');
    const [cancel] = (await cancelled) as [SipText];
    expect(cancel.method).toBe('CANCEL');
    expect(header(terminated, 'To')).toMatch(/;tag=/);
  });

  it('is cancelled before any answer, and a late 200 is refused', async () => {
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [request, response] = await invited;
    const cancelled = once(request, 'cancel');
    call.cancel();
    await caller.response(200, 'CANCEL');
    await caller.response(487, 'INVITE');
    call.ack('refusal');
    await cancelled;
    await expect(sendResponse(response, 200, { body: SDP })).rejects.toThrow(
      'Response not sent due to unknown transaction',
    );
  });

  it('gets 503 when no application wants it', async () => {
    call.invite({ body: SDP });
    await caller.response(100);
    const refused = await caller.response(503);
    expect(header(refused, 'To')).toMatch(/;tag=/);
    call.ack('refusal');
  });

  it('gets 481 for a BYE once its application is gone', async () => {
    await answeredCall(application, caller, call);
    await application.disconnect();
    call.send('BYE');
    const gone = await caller.response(481, 'BYE');
    expect(header(gone, 'To')).toContain(`;tag=${call.toTag}`);
  });

  it('is repeated over UDP without the application hearing of it twice', async () => {
    let count = 0;
    application.srf.invite((_request, response) => {
      count += 1;
      setImmediate(() => response.send(480));
    });
    await application.settled();
    const invite = call.invite({ body: SDP });
    await caller.response(480);
    caller.send(invite);
    await caller.response(480);
    call.ack('refusal');
    expect(count).toBe(1);
  });
});

describe('inside a call that came in', () => {
  it('gives INFO to the application and its answer back', async () => {
    const dialog = await answeredCall(application, caller, call);
    const informed = once(dialog, 'info');
    call.send('INFO', {
      fields: [{ name: 'Content-Type', value: 'application/dtmf-relay' }],
      body: 'Signal=1\r\nDuration=160',
    });
    const [request, response] = (await informed) as [SrfRequest, SrfResponse];
    expect(request.body).toContain('Signal=1');
    response.send(200, { headers: { 'X-Got': 'it' } });
    expect(header(await caller.response(200, 'INFO'), 'X-Got')).toBe('it');
    call.send('BYE');
    await caller.response(200, 'BYE');
  });

  it('sends INFO of the application', async () => {
    const dialog = await answeredCall(application, caller, call);
    const answered = dialog.request({
      method: 'INFO',
      headers: { 'Content-Type': 'text/plain' },
      body: 'hi',
    });
    const info = await caller.request('INFO');
    expect(info.body.toString()).toBe('hi');
    expect(header(info, 'Content-Type')).toBe('text/plain');
    caller.answer(info, 200, { fields: [{ name: 'X-Seen', value: 'yes' }] });
    expect((await answered).get('X-Seen')).toBe('yes');
    call.send('BYE');
    await caller.response(200, 'BYE');
  });

  it('takes a re-INVITE of the caller', async () => {
    const dialog = await answeredCall(application, caller, call);
    const modified = once(dialog, 'modify');
    call.invite({ body: SDP.replace('o=- 1 1', 'o=- 1 2') });
    await caller.response(100, 'INVITE');
    const [request, response] = (await modified) as [SrfRequest, SrfResponse];
    expect(request.body).toContain('o=- 1 2');
    response.send(200, { body: SDP });
    const ok = await caller.response(200, 'INVITE');
    expect(header(ok, 'Contact')).toBe(`<sip:127.0.0.1:${server.udp.port}>`);
    call.ack();
    call.send('BYE');
    await caller.response(200, 'BYE');
  });

  it('sends a re-INVITE of the application', async () => {
    const dialog = await answeredCall(application, caller, call);
    const modified = dialog.modify(SDP.replace('o=- 1 1', 'o=- 1 3'));
    const invite = await caller.request('INVITE');
    expect(invite.body.toString()).toContain('o=- 1 3');
    expect(header(invite, 'Contact')).toBe(`<sip:127.0.0.1:${server.udp.port}>`);
    caller.answer(invite, 200, { body: SDP });
    const ack = await caller.request('ACK');
    expect(header(ack, 'CSeq')).toBe(header(invite, 'CSeq')?.replace('INVITE', 'ACK'));
    expect(await modified).toBe(SDP);
    call.send('BYE');
    await caller.response(200, 'BYE');
  });

  it('takes REFER, MESSAGE, OPTIONS and UPDATE', async () => {
    const dialog = await answeredCall(application, caller, call);
    for (const method of ['REFER', 'MESSAGE', 'OPTIONS', 'UPDATE']) {
      const event = method === 'UPDATE' ? 'update' : method.toLowerCase();
      dialog.once(event, (_request: SrfRequest, response: SrfResponse) => response.send(202));
      call.send(method, {
        fields: method === 'REFER' ? [{ name: 'Refer-To', value: '<sip:a@b>' }] : [],
      });
      await caller.response(202, method);
    }
    call.send('BYE');
    await caller.response(200, 'BYE');
  });
});
