import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { PeerCall } from './call.ts';
import { expected, nextInvite, sendResponse, useFixture } from './fixture.ts';
import { SDP, SipPeer } from './peer.ts';
import { connectApplication } from './server-under-test.ts';
import type { SipText, SrfDialog, SrfRequest, SrfResponse } from './srf-types.ts';

const fixture = useFixture();

describe('requests outside of dialogs', () => {
  it('registers a phone', async () => {
    const { application, call, caller } = fixture();
    application.srf.register((request, response) => {
      response.send(200, { headers: { Contact: request.get('Contact'), Expires: '300' } });
    });
    call.send('REGISTER', {
      fields: [{ name: 'Contact', value: `${caller.contact};expires=300` }],
    });
    const ok = await caller.response(200, 'REGISTER');
    expect(header(ok, 'Contact')).toBe(`${caller.contact};expires=300`);
    expect(header(ok, 'Expires')).toBe('300');
  });

  it('challenges and passes on what comes back', async () => {
    const { application, call, caller } = fixture();
    application.srf.register((request, response) => {
      if (request.has('Authorization')) response.send(200);
      else
        response.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="here", nonce="n1"' } });
    });
    await application.settled();
    call.send('REGISTER');
    expect(header(await caller.response(401), 'WWW-Authenticate')).toBe(
      'Digest realm="here", nonce="n1"',
    );
    call.send('REGISTER', {
      fields: [{ name: 'Authorization', value: 'Digest username="a", realm="here"' }],
    });
    await caller.response(200);
  });

  it.each(['OPTIONS', 'MESSAGE', 'PUBLISH', 'NOTIFY', 'INFO'])(
    'gives %s to who wants it, else 503',
    async (method) => {
      const { application, call, caller } = fixture();
      call.send(method);
      await caller.response(503, method);
      application.srf.use(method.toLowerCase(), (_request, response) => response.send(202));
      await application.settled();
      call.send(method);
      await caller.response(202, method);
    },
  );

  it.each(['BYE', 'UPDATE'])('refuses %s outside of a dialog with 481', async (method) => {
    const { call, caller } = fixture();
    call.send(method);
    await caller.response(481, method);
  });

  it('refuses an INVITE inside a dialog it does not know', async () => {
    const { call, caller } = fixture();
    call.toTag = 'nobody';
    call.invite({ body: SDP });
    await caller.response(481, 'INVITE');
    call.ack('refusal');
  });

  it('refuses a CANCEL of nothing with 481', async () => {
    const { call, caller } = fixture();
    call.cancel();
    await caller.response(481, 'CANCEL');
  });

  it('refuses REGISTER with every Contact but an Expires', async () => {
    const { call, caller } = fixture();
    call.send('REGISTER', {
      fields: [
        { name: 'Contact', value: '*' },
        { name: 'Expires', value: '30' },
      ],
    });
    await caller.response(400);
  });

  it('sends OPTIONS and MESSAGE of the application', async () => {
    const { application, callee, calleeUri } = fixture();
    const request = await application.srf.request(calleeUri, {
      method: 'MESSAGE',
      headers: { 'Content-Type': 'text/plain' },
      body: 'hello',
    });
    const answered = once(request, 'response');
    const message = await callee.request('MESSAGE');
    expect(message.body.toString()).toBe('hello');
    expect(header(message, 'Contact')).toBeUndefined();
    callee.answer(message, 202, { tag: 'm' });
    const [response] = (await answered) as [SipText];
    expect(response.status).toBe(202);
  });

  it.each([
    ['itself', { uri: 'own', method: 'OPTIONS' }, 'can not send request to myself'],
    [
      'a body of no known type',
      { uri: 'callee', method: 'MESSAGE', body: 'hello' },
      'missing content-type',
    ],
    [
      'a transport it does not have',
      { uri: 'sip:x@127.0.0.1;transport=sctp', method: 'OPTIONS' },
      'requested protocol/transport not available',
    ],
  ])('refuses to send to %s', async (_what, { uri, ...options }, reason) => {
    const { application, calleeUri, server } = fixture();
    const target =
      uri === 'own' ? `sip:x@127.0.0.1:${server.udp.port}` : uri === 'callee' ? calleeUri : uri;
    await expect(application.srf.request(target, options)).rejects.toThrow(reason);
  });
});

describe('subscriptions', () => {
  it('are accepted, and notified inside their dialog', async () => {
    const { application, call, caller } = fixture();
    const subscribed = new Promise<[SrfRequest, SrfResponse]>((resolve) => {
      application.srf.subscribe((request, response) => resolve([request, response]));
    });
    await application.settled();
    call.send('SUBSCRIBE', {
      fields: [
        { name: 'Contact', value: caller.contact },
        { name: 'Event', value: 'presence' },
        { name: 'Expires', value: '60' },
      ],
    });
    const [request, response] = await subscribed;
    const created = (
      application.srf as unknown as {
        createUAS(a: SrfRequest, b: SrfResponse, c: object): Promise<SrfDialog>;
      }
    ).createUAS(request, response, { headers: { Expires: '60' } });
    const accepted = await caller.response(202, 'SUBSCRIBE');
    expect(header(accepted, 'Contact')).toMatch(/^<sip:127\.0\.0\.1:\d+>$/);
    const dialog = await created;
    const notified = dialog.request({
      method: 'NOTIFY',
      headers: { Event: 'presence', 'Subscription-State': 'active;expires=60' },
    });
    const notify = await caller.request('NOTIFY');
    expect(header(notify, 'To')).toContain(`;tag=${call.fromTag}`);
    caller.answer(notify, 200);
    expect((await notified).status).toBe(200);
  });
});

