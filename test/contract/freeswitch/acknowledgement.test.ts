import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { createMediaServer, type MediaServer } from '../../../src/switch/media/server.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';

/** RFC 3261's times, made short: these tests are about their order. */
const TIMERS = { t1Ms: 20, t2Ms: 80, t4Ms: 100 };

let server: MediaServer;
let phone: SipPhone;
let ear: RtpEar;
beforeAll(async () => {
  server = await createMediaServer({
    eventSocket: { address: '127.0.0.1', port: 0, secret: 'contract' },
    sip: { address: '127.0.0.1', port: 0 },
    rtp: { address: '127.0.0.1', minPort: 0, maxPort: 0 },
    timers: TIMERS,
    limits: { sessions: 2 },
  });
  phone = await SipPhone.open(`127.0.0.1:${server.sip.port}`, 'caller');
  ear = await RtpEar.open();
});
afterAll(async () => {
  phone.close();
  ear.close();
  await server.close();
});

/** Nobody listens for the event socket, so a call with an offer would end at once; one without waits for its ACK. */
function invite(): PhoneCall {
  return phone.invite('drachtio', undefined, {
    'User-Agent': 'drachtio-fsmrf:x',
    'X-esl-outbound': '127.0.0.1:1',
  });
}

function answers(call: PhoneCall): number {
  return call.log.filter((message) => message.kind === 'response' && message.status === 200).length;
}

describe('a 200 without an ACK', () => {
  it('is sent again and again, and then the call ends by BYE', async () => {
    const call = invite();
    const answer = await call.final();
    expect(answer.body.toString()).toMatch(/m=audio \d+ RTP\/AVP 0 8 101/);
    const bye = await call.bye;
    expect(answers(call)).toBeGreaterThan(5);
    expect(header(bye, 'Reason')).toBe('Q.850;cause=102;text="RECOVERY_ON_TIMER_EXPIRE"');
    await expect.poll(() => server.counts().calls).toBe(0);
  });

  it('is sent no more once the ACK has come', async () => {
    const call = invite();
    call.ack(await call.final(), ear.sdp());
    const bye = await call.bye;
    const sent = answers(call);
    expect(header(bye, 'Reason')).toBe('Q.850;cause=16;text="NORMAL_CLEARING"');
    expect((await phone.begin(`sip:drachtio@${phone.server}`).ask('OPTIONS')).status).toBe(200);
    expect(answers(call)).toBe(sent);
  });

  it('ends the call when the ACK brings no codec in common', async () => {
    const call = invite();
    call.ack(
      await call.final(),
      ear.sdp().replace('RTP/AVP 0', 'RTP/AVP 18').replace('rtpmap:0 PCMU', 'rtpmap:18 G729'),
    );
    expect(header(await call.bye, 'Reason')).toContain('INCOMPATIBLE_DESTINATION');
  });
});

it('refuses calls above the limit with 503', async () => {
  await expect.poll(() => server.counts().calls).toBe(0);
  const calls = [invite(), invite()];
  for (const call of calls) await call.final();
  const refused = invite();
  const answer = await refused.final();
  refused.ack(answer);
  expect(answer.status).toBe(503);
  for (const call of calls) await call.bye;
});
