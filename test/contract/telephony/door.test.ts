import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { session } from '../../support/rtp-ear.ts';
import { type Fields, SipPhone } from '../../support/sip-phone.ts';
import { CALLER, DNIS, listenTo, openStage, READY_CODE, type Stage } from './stage.ts';

const SDP = session(30_000);
const good = (user: string): Fields => ({
  'Proxy-Authorization': `Digest username="${user}", response="good"`,
});

/** Final status of an INVITE, acknowledged. */
async function status(
  phone: SipPhone,
  user: string,
  sdp?: string,
  fields: Fields = {},
): Promise<number> {
  const call = phone.invite(user, sdp, fields);
  const final = await call.final();
  call.ack(final);
  return final.status;
}

describe('the door', () => {
  let stage: Stage;
  let trunk: SipPhone;
  let phone: SipPhone;

  beforeAll(async () => {
    stage = await openStage({ sources: ['127.0.0.2'] });
  });

  afterAll(async () => {
    await stage.close();
  });

  beforeEach(async () => {
    trunk = await SipPhone.open(stage.sip, CALLER, '127.0.0.2');
    phone = await SipPhone.open(stage.sip, 'alice');
  });

  afterEach(() => {
    trunk.close();
    phone.close();
    expect(stage.incoming.size).toBe(0);
  });

  it.each([
    ['a stranger', DNIS, {}, 403],
    [
      'a stranger who names an agent that does not exist',
      DNIS,
      { From: '<sip:mallory@127.0.0.1>;tag=1' },
      403,
    ],
  ])('%s: %s %j is %i', async (_case, user, fields, expected) => {
    const stranger = await SipPhone.open(stage.sip, 'mallory');
    expect(await status(stranger, user, SDP, fields)).toBe(expected);
    stranger.close();
  });

  it.each<[string, string, string | undefined, Fields, number]>([
    ['a number that is not ours', '+12025550199', SDP, {}, 404],
    ['no number', 'alice', SDP, {}, 404],
    ['another codec', DNIS, SDP.replace(/RTP\/AVP .*/u, 'RTP/AVP 9 18'), {}, 488],
    ['encrypted sound', DNIS, SDP.replace('RTP/AVP', 'RTP/SAVP'), {}, 488],
    ['another body', DNIS, 'hello', { 'Content-Type': 'text/plain' }, 415],
    ['an extension that we lack', DNIS, SDP, { Require: '100rel' }, 420],
    ['a short session', DNIS, SDP, { Supported: 'timer', 'Session-Expires': '30' }, 422],
    ['an overlong name', DNIS, SDP, { From: `"${' '.repeat(1500)}" <sip:${CALLER}@x>;tag=1` }, 400],
    ['an overlong header', DNIS, SDP, { Subject: 'x'.repeat(5_000) }, 400],
  ])('%s is refused', async (_case, user, sdp, fields, expected) => {
    expect(await status(trunk, user, sdp, fields)).toBe(expected);
  });

  it.each([DNIS, DNIS.slice(1), DNIS.slice(2), `${DNIS};npdi`])(
    'takes the number %s',
    async (user) => {
      const call = trunk.invite(user, SDP, {
        'P-Asserted-Identity': '<sip:+12025550177@x.example>',
      });
      const incoming = await stage.incoming.take('the call');
      expect(incoming).toMatchObject({ dialled: DNIS, ani: '+12025550177' });
      await incoming.reject(480);
      call.ack(await call.final());
    },
  );

  it("challenges an agent's phone, then takes its short codes only", async () => {
    const challenged = phone.invite(READY_CODE, SDP);
    const refusal = await challenged.final();
    challenged.ack(refusal);
    expect(refusal.status).toBe(407);
    expect(header(refusal, 'Proxy-Authenticate')).toContain('Digest');
    expect(await status(phone, READY_CODE, SDP, { 'Proxy-Authorization': 'Digest x="y"' })).toBe(
      403,
    );
    expect(await status(phone, READY_CODE, SDP, good('bob'))).toBe(403);
    expect(await status(phone, READY_CODE, SDP, good('carrier'))).toBe(403);
    expect(await status(phone, DNIS, SDP, good('alice'))).toBe(404);
    const call = phone.invite(READY_CODE, SDP, good('alice'));
    const incoming = await stage.incoming.take('the call');
    expect(incoming).toMatchObject({
      origin: { kind: 'agent', agentId: 'alice' },
      dialled: READY_CODE,
      ani: undefined,
    });
    await incoming.reject(480);
    call.ack(await call.final());
  });

  it('knows a phone behind the address of the trunk by its short code', async () => {
    const beside = await SipPhone.open(stage.sip, 'alice', '127.0.0.2');
    expect(await status(beside, READY_CODE, SDP)).toBe(407);
    beside.close();
  });

  it('answers what is no call', async () => {
    const options = await phone.begin(`sip:${stage.sip}`).ask('OPTIONS');
    expect(options.status).toBe(200);
    expect(header(options, 'Allow')).toContain('INVITE');
    expect(header(options, 'Accept')).toBe('application/sdp');
    const text = { 'Content-Type': 'text/plain' };
    expect((await phone.begin(`sip:x@${stage.sip}`).ask('MESSAGE', 'hi', text)).status).toBe(405);
    expect((await phone.begin(`sip:x@${stage.sip}`).ask('PUBLISH', 'hi', text)).status).toBe(405);
    const event = { Event: 'presence', Expires: '60' };
    expect(
      (await phone.begin(`sip:x@${stage.sip}`).ask('SUBSCRIBE', undefined, event)).status,
    ).toBe(405);
    const stray = { To: `<sip:x@${stage.sip}>;tag=none` };
    expect((await phone.begin(`sip:x@${stage.sip}`, stray).ask('BYE')).status).toBe(481);
    expect((await phone.begin(`sip:x@${stage.sip}`, stray).ask('INFO')).status).toBe(481);
  });
});