describe('several applications', () => {
  it('take calls in turn', async () => {
    const { application, server, caller } = fixture();
    const other = await connectApplication(server, { tags: ['a', 'b'] });
    const taken: string[] = [];
    const one = new Promise<void>((resolve) =>
      application.srf.invite((_request, response) => {
        taken.push('one');
        response.send(486);
        resolve();
      }),
    );
    const two = new Promise<void>((resolve) =>
      other.srf.invite((_request, response) => {
        taken.push('two');
        response.send(486);
        resolve();
      }),
    );
    await Promise.all([application.settled(), other.settled()]);
    for (let count = 0; count < 8; count += 1) {
      const call = new PeerCall(caller, server.udp.port);
      call.invite({ body: SDP });
      await caller.response(486);
      call.ack('refusal');
    }
    await Promise.all([one, two]);
    expect(new Set(taken)).toEqual(new Set(['one', 'two']));
    await other.disconnect();
  });
});

describe('over TCP', () => {
  it('carries a call on the caller’s connection', async () => {
    const { application, server } = fixture();
    const caller = await SipPeer.tcp(server.tcp);
    const call = new PeerCall(caller, server.tcp.port);
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [request, response] = await invited;
    expect(request.protocol).toBe('tcp');
    const created = application.srf.createUAS(request, response, { localSdp: SDP });
    const ok = await caller.response(200, 'INVITE');
    expect(header(ok, 'Contact')).toBe(`<sip:127.0.0.1:${server.tcp.port};transport=tcp>`);
    call.learn(ok);
    call.ack();
    const dialog = await created;
    const ended = new Promise((resolve) => dialog.destroy({}, resolve));
    const bye = await caller.request('BYE');
    expect(header(bye, 'Via')).toMatch(/^SIP\/2\.0\/TCP /);
    caller.answer(bye, 200);
    await ended;
    caller.close();
  });

  it('reaches a registered phone by its connection', async () => {
    const { application, server } = fixture();
    const phone = await SipPeer.tcp(server.tcp);
    const registration = new PeerCall(phone, server.tcp.port);
    application.srf.register((_request, response) => {
      response.send(200, {
        headers: { Contact: '<sip:desk@phone.invalid;transport=tcp>;expires=60' },
      });
    });
    await application.settled();
    registration.send('REGISTER', {
      fields: [{ name: 'Contact', value: '<sip:desk@phone.invalid;transport=tcp>;expires=60' }],
    });
    await phone.response(200, 'REGISTER');
    const created = expected(
      application.srf.createUAC('sip:desk@phone.invalid;transport=tcp', {
        localSdp: SDP,
      }),
    );
    const invite = await phone.request('INVITE');
    phone.answer(invite, 486, { tag: 'b' });
    await expect(created).rejects.toMatchObject({ status: 486 });
    phone.close();
  });
});

describe('reliable provisional responses', () => {
  it('are repeated until PRACK, which the application answers', async () => {
    const { application, call, caller } = fixture();
    const invited = nextInvite(application);
    await application.settled();
    application.srf.use('prack', (_request, response) => response.send(200));
    application.srf.use('bye', (_request, response) => response.send(200));
    call.invite({ body: SDP, fields: [{ name: 'Supported', value: '100rel' }] });
    const [, response] = await invited;
    await sendResponse(response, 183, { headers: { Require: '100rel' }, body: SDP });
    const progress = await caller.response(183);
    expect(header(progress, 'Contact')).toBeDefined();
    const sequence = header(progress, 'RSeq');
    expect(header(await caller.response(183), 'RSeq')).toBe(sequence);
    call.learn(progress);
    call.send('PRACK', { fields: [{ name: 'RAck', value: `${sequence} 1 INVITE` }] });
    await caller.response(200, 'PRACK');
    call.sequence = 1;
    await sendResponse(response, 200, { body: SDP });
    await caller.response(200, 'INVITE');
    call.ack();
    call.sequence = 2;
    call.send('BYE');
    await caller.response(200, 'BYE');
  });

  it('need a caller who supports them', async () => {
    const { application, call } = fixture();
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [, response] = await invited;
    await expect(sendResponse(response, 183, { headers: { Require: '100rel' } })).rejects.toThrow(
      'Remote endpoint does not support 100rel',
    );
  });

  it('of a callee are acknowledged by the application', async () => {
    const { application, callee, calleeUri } = fixture();
    const created = expected(
      application.srf.createUAC(calleeUri, {
        localSdp: SDP,
        headers: { Supported: '100rel' },
      }),
    );
    const invite = await callee.request('INVITE');
    callee.answer(invite, 183, {
      tag: 'callee1',
      body: SDP,
      fields: [
        { name: 'Require', value: '100rel' },
        { name: 'RSeq', value: '77' },
      ],
    });
    const prack = await callee.request('PRACK');
    expect(header(prack, 'RAck')).toBe(`77 ${header(invite, 'CSeq')}`);
    callee.answer(prack, 200);
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    const ack = await callee.request('ACK');
    expect(header(ack, 'CSeq')).toBe(header(invite, 'CSeq')?.replace('INVITE', 'ACK'));
    const dialog = await created;
    dialog.destroy({}, () => undefined);
    callee.answer(await callee.request('BYE'), 200);
  });
});
