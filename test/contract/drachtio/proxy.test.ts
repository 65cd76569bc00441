import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { header, headers } from '../../../src/protocol/sip/headers.ts';
import { expected, nextInvite, useFixture } from './fixture.ts';
import { SDP, SipPeer } from './peer.ts';
import type { ProxyOptions, ProxyResults } from './srf-types.ts';

const fixture = useFixture();

/** The caller's INVITE goes by the application to these targets; gives what the application is told in the end. */
async function proxied(
  targets: readonly string[],
  options: ProxyOptions = {},
): Promise<{ results: Promise<ProxyResults> }> {
  const { application, call } = fixture();
  const invited = nextInvite(application);
  await application.settled();
  call.invite({ body: SDP });
  const [request] = await invited;
  return { results: expected(application.srf.proxyRequest(request, targets, options)) };
}

describe('a proxied call', () => {
  it('stays with the proxy by Record-Route', async () => {
    const { call, caller, callee, calleeUri, server } = fixture();
    const { results } = await proxied([calleeUri], { recordRoute: true });
    const invite = await callee.request('INVITE');
    const own = `<sip:127.0.0.1:${server.udp.port};lr>`;
    expect(invite.uri).toBe(calleeUri);
    expect(header(invite, 'Max-Forwards')).toBe('69');
    expect(header(invite, 'Record-Route')).toBe(own);
    expect(headers(invite, 'Via')).toHaveLength(2);
    expect(header(invite, 'From')).toContain(call.fromTag);
    callee.answer(invite, 180, { tag: 'callee1' });
    await caller.response(180);
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    const ok = await caller.response(200, 'INVITE');
    expect(headers(ok, 'Via')).toHaveLength(1);
    expect(await results).toMatchObject({ connected: true, finalStatus: 200 });
    call.learn(ok);
    expect(call.routes).toEqual([own]);
    call.ack();
    const ack = await callee.request('ACK');
    expect(header(ack, 'Route')).toBeUndefined();
    expect(ack.uri).toBe(`sip:peer@127.0.0.1:${callee.port}`);
    call.send('BYE');
    const bye = await callee.request('BYE');
    expect(header(bye, 'Max-Forwards')).toBe('70');
    callee.answer(bye, 200);
    await caller.response(200, 'BYE');
  });

  it('leaves the proxy without Record-Route', async () => {
    const { call, caller, callee, calleeUri } = fixture();
    const { results } = await proxied([calleeUri]);
    const invite = await callee.request('INVITE');
    expect(header(invite, 'Record-Route')).toBeUndefined();
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    call.learn(await caller.response(200, 'INVITE'));
    expect(await results).toMatchObject({ connected: true });
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    await caller.response(200, 'INVITE'); // repeated to the caller as it came
    call.target = call.uri;
    call.send('BYE');
    await caller.response(481, 'BYE');
  });

  it('tries one target after the other', async () => {
    const { caller, callee, calleeUri, call, server } = fixture();
    const second = await SipPeer.udp(server.udp);
    const { results } = await proxied([calleeUri, `sip:127.0.0.1:${second.port}`], {
      recordRoute: true,
    });
    const first = await callee.request('INVITE');
    callee.answer(first, 486, { tag: 'busy' });
    await callee.request('ACK');
    const invite = await second.request('INVITE');
    second.answer(invite, 200, { tag: 'second', body: SDP });
    call.learn(await caller.response(200, 'INVITE'));
    call.ack();
    await second.request('ACK');
    const { finalStatus, responses } = await results;
    expect(finalStatus).toBe(200);
    expect(responses.flatMap(({ msgs }) => msgs.map(({ status }) => status))).toEqual([486, 200]);
    second.close();
  });

  it('rings every target at once and cancels those that lose', async () => {
    const { caller, callee, calleeUri, call, server } = fixture();
    const second = await SipPeer.udp(server.udp);
    const { results } = await proxied([calleeUri, `sip:127.0.0.1:${second.port}`], {
      forking: 'simultaneous',
    });
    const [first, other] = await Promise.all([callee.request('INVITE'), second.request('INVITE')]);
    callee.answer(first, 180, { tag: 'a' });
    second.answer(other, 180, { tag: 'b' });
    await caller.response(180);
    await caller.response(180);
    second.answer(other, 200, { tag: 'b', body: SDP });
    call.learn(await caller.response(200, 'INVITE'));
    const cancel = await callee.request('CANCEL');
    callee.answer(cancel, 200);
    callee.answer(first, 487, { tag: 'a' });
    await callee.request('ACK');
    expect(await results).toMatchObject({ connected: true });
    second.close();
  });

  it('goes on when a target does not even say 100', async () => {
    const { caller, callee, call, server } = fixture();
    const silent = await SipPeer.udp(server.udp);
    await proxied([`sip:127.0.0.1:${silent.port}`, `sip:127.0.0.1:${callee.port}`], {
      provisionalTimeout: '200ms',
    });
    await silent.request('INVITE');
    const invite = await callee.request('INVITE');
    callee.answer(invite, 200, { tag: 'c', body: SDP });
    call.learn(await caller.response(200, 'INVITE'));
    silent.close();
  });

  it('gives the caller the best refusal', async () => {
    const { caller, callee, calleeUri, call, server } = fixture();
    const second = await SipPeer.udp(server.udp);
    const { results } = await proxied([calleeUri, `sip:127.0.0.1:${second.port}`]);
    callee.answer(await callee.request('INVITE'), 503, { tag: 'x' });
    second.answer(await second.request('INVITE'), 404, { tag: 'y' });
    const refused = await caller.response(404, 'INVITE');
    expect(header(refused, 'To')).toContain(';tag=y');
    call.ack('refusal');
    expect(await results).toMatchObject({ connected: false });
    second.close();
  });

  it('is cancelled by the caller', async () => {
    const { caller, callee, calleeUri, call } = fixture();
    await proxied([calleeUri]);
    const invite = await callee.request('INVITE');
    callee.answer(invite, 180, { tag: 'callee1' });
    await caller.response(180);
    call.cancel();
    await caller.response(200, 'CANCEL');
    await caller.response(487, 'INVITE');
    call.ack('refusal');
    const cancel = await callee.request('CANCEL');
    expect(header(cancel, 'Via')).toBe(headers(invite, 'Via')[0]);
    callee.answer(cancel, 200);
    callee.answer(invite, 487, { tag: 'callee1' });
    await callee.request('ACK');
  });

  it('follows a redirect when asked to', async () => {
    const { caller, callee, calleeUri, call, server } = fixture();
    const second = await SipPeer.udp(server.udp);
    await proxied([calleeUri], { followRedirects: true });
    callee.answer(await callee.request('INVITE'), 302, {
      tag: 'r',
      fields: [{ name: 'Contact', value: `<sip:moved@127.0.0.1:${second.port}>` }],
    });
    const invite = await second.request('INVITE');
    expect(invite.uri).toBe(`sip:moved@127.0.0.1:${second.port}`);
    second.answer(invite, 200, { tag: 's', body: SDP });
    call.learn(await caller.response(200, 'INVITE'));
    second.close();
  });

  it('is refused with 483 when it may go no further', async () => {
    const { caller, calleeUri, call } = fixture();
    call.maxForwards = 0;
    const { results } = await proxied([calleeUri]);
    await expect(results).rejects.toMatch('483 Too Many Hops');
    await caller.response(483);
    call.ack('refusal');
  });
});

