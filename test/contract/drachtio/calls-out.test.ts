import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import type { SipRequest } from '../../../src/protocol/sip/message.ts';
import { expected, type Fixture, useFixture } from './fixture.ts';
import { SDP } from './peer.ts';
import type { SipText, SrfDialog, SrfRequest, UacOptions } from './srf-types.ts';

const fixture = useFixture();

/** The application calls the callee, who answers. */
async function answeredCall(
  { application, callee, calleeUri }: Fixture,
  options: UacOptions = {},
): Promise<{ dialog: SrfDialog; invite: SipRequest }> {
  const created = expected(application.srf.createUAC(calleeUri, { localSdp: SDP, ...options }));
  const invite = await callee.request('INVITE');
  callee.answer(invite, 200, { tag: 'callee1', body: SDP });
  const dialog = await created;
  await callee.request('ACK');
  return { dialog, invite };
}

/** A request of the callee inside the dialog of an INVITE it answered. */
function fromCallee(
  invite: SipRequest,
  method: string,
  sequence: number,
  calleePort: number,
): SipRequest {
  const contact = /<([^>]+)>/.exec(header(invite, 'Contact') ?? '')?.[1] ?? '';
  return {
    kind: 'request',
    method,
    uri: contact,
    headers: [
      {
        name: 'Via',
        value: `SIP/2.0/UDP 127.0.0.1:${calleePort};branch=z9hG4bKcallee${sequence}${calleePort}`,
      },
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: `${header(invite, 'To')};tag=callee1` },
      { name: 'To', value: header(invite, 'From') ?? '' },
      { name: 'Call-ID', value: header(invite, 'Call-ID') ?? '' },
      { name: 'CSeq', value: `${sequence} ${method}` },
    ],
    body: Buffer.alloc(0),
  };
}

