import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Clock, Leg } from '../../../src/engine/ports.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import type { SipRequest } from '../../../src/protocol/sip/message.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type Fields, type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { systemClock } from '../../support/system-clock.ts';
import { until } from '../../support/waiting.ts';
import { CALLER, DNIS, listenTo, openStage, type Stage, VOICE } from './stage.ts';

/** The shortest that RFC 4028 and drachtio-server allow. */
const SECONDS = 90;

/** A clock on which long waits pass 30 times faster. */
const hasty: Clock = {
  now: () => systemClock.now(),
  startTimer: (afterMs, action) =>
    systemClock.startTimer(afterMs >= 20_000 ? afterMs / 30 : afterMs, action),
};

describe('session timers', () => {
  let stage: Stage;
  let trunk: SipPhone;
  let ear: RtpEar;

  beforeAll(async () => {
    stage = await openStage({
      settings: { sessionExpiresSeconds: SECONDS },
      clock: hasty,
    });
    trunk = await SipPhone.open(stage.sip, CALLER);
    ear = await RtpEar.open();
  });

  afterAll(async () => {
    ear.close();
    trunk.close();
    await stage.close();
  });

  afterEach(async () => {
    await until(() => stage.telephony.state().calls === 0, 'no call left');
  });

  async function answered(fields: Fields): Promise<{ call: PhoneCall; leg: Leg }> {
    const call = trunk.invite(DNIS, ear.sdp(), fields);
    const leg = await (await stage.incoming.take('the call')).answer();
    call.ack(await call.final());
    return { call, leg };
  }

  const refresh = (call: PhoneCall): Promise<SipRequest> =>
    call.requests.take('a refresh', ({ method }) => method === 'INVITE' || method === 'UPDATE');

  it('a caller who must refresh and does not is hung up', async () => {
    const { call, leg } = await answered({ Supported: 'timer' });
    const { ended } = listenTo(leg);
    expect(await ended.take('the end')).toBe('failure');
    await call.bye;
  });

  it('a caller who refreshes stays', async () => {
    const { call, leg } = await answered({ Supported: 'timer' });
    const { ended } = listenTo(leg);
    const timer = { Supported: 'timer', 'Session-Expires': `${SECONDS};refresher=uac` };
    for (let turn = 0; turn < 3; turn += 1) {
      const before = ear.packets;
      void leg.play(['prompts/low'], VOICE);
      await until(() => ear.packets > before + 45, 'a second of sound');
      expect((await call.ask('UPDATE', undefined, timer)).status).toBe(200);
    }
    expect(ended.size).toBe(0);
    await leg.hangUp();
  });

  it('a caller who knows no timers is refreshed by re-INVITE, and hung up when silent', async () => {
    const { call, leg } = await answered({});
    const { ended } = listenTo(leg);
    const first = await refresh(call);
    expect(first.method).toBe('INVITE');
    expect(header(first, 'Session-Expires')).toBe(`${SECONDS};refresher=uac`);
    expect(first.body.toString()).toContain('m=audio');
    call.reply(first, 200, ear.sdp());
    const second = await refresh(call);
    call.reply(second, 481);
    expect(await ended.take('the end')).toBe('failure');
  });

  it('a caller who asks us to refresh is refreshed for as long as it answers', async () => {
    const { call, leg } = await answered({
      Supported: 'timer',
      'Session-Expires': `${SECONDS};refresher=uas`,
    });
    const { ended } = listenTo(leg);
    for (let turn = 0; turn < 2; turn += 1) {
      const asked = await refresh(call);
      call.reply(asked, turn === 0 ? 200 : 491, ear.sdp(), {
        'Session-Expires': `${SECONDS};refresher=uac`,
      });
    }
    call.reply(await refresh(call), 200, ear.sdp());
    expect(ended.size).toBe(0);
    await leg.hangUp();
  });
});