describe('a back-to-back call', () => {
  it('connects both ends and ends both', async () => {
    const { application, call, caller, callee, calleeUri } = fixture();
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [request, response] = await invited;
    const connected = application.srf.createB2BUA(request, response, calleeUri);
    const invite = await callee.request('INVITE');
    callee.answer(invite, 180, { tag: 'callee1' });
    await caller.response(180);
    callee.answer(invite, 200, { tag: 'callee1', body: SDP });
    await callee.request('ACK');
    call.learn(await caller.response(200, 'INVITE'));
    call.ack();
    const { uas, uac } = await connected;
    const destroyed = once(uas, 'destroy');
    call.send('BYE');
    await caller.response(200, 'BYE');
    await destroyed;
    uac.destroy({}, () => undefined);
    callee.answer(await callee.request('BYE'), 200);
  });

  it('passes a CANCEL of the caller on', async () => {
    const { application, call, caller, callee, calleeUri } = fixture();
    const invited = nextInvite(application);
    await application.settled();
    call.invite({ body: SDP });
    const [request, response] = await invited;
    const connected = expected(application.srf.createB2BUA(request, response, calleeUri));
    const invite = await callee.request('INVITE');
    callee.answer(invite, 180, { tag: 'callee1' });
    await caller.response(180);
    call.cancel();
    await caller.response(487, 'INVITE');
    call.ack('refusal');
    callee.answer(await callee.request('CANCEL'), 200);
    callee.answer(invite, 487, { tag: 'callee1' });
    await callee.request('ACK');
    await expect(connected).rejects.toMatchObject({ status: 487 });
  });
});
