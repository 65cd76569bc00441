import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { Leg } from '../../../src/engine/ports.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/waiting.ts';
import { CALLER, DNIS, listenTo, openStage, type Stage, VOICE } from './stage.ts';

let stage: Stage;
let trunk: SipPhone;
let ear: RtpEar;
const legs: Leg[] = [];

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

beforeEach(async () => {
  trunk = await SipPhone.open(stage.sip, CALLER);
  ear = await RtpEar.open();
});

afterEach(async () => {
  await Promise.all(legs.splice(0).map((leg) => leg.hangUp()));
  ear.close();
  trunk.close();
  await until(() => stage.telephony.state().calls === 0, 'no call left');
  const { endpoints, warmEndpoints } = stage.telephony.state();
  expect(endpoints - warmEndpoints).toBeLessThanOrEqual(1);
});

/** A call answered on both sides. */
async function answered(sdp = ear.sdp()): Promise<{ call: PhoneCall; leg: Leg }> {
  const call = trunk.invite(DNIS, sdp);
  const leg = await (await stage.incoming.take('the call')).answer();
  const answer = await call.final();
  expect(answer.status).toBe(200);
  call.ack(answer);
  ear.aim(answer.body.toString());
  legs.push(leg);
  return { call, leg };
}

describe('a call from the trunk', () => {
  it('is answered, hears sounds, and ends with its BYE', async () => {
    const call = trunk.invite(DNIS, ear.sdp());
    const incoming = await stage.incoming.take('the call');
    expect(incoming).toMatchObject({
      origin: { kind: 'trunk', trunk: 'carrier' },
      dialled: DNIS,
      ani: CALLER,
    });
    const leg = await incoming.answer();
    const told = listenTo(leg);
    const answer = await call.final();
    expect(answer.status).toBe(200);
    expect(header(answer, 'Session-Expires')).toBe('1800;refresher=uas');
    expect(header(answer, 'Allow')).toContain('UPDATE');
    call.ack(answer);
    ear.aim(answer.body.toString());
    const played = leg.play(['prompts/low', 'prompts/high'], VOICE);
    await ear.hears(400);
    await ear.hears(900);
    expect(await played).toBe('finished');
    expect((await call.ask('BYE')).status).toBe(200);
    expect(await told.ended.take('the end')).toBe('party');
  });

  it('is hung up by us', async () => {
    const { call, leg } = await answered();
    const told = listenTo(leg);
    await leg.hangUp();
    await call.bye;
    expect(await told.ended.take('the end')).toBe('us');
    expect(await listenTo(leg).ended.take('the end, told late')).toBe('us');
    await leg.hangUp();
  });

  it('speaks A-law', async () => {
    ear.close();
    ear = await RtpEar.open('PCMA');
    const { leg } = await answered();
    const played = leg.play(['prompts/low'], VOICE);
    await ear.hears(400);
    expect(await played).toBe('finished');
    await leg.hangUp();
  });

  it('without a session gets our offer, and answers it in its ACK', async () => {
    const call = trunk.invite(DNIS, undefined);
    const incoming = await stage.incoming.take('the call');
    const answering = incoming.answer();
    const answer = await call.final();
    expect(answer.body.toString()).toMatch(/^m=audio \d+ RTP\/AVP 0 8 101\r$/mu);
    call.ack(answer, ear.sdp());
    ear.aim(answer.body.toString());
    const leg = await answering;
    void leg.play(['prompts/low'], VOICE);
    await ear.hears(400);
    await leg.hangUp();
    await call.bye;
  });

  it('without a session and without an answer in its ACK is ended', async () => {
    const call = trunk.invite(DNIS, undefined);
    const answering = (await stage.incoming.take('the call')).answer();
    const refused = expect(answering).rejects.toThrow(CallFailure);
    call.ack(await call.final());
    await refused;
    await call.bye;
  });

  it('is rejected with the status that was chosen', async () => {
    const call = trunk.invite(DNIS, ear.sdp());
    const incoming = await stage.incoming.take('the call');
    await incoming.reject(486);
    const refusal = await call.final();
    expect(refusal.status).toBe(486);
    call.ack(refusal);
    await expect(incoming.answer()).rejects.toThrow(CallFailure);
  });
});