describe('a call that goes out', () => {
  it('has what the server adds, and what the application gave', async () => {
    const { application, callee, calleeUri, server } = fixture();
    let requested: SrfRequest | undefined;
    const created = expected(
      application.srf.createUAC(
        calleeUri,
        {
          localSdp: SDP,
          headers: { From: 'sip:app@localhost', 'X-App': 'yes', subject: 'call', Expires: '30' },
        },
        { cbRequest: (_error, request) => (requested = request) },
      ),
    );
    const invite = await callee.request('INVITE');
    const own = `127.0.0.1:${server.udp.port}`;
    expect(invite.uri).toBe(calleeUri);
    expect(header(invite, 'Via')).toMatch(
      new RegExp(`^SIP/2.0/UDP ${own};rport;branch=z9hG4bK\\S+$`),
    );
    expect(header(invite, 'Max-Forwards')).toBe('70');
    expect(header(invite, 'From')).toMatch(new RegExp(`^<sip:app@${own}>;tag=\\S+$`));
    expect(header(invite, 'To')).toBe(`<${calleeUri}>`);
    expect(header(invite, 'CSeq')).toMatch(/^\d{6,} INVITE$/);
    expect(header(invite, 'Contact')).toBe(`<sip:${own}>`);
    expect(header(invite, 'Content-Type')).toBe('application/sdp');
    expect(header(invite, 'X-App')).toBe('yes');
    expect(header(invite, 'Subject')).toBe('call');
    expect(invite.body.toString()).toBe(SDP);
    callee.answer(invite, 486, { tag: 'busy' });
    const ack = await callee.request('ACK');
    expect(header(ack, 'Via')).toBe(header(invite, 'Via'));
    await expect(created).rejects.toMatchObject({ status: 486 });
    expect(requested?.get('Call-ID')).toBe(header(invite, 'Call-ID'));
  });

  it('rings, is answered, acknowledged and ended by the application', async () => {
    const { application, callee, calleeUri } = fixture();
    const provisional: number[] = [];
    const created = expected(
      application.srf.createUAC(
        calleeUri,
        { localSdp: SDP },
        { cbProvisional: (response: SipText) => provisional.push(response.status) },
      ),
    );
    const invite = await callee.request('INVITE');
    callee.answer(invite, 100);
    callee.answer(invite, 180, { tag: 'callee1' });
    callee.answer(invite, 183, { tag: 'callee1', body: SDP });
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    const dialog = await created;
    expect(provisional).toEqual([180, 183]);
    expect(dialog.id).toBe(`${header(invite, 'Call-ID')};from-tag=${dialog.sip.localTag}`);
    const ack = await callee.request('ACK');
    expect(ack.uri).toBe(`sip:peer@127.0.0.1:${callee.port}`);
    expect(header(ack, 'To')).toContain(';tag=callee1');
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    expect(header(await callee.request('ACK'), 'Via')).toBe(header(ack, 'Via'));
    const ended = new Promise((resolve) => dialog.destroy({}, resolve));
    const bye = await callee.request('BYE');
    const [inviteNumber = '', byeNumber = ''] = [invite, bye].map(
      (one) => header(one, 'CSeq')?.split(' ')[0],
    );
    expect(Number(byeNumber)).toBe(Number(inviteNumber) + 1);
    callee.answer(bye, 200);
    await ended;
  });

  it('is ended by the callee', async () => {
    const { dialog, invite } = await answeredCall(fixture());
    const { callee } = fixture();
    const destroyed = once(dialog, 'destroy');
    callee.send(fromCallee(invite, 'BYE', 1, callee.port));
    await destroyed;
    await callee.response(200, 'BYE');
  });

  it('follows the route set that the callee gave', async () => {
    const { application, callee, calleeUri } = fixture();
    const created = expected(application.srf.createUAC(calleeUri, { localSdp: SDP }));
    const invite = await callee.request('INVITE');
    const routes = [
      `<sip:127.0.0.1:${callee.port};lr;n=2>`,
      `<sip:127.0.0.1:${callee.port};lr;n=1>`,
    ];
    callee.answer(invite, 200, {
      tag: 'callee1',
      body: SDP,
      fields: routes.map((value) => ({ name: 'Record-Route', value })),
    });
    const dialog = await created;
    const ack = await callee.request('ACK');
    expect(ack.headers.filter(({ name }) => name === 'Route').map(({ value }) => value)).toEqual(
      routes.toReversed(),
    );
    dialog.destroy({}, () => undefined);
    const bye = await callee.request('BYE');
    expect(header(bye, 'Route')).toBe(routes[1]);
    callee.answer(bye, 200);
  });

  it('is cancelled while it rings', async () => {
    const { application, callee, calleeUri } = fixture();
    const request = new Promise<SrfRequest>((resolve) => {
      const progress = { cbRequest: (_error: unknown, sent: SrfRequest) => resolve(sent) };
      application.srf
        .createUAC(calleeUri, { localSdp: SDP }, progress)
        .catch((error: { status: number }) => {
          statuses.push(error.status);
        });
    });
    const statuses: number[] = [];
    const invite = await callee.request('INVITE');
    callee.answer(invite, 180, { tag: 'callee1' });
    const sent = await request;
    const cancelSent = new Promise<SrfRequest>((resolve) => {
      sent.cancel({ headers: { 'X-Why': 'enough' } }, (_error, cancel) => resolve(cancel));
    });
    const cancel = await callee.request('CANCEL');
    expect(header(cancel, 'Via')).toBe(header(invite, 'Via'));
    expect(header(cancel, 'X-Why')).toBe('enough');
    expect((await cancelSent).method).toBe('CANCEL');
    callee.answer(cancel, 200);
    callee.answer(invite, 487, { tag: 'callee1' });
    await callee.request('ACK');
    await expect.poll(() => statuses).toEqual([487]);
  });

  it('is hung up when the answer crosses the CANCEL', async () => {
    const { application, callee, calleeUri } = fixture();
    let request: SrfRequest | undefined;
    const created = expected(
      application.srf.createUAC(
        calleeUri,
        { localSdp: SDP },
        { cbRequest: (_error, sent) => (request = sent) },
      ),
    );
    const invite = await callee.request('INVITE');
    callee.answer(invite, 180, { tag: 'callee1' });
    await expect.poll(() => request).toBeDefined();
    request?.cancel({}, () => undefined);
    const cancel = await callee.request('CANCEL');
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    callee.answer(cancel, 200);
    const dialog = await created;
    const destroyed = once(dialog, 'destroy');
    await callee.request('ACK');
    const bye = await callee.request('BYE');
    expect(header(bye, 'Reason')).toBe('SIP;cause=200;text="ACK-BYE due to cancel race condition"');
    callee.answer(bye, 200);
    await destroyed;
  });

  it('is tried again with credentials under the same Call-ID and From tag', async () => {
    const { application, callee, calleeUri } = fixture();
    const created = expected(
      application.srf.createUAC(calleeUri, {
        localSdp: SDP,
        auth: { username: 'bob', password: 'secret' },
      }),
    );
    const first = await callee.request('INVITE');
    const challenge = 'Digest realm="there", nonce="abc", qop="auth"';
    callee.answer(first, 407, {
      tag: 'c',
      fields: [{ name: 'Proxy-Authenticate', value: challenge }],
    });
    await callee.request('ACK');
    const second = await callee.request('INVITE');
    expect(header(second, 'Call-ID')).toBe(header(first, 'Call-ID'));
    expect(header(second, 'From')).toBe(header(first, 'From'));
    const numberOf = (request: SipRequest): number =>
      Number((header(request, 'CSeq') ?? '').split(' ')[0]);
    expect(numberOf(second)).toBe(numberOf(first) + 1);
    expect(header(second, 'Proxy-Authorization')).toMatch(
      /username="bob".*response="[0-9a-f]{32}"/,
    );
    callee.answer(second, 200, { tag: 'callee1', body: SDP });
    const dialog = await created;
    await callee.request('ACK');
    dialog.destroy({}, () => undefined);
    callee.answer(await callee.request('BYE'), 200);
  });

  it('goes by way of an outbound proxy', async () => {
    const { application, callee, calleeUri, server } = fixture();
    const created = expected(
      application.srf.createUAC('sip:far@192.0.2.1', {
        localSdp: SDP,
        proxy: calleeUri,
      }),
    );
    const invite = await callee.request('INVITE');
    expect(invite.uri).toBe('sip:far@192.0.2.1');
    expect(header(invite, 'Contact')).toBe(`<sip:127.0.0.1:${server.udp.port}>`);
    callee.answer(invite, 404, { tag: 'x' });
    await expect(created).rejects.toMatchObject({ status: 404 });
  });
});