describe('a trunk that proves itself by digest', () => {
  it('is challenged, then let in', async () => {
    const stage = await openStage({ sources: [], trunkByDigest: true });
    const trunk = await SipPhone.open(stage.sip, CALLER);
    expect(await status(trunk, DNIS, SDP)).toBe(407);
    expect(await status(trunk, DNIS, SDP, good('alice'))).toBe(403);
    const call = trunk.invite(DNIS, SDP, good('carrier'));
    const incoming = await stage.incoming.take('the call');
    expect(incoming.origin).toEqual({ kind: 'trunk', trunk: 'carrier' });
    await incoming.reject(480);
    call.ack(await call.final());
    trunk.close();
    await stage.close();
  });
});

describe('REGISTER', () => {
  it('goes through the directory', async () => {
    const stage = await openStage({ sources: [] });
    const phone = await SipPhone.open(stage.sip, 'alice');
    const own = { To: `<sip:alice@${stage.sip}>` };
    const register = (fields: Fields) =>
      phone.begin(`sip:${stage.sip}`, own).ask('REGISTER', undefined, { Expires: '60', ...fields });
    const proof = { Authorization: 'Digest username="alice", response="good"' };

    const challenge = await register({});
    expect(challenge.status).toBe(401);
    expect(header(challenge, 'WWW-Authenticate')).toContain('Digest');
    expect(
      (await register({ Authorization: 'Digest username="bob", response="good"' })).status,
    ).toBe(403);
    const contact = `<${phone.uri};ob>;q=0.5`;
    const registered = await register({ ...proof, Contact: contact });
    expect(registered.status).toBe(200);
    expect(header(registered, 'Contact')).toContain(phone.uri);
    expect(stage.directory.registrations.at(-1)).toMatchObject({
      contacts: [contact],
      expiresSeconds: 60,
      source: { protocol: 'udp', address: '127.0.0.1', port: phone.port },
    });
    stage.directory.next = 423;
    const brief = await register({ ...proof, Expires: '1' });
    expect(brief.status).toBe(423);
    expect(header(brief, 'Min-Expires')).toBe('60');
    stage.directory.next = 200;
    expect((await register({ ...proof, Expires: '0' })).status).toBe(200);
    phone.close();
    await stage.close();
  });
});

describe('limits', () => {
  it('answers 503 to one call too many', async () => {
    const stage = await openStage({ settings: { maxCalls: 1 } });
    const trunk = await SipPhone.open(stage.sip, CALLER);
    const first = trunk.invite(DNIS, SDP);
    const leg = await (await stage.incoming.take('the call')).answer();
    first.ack(await first.final());
    const second = trunk.invite(DNIS, SDP);
    const refusal = await second.final();
    second.ack(refusal);
    expect(refusal.status).toBe(503);
    expect(header(refusal, 'Retry-After')).toBeDefined();
    const { ended } = listenTo(leg);
    await leg.hangUp();
    await ended.take('the end');
    trunk.close();
    await stage.close();
  });
});