describe('CANCEL', () => {
  it('before we answer', async () => {
    const call = trunk.invite(DNIS, ear.sdp());
    const incoming = await stage.incoming.take('the call');
    await call.responses.take('100', ({ status }) => status === 100);
    call.cancel();
    const refusal = await call.responses.take('487', ({ status }) => status === 487);
    call.ack(refusal);
    await until(() => incoming.cancelled.aborted, 'cancelled');
    await expect(incoming.answer()).rejects.toMatchObject({ origin: 'caller' });
  });

  it('while we answer', async () => {
    const call = trunk.invite(DNIS, ear.sdp());
    const incoming = await stage.incoming.take('the call');
    const answering = incoming.answer().then(
      (leg) => leg.hangUp(),
      (error: unknown) => expect(error).toBeInstanceOf(CallFailure),
    );
    call.cancel();
    const final = await call.responses.take('a final response', ({ status, headers }) => {
      const ofInvite = headers.some(({ value }) => /^\d+ INVITE$/u.test(value));
      return status >= 200 && ofInvite;
    });
    expect([200, 487]).toContain(final.status);
    call.ack(final);
    await answering;
  });
});

describe('the session', () => {
  it('is held and resumed by re-INVITE', async () => {
    const { call, leg } = await answered();
    const held = await call.ask('INVITE', ear.sdp({ direction: 'sendonly', version: 2 }));
    expect(held.status).toBe(200);
    expect(held.body.toString()).toContain('a=recvonly');
    call.ack(held);
    const resumed = await call.ask('INVITE', ear.sdp({ version: 3 }));
    expect(resumed.body.toString()).not.toMatch(/a=(recvonly|inactive|sendonly)/u);
    call.ack(resumed);
    void leg.play(['prompts/low'], VOICE);
    await ear.hears(400);
    await leg.hangUp();
  });

  it('survives a re-INVITE that is refused: 488, and the next one works', async () => {
    const { call, leg } = await answered();
    const other = ear.sdp({ version: 2 }).replace(/RTP\/AVP .*/u, 'RTP/AVP 9');
    const refused = await call.ask('INVITE', other);
    expect(refused.status).toBe(488);
    call.ack(refused);
    const accepted = await call.ask('INVITE', ear.sdp({ version: 3 }));
    expect(accepted.status).toBe(200);
    call.ack(accepted);
    await leg.hangUp();
  });

  it('is asked for by a re-INVITE without one', async () => {
    const { call, leg } = await answered();
    const offered = await call.ask('INVITE');
    expect(offered.body.toString()).toContain('m=audio');
    call.ack(offered, ear.sdp({ version: 2 }));
    void leg.play(['prompts/low'], VOICE);
    await ear.hears(400);
    await leg.hangUp();
  });

  it('is refreshed by UPDATE, and changed by UPDATE with a session', async () => {
    const { call, leg } = await answered();
    const refreshed = await call.ask('UPDATE', undefined, {
      Supported: 'timer',
      'Session-Expires': '600;refresher=uac',
    });
    expect(refreshed.status).toBe(200);
    expect(header(refreshed, 'Session-Expires')).toBe('600;refresher=uac');
    expect(refreshed.body.length).toBe(0);
    const held = await call.ask('UPDATE', ear.sdp({ direction: 'inactive', version: 2 }));
    expect(held.body.toString()).toContain('a=inactive');
    const short = await call.ask('UPDATE', undefined, {
      Supported: 'timer',
      'Session-Expires': '30',
    });
    expect(short.status).toBe(422);
    expect(header(short, 'Min-SE')).toBe('90');
    await leg.hangUp();
  });

  it('answers other requests within it', async () => {
    const { call, leg } = await answered();
    expect((await call.ask('OPTIONS')).status).toBe(200);
    expect((await call.ask('REFER', undefined, { 'Refer-To': '<sip:x@127.0.0.1>' })).status).toBe(
      603,
    );
    expect((await call.ask('MESSAGE', 'hello', { 'Content-Type': 'text/plain' })).status).toBe(405);
    expect((await call.ask('INFO', '<x/>', { 'Content-Type': 'text/xml' })).status).toBe(415);
    expect((await call.ask('INFO')).status).toBe(200);
    await leg.hangUp();
  });
});

