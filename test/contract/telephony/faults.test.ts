import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallFailure, DialFailure } from '../../../src/domain/call/failure.ts';
import type { Clock, Leg } from '../../../src/engine/ports.ts';
import { createTelephony } from '../../../src/telephony/telephony.ts';
import { RtpEar, session } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { systemClock } from '../../support/system-clock.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { soon, until } from '../../support/waiting.ts';
import {
  CALLER,
  CUSTOMER,
  DNIS,
  listenTo,
  openStage,
  outboundTo,
  type Stage,
  VOICE,
} from './stage.ts';
import { findSwitch } from './switch.ts';

/** Pings, and their answers, are waited for half of the time. */
const briefWaits: Clock = {
  now: () => systemClock.now(),
  startTimer: (afterMs, action) =>
    systemClock.startTimer(afterMs === 5_000 ? 2_500 : afterMs, action),
};

let drachtio: TcpProxy;
let freeswitch: TcpProxy;
let stage: Stage;
let trunk: SipPhone;
let ear: RtpEar;

beforeEach(async () => {
  const real = await findSwitch();
  drachtio = await TcpProxy.open(real.drachtio);
  freeswitch = await TcpProxy.open(real.freeswitch);
  stage = await openStage({
    clock: briefWaits,
    addresses: {
      drachtio: { ...real.drachtio, host: '127.0.0.1', port: drachtio.port },
      freeswitch: { ...real.freeswitch, host: '127.0.0.1', port: freeswitch.port },
    },
  });
  trunk = await SipPhone.open(stage.sip, CALLER);
  ear = await RtpEar.open();
});

afterEach(async () => {
  ear.close();
  trunk.close();
  await stage.close();
  drachtio.close();
  freeswitch.close();
});

async function answered(): Promise<{ call: PhoneCall; leg: Leg }> {
  const call = trunk.invite(DNIS, ear.sdp());
  const leg = await (await stage.incoming.take('the call')).answer();
  const answer = await call.final();
  call.ack(answer);
  ear.aim(answer.body.toString());
  return { call, leg };
}

async function served(): Promise<void> {
  await until(() => stage.telephony.state().ready, 'ready again', 15_000);
  const { call, leg } = await answered();
  expect(await leg.play(['prompts/short'], VOICE)).toBe('finished');
  await leg.hangUp();
  await call.bye;
}

describe('FreeSWITCH lost', () => {
  it('ends every call, refuses new ones with 503, and serves again', async () => {
    const { call, leg } = await answered();
    const { ended } = listenTo(leg);
    const played = leg.play(['prompts/long'], VOICE);
    await ear.hears(500);
    freeswitch.cut();
    expect(await ended.take('the end')).toBe('failure');
    expect(await played).toBe('stopped');
    await call.bye;
    await expect(leg.playMusic()).rejects.toThrow(CallFailure);
    expect(stage.telephony.state()).toMatchObject({ ready: false, freeswitch: 'down' });
    const refused = trunk.invite(DNIS, session(30_000));
    const refusal = await refused.final();
    refused.ack(refusal);
    expect(refusal.status).toBe(503);
    const dialled = stage.telephony.dial(
      { kind: 'customer', number: CUSTOMER, callerId: DNIS },
      5,
      new AbortController().signal,
    );
    await expect(dialled).rejects.toMatchObject({ dialCause: 'ourFailure' });
    freeswitch.restore();
    await served();
  }, 40_000);

  it('is noticed though the connection stays open', async () => {
    const { leg } = await answered();
    const { ended } = listenTo(leg);
    freeswitch.freeze();
    expect(await ended.take('the end', undefined, 15_000)).toBe('failure');
    await served();
  }, 60_000);
});

describe('drachtio lost', () => {
  it('ends every call, tells the far ends later, and serves again', async () => {
    const { call, leg } = await answered();
    const { ended } = listenTo(leg);
    drachtio.cut();
    expect(await ended.take('the end')).toBe('failure');
    expect(stage.telephony.state()).toMatchObject({ ready: false, drachtio: 'down' });
    drachtio.restore();
    await call.bye;
    await served();
  }, 40_000);

  it('while a call is answered or placed rejects both at once', async () => {
    const carrier = await SipPhone.open(stage.sip, CUSTOMER);
    stage.setOutbound(outboundTo(carrier));
    const dialled = stage.telephony.dial(
      { kind: 'customer', number: CUSTOMER, callerId: DNIS },
      60,
      new AbortController().signal,
    );
    const failed = expect(soon(dialled, 'the failure')).rejects.toThrow(DialFailure);
    await carrier.calls.take('INVITE');
    trunk.invite(DNIS, ear.sdp());
    const incoming = await stage.incoming.take('the call');
    drachtio.cut();
    await until(() => incoming.cancelled.aborted, 'cancelled');
    await expect(incoming.answer()).rejects.toThrow(CallFailure);
    await failed;
    carrier.close();
    drachtio.restore();
    await served();
  }, 40_000);

  it('is noticed though the connection stays open', async () => {
    const { leg } = await answered();
    const { ended } = listenTo(leg);
    drachtio.freeze();
    expect(await ended.take('the end', undefined, 15_000)).toBe('failure');
    // drachtio notices as well: until then it would give calls to the connection that is dead.
    drachtio.cut();
    await until(() => stage.telephony.state().drachtio !== 'up', 'lost for good');
    drachtio.restore();
    await served();
  }, 60_000);
});

describe('at the start', () => {
  it.each([
    ['drachtio', { drachtio: { secret: 'wrong' } }, /drachtio refused our secret/u],
    ['FreeSWITCH', { freeswitch: { secret: 'wrong' } }, /FreeSWITCH refused our secret/u],
    ['FreeSWITCH', { freeswitch: { port: 1 } }, /FreeSWITCH does not answer/u],
    ['drachtio', { drachtio: { port: 1 } }, /drachtio does not answer/u],
  ])('%s that can not be used is named: %j', async (_server, wrong, message) => {
    const real = await findSwitch();
    const opening = openStage({
      settings: { startSeconds: 2 },
      addresses: {
        drachtio: { ...real.drachtio, ...('drachtio' in wrong ? wrong.drachtio : {}) },
        freeswitch: { ...real.freeswitch, ...('freeswitch' in wrong ? wrong.freeswitch : {}) },
      },
    });
    await expect(opening).rejects.toThrow(message);
  });

  it('channels that an earlier run left behind are ended', async () => {
    const { leg } = await answered();
    const { ended } = listenTo(leg);
    const next = await openStage({ settings: { warmEndpoints: 0 } });
    expect(await ended.take('the end')).toBe('failure');
    await next.close();
  });

  it('a folder that FreeSWITCH could take for a command is refused', async () => {
    const nothing = {} as Parameters<typeof createTelephony>[0];
    const settings = {
      freeswitch: { soundsFolder: '/x y', recordingsFolder: '/z' },
    } as (typeof nothing)['settings'];
    await expect(createTelephony({ ...nothing, settings })).rejects.toThrow(/soundsFolder/u);
  });
});