describe('inside a call that went out', () => {
  it('re-INVITEs and is re-INVITEd', async () => {
    const { dialog, invite } = await answeredCall(fixture());
    const { callee } = fixture();
    const modified = dialog.modify(SDP.replace('o=- 1 1', 'o=- 1 2'));
    const reinvite = await callee.request('INVITE');
    expect(header(reinvite, 'To')).toContain(';tag=callee1');
    callee.answer(reinvite, 200, { body: SDP });
    await callee.request('ACK');
    await modified;
    dialog.once('modify', (_request: SrfRequest, response) => response.send(200, { body: SDP }));
    callee.send({ ...fromCallee(invite, 'INVITE', 1, callee.port) });
    await callee.response(200, 'INVITE');
    dialog.destroy({}, () => undefined);
    callee.answer(await callee.request('BYE'), 200);
  });

  it('answers a refused re-INVITE with an ACK of the server’s own', async () => {
    const { dialog } = await answeredCall(fixture());
    const { callee } = fixture();
    const modified = expected(dialog.modify(SDP));
    const reinvite = await callee.request('INVITE');
    callee.answer(reinvite, 488);
    await callee.request('ACK');
    await expect(modified).rejects.toMatchObject({ status: 488 });
    dialog.destroy({}, () => undefined);
    callee.answer(await callee.request('BYE'), 200);
  });
});