describe('keys', () => {
  it('come by RFC 4733, by INFO, and by both only once', async () => {
    const { call, leg } = await answered();
    const { keys } = listenTo(leg);
    // Until sound flows both ways FreeSWITCH may pass over a packet.
    await leg.play(['prompts/short'], VOICE);
    ear.key('1');
    expect(await keys.take('1')).toBe('1');
    ear.key('*');
    expect(await keys.take('*')).toBe('*');
    const relay = { 'Content-Type': 'application/dtmf-relay' };
    expect((await call.ask('INFO', 'Signal=2\r\nDuration=160\r\n', relay)).status).toBe(200);
    expect(await keys.take('2')).toBe('2');
    ear.key('3');
    await call.ask('INFO', 'Signal=3\r\nDuration=160\r\n', relay);
    await call.ask('INFO', '#', { 'Content-Type': 'application/dtmf' });
    await keys.take('#', (key) => key === '#');
    // RFC 4733 of the same press may lag behind its INFO.
    ear.key('9');
    await keys.take('9', (key) => key === '9');
    expect(keys.peek()).toEqual(['3']);
    await leg.hangUp();
  });

  it('come in the sound itself from a phone without RFC 4733', async () => {
    const { leg } = await answered(ear.sdp({ telephoneEvent: false }));
    const { keys } = listenTo(leg);
    for (const [key, ...tones] of [
      ['5', 770, 1336],
      ['#', 941, 1477],
    ] as const) {
      ear.sayFor(10, ...tones);
      expect(await keys.take('a key')).toBe(key);
    }
    expect(keys.size).toBe(0);
    await leg.hangUp();
  });

  it('a star does not stop what plays', async () => {
    const { leg } = await answered();
    const { keys } = listenTo(leg);
    const played = leg.play(['prompts/low', 'prompts/high'], VOICE);
    await ear.hears(400);
    ear.key('*');
    await keys.take('*');
    await ear.hears(900);
    expect(await played).toBe('finished');
    await leg.hangUp();
  });
});

describe('sounds', () => {
  it('one takes the place of another, as often as asked', async () => {
    const { leg } = await answered();
    const first = leg.play(['prompts/long'], VOICE);
    await ear.hears(500);
    const overtaken = [leg.play(['prompts/high'], VOICE), leg.play(['prompts/short'], VOICE)];
    const last = leg.play(['prompts/low'], VOICE);
    expect(await first).toBe('stopped');
    expect(await Promise.all(overtaken)).toEqual(['stopped', 'stopped']);
    await ear.hears(400);
    expect(await last).toBe('finished');
    await leg.hangUp();
  });

  it('are broken off at once after they were asked for', async () => {
    const { leg } = await answered();
    const played = leg.play(['prompts/long'], VOICE);
    await leg.stopSound();
    expect(await played).toBe('stopped');
    const next = leg.play(['prompts/short'], VOICE);
    expect(await next).toBe('finished');
    await leg.hangUp();
  });

  it('music plays until something else does', async () => {
    const { leg } = await answered();
    await leg.playMusic();
    const before = ear.packets;
    await until(() => ear.packets > before + 20, 'sound');
    const played = leg.play(['prompts/low'], VOICE);
    await ear.hears(400);
    expect(await played).toBe('finished');
    await leg.hangUp();
  });

  it('a missing file is a failure, and the next sound plays', async () => {
    const { leg } = await answered();
    await expect(leg.play(['prompts/nowhere'], VOICE)).rejects.toMatchObject({
      origin: 'freeswitch',
    });
    await expect(leg.play(['prompts/a!b'], VOICE)).rejects.toMatchObject({
      origin: 'us',
    });
    expect(await leg.play(['prompts/short'], VOICE)).toBe('finished');
    await leg.hangUp();
  });

  it('end as stopped when the caller hangs up', async () => {
    const { call, leg } = await answered();
    const played = leg.play(['prompts/long'], VOICE);
    await ear.hears(500);
    await call.ask('BYE');
    expect(await played).toBe('stopped');
    expect(await leg.play(['prompts/low'], VOICE)).toBe('stopped');
    await expect(leg.playMusic()).rejects.toThrow(CallFailure);
  });
});
