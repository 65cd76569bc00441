import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import type { DialTarget, Leg } from '../../../src/engine/ports.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { SipPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/waiting.ts';
import { CUSTOMER, DNIS, listenTo, openStage, outboundTo, type Stage, VOICE } from './stage.ts';

const never = new AbortController().signal;
const customer: DialTarget = { kind: 'customer', number: CUSTOMER, callerId: DNIS };
const agent: DialTarget = {
  kind: 'agent',
  agentId: 'alice',
  callerName: 'Refunds "12 min"\r\nX: y',
};

let stage: Stage;
let carrier: SipPhone;
let ear: RtpEar;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

beforeEach(async () => {
  carrier = await SipPhone.open(stage.sip, CUSTOMER);
  ear = await RtpEar.open();
  reachThrough(carrier);
});

afterEach(async () => {
  carrier.close();
  ear.close();
  stage.directory.registered.clear();
  await until(() => stage.telephony.state().calls === 0, 'no call left');
});

function reachThrough(phone: SipPhone, credentials?: { user: string; secret: string }): void {
  stage.setOutbound(outboundTo(phone, { credentials }));
}

function register(...phones: SipPhone[]): void {
  stage.directory.registered.set(
    'alice',
    phones.map((phone) => ({
      uri: `sip:alice@192.0.2.1:5060`,
      expiresAt: Date.now() + 60_000,
      source: { protocol: 'udp', address: phone.address, port: phone.port },
    })),
  );
}

/** A customer who answers at once and says 1,200 Hz. */
async function customerReached(): Promise<{ leg: Leg; ear: RtpEar }> {
  const theirs = await RtpEar.open();
  const dialled = stage.telephony.dial(customer, 20, never);
  const call = await carrier.calls.take('INVITE');
  const invite = await call.requests.take('INVITE');
  theirs.aim(invite.body.toString());
  theirs.say(1200);
  call.reply(invite, 200, theirs.sdp());
  return { leg: await dialled, ear: theirs };
}

async function refused(dialled: Promise<Leg>): Promise<DialFailure> {
  const error: unknown = await dialled.catch((thrown: unknown) => thrown);
  if (!(error instanceof DialFailure)) throw new Error('not refused', { cause: error });
  return error;
}

describe('a customer', () => {
  it('is called by the trunk from the number dialled, answers, and is heard', async () => {
    const dialled = stage.telephony.dial(customer, 20, never);
    const call = await carrier.calls.take('INVITE');
    const invite = await call.requests.take('INVITE');
    expect(invite.uri).toContain(`sip:${CUSTOMER}@`);
    expect(header(invite, 'From')).toContain(`<sip:${DNIS}@`);
    expect(header(invite, 'From')).not.toContain('localhost');
    expect(header(invite, 'P-Asserted-Identity')).toContain(`<sip:${DNIS}@`);
    expect(header(invite, 'Session-Expires')).toBe('1800');
    expect(invite.body.toString()).toMatch(/^m=audio \d+ RTP\/AVP 0 8 101\r$/mu);
    call.reply(invite, 180);
    call.reply(invite, 183, ear.sdp());
    ear.aim(invite.body.toString());
    call.reply(invite, 200, ear.sdp(), { Allow: 'INVITE, UPDATE' });
    const leg = await dialled;
    await call.requests.take('ACK', ({ method }) => method === 'ACK');
    const { keys, ended } = listenTo(leg);
    const played = leg.play(['prompts/low'], VOICE);
    await ear.hears(400);
    ear.key('1');
    expect(await keys.take('1')).toBe('1');
    expect(await played).toBe('finished');
    call.request('BYE');
    expect(await ended.take('the end')).toBe('party');
  });

  it.each([
    [486, 'busy'],
    [603, 'declined'],
    [404, 'invalidNumber'],
    [480, 'noAnswer'],
    [503, 'congestion'],
    [500, 'carrierFailure'],
    [302, 'carrierFailure'],
    [401, 'carrierFailure'],
  ])('who answers %i is %s', async (status, cause) => {
    const dialled = stage.telephony.dial(customer, 20, never);
    const call = await carrier.calls.take('INVITE');
    call.reply(await call.requests.take('INVITE'), status);
    expect(await refused(dialled)).toMatchObject({ dialCause: cause, status });
  });

  it('who rings too long is withdrawn', async () => {
    const dialled = stage.telephony.dial(customer, 1, never);
    const call = await carrier.calls.take('INVITE');
    const invite = await call.requests.take('INVITE');
    call.reply(invite, 180);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'noAnswer' });
    await call.requests.take('CANCEL', ({ method }) => method === 'CANCEL');
    call.reply(invite, 487);
  });

  it('is withdrawn by the signal', async () => {
    const withdrawal = new AbortController();
    const dialled = stage.telephony.dial(customer, 20, withdrawal.signal);
    const call = await carrier.calls.take('INVITE');
    const invite = await call.requests.take('INVITE');
    call.reply(invite, 180);
    withdrawal.abort();
    expect(await refused(dialled)).toMatchObject({ dialCause: 'withdrawn' });
    await call.requests.take('CANCEL', ({ method }) => method === 'CANCEL');
    call.reply(invite, 487);
    const late = await refused(stage.telephony.dial(customer, 20, withdrawal.signal));
    expect(late.dialCause).toBe('withdrawn');
  });

  it('whose answer crosses the CANCEL gets ACK and BYE', async () => {
    const withdrawal = new AbortController();
    const dialled = stage.telephony.dial(customer, 20, withdrawal.signal);
    const call = await carrier.calls.take('INVITE');
    const invite = await call.requests.take('INVITE');
    call.reply(invite, 180);
    withdrawal.abort();
    await refused(dialled);
    call.reply(invite, 200, ear.sdp());
    await call.requests.take('ACK', ({ method }) => method === 'ACK');
    await call.bye;
  });

  it('is called with what the carrier challenges', async () => {
    reachThrough(carrier, { user: 'us', secret: 'ours' });
    const dialled = stage.telephony.dial(customer, 20, never);
    const call = await carrier.calls.take('INVITE');
    call.reply(await call.requests.take('INVITE'), 407, undefined, {
      'Proxy-Authenticate': 'Digest realm="carrier", nonce="abc", qop="auth"',
    });
    const again = await call.requests.take('INVITE', ({ method }) => method === 'INVITE');
    expect(header(again, 'Proxy-Authorization')).toContain('username="us"');
    call.reply(again, 486);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'busy' });
  });

  it('whose session interval must be longer gets it', async () => {
    const dialled = stage.telephony.dial(customer, 20, never);
    const call = await carrier.calls.take('INVITE');
    call.reply(await call.requests.take('INVITE'), 422, undefined, { 'Min-SE': '3600' });
    const again = await carrier.calls.take('INVITE');
    const invite = await again.requests.take('INVITE');
    expect(header(invite, 'Session-Expires')).toBe('3600');
    again.reply(invite, 486);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'busy' });
  });

  it.each([
    ['without a session', undefined],
    ['with another codec', 'v=0\r\nm=audio 4000 RTP/AVP 9\r\n'],
  ])('who answers %s is hung up', async (_case, sdp) => {
    const dialled = stage.telephony.dial(customer, 20, never);
    const call = await carrier.calls.take('INVITE');
    call.reply(await call.requests.take('INVITE'), 200, sdp);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'carrierFailure' });
    await call.bye;
  });

  it('can not be called without a trunk', async () => {
    stage.setOutbound();
    expect(await refused(stage.telephony.dial(customer, 20, never))).toMatchObject({
      dialCause: 'carrierFailure',
    });
  });

  it('is called at once: an endpoint is ready before it is needed', async () => {
    await until(() => stage.telephony.state().warmEndpoints === 2, 'warm endpoints');
    const dialled = stage.telephony.dial(customer, 20, never);
    expect(stage.telephony.state().warmEndpoints).toBe(1);
    const call = await carrier.calls.take('INVITE');
    call.reply(await call.requests.take('INVITE'), 486);
    await refused(dialled);
    await until(() => stage.telephony.state().warmEndpoints === 2, 'another one');
  });
});

describe('an agent', () => {
  it('rings on all phones at once; the first answer wins', async () => {
    const phones = await Promise.all([1, 2, 3].map(() => SipPhone.open(stage.sip, 'alice')));
    const [first, second, third] = phones as [SipPhone, SipPhone, SipPhone];
    register(first, second, third);
    const dialled = stage.telephony.dial(agent, 20, never);
    const calls = await Promise.all(phones.map((phone) => phone.calls.take('INVITE')));
    const invites = await Promise.all(calls.map((call) => call.requests.take('INVITE')));
    expect(header(invites[0] ?? never0(), 'From')).toMatch(
      /^"Refunds \\"12 min\\" {2}X: y" <sip:linekeeper@/u,
    );
    expect(invites[0]?.uri).toBe('sip:alice@192.0.2.1:5060');
    calls.forEach((call, index) => call.reply(invites[index] ?? never0(), 180));
    calls[1]?.reply(invites[1] ?? never0(), 486);
    calls[2]?.reply(invites[2] ?? never0(), 200, ear.sdp());
    const leg = await dialled;
    await calls[0]?.requests.take('CANCEL', ({ method }) => method === 'CANCEL');
    calls[0]?.reply(invites[0] ?? never0(), 487);
    await leg.hangUp();
    await calls[2]?.bye;
    for (const phone of phones) phone.close();
  });

  it('is told who is coming, in headers of each INVITE', async () => {
    const phones = await Promise.all([1, 2].map(() => SipPhone.open(stage.sip, 'alice')));
    register(...phones);
    const screen = {
      reason: 'callback',
      queue: 'refunds',
      path: ['main', 'más'],
      waitSeconds: 1920,
      attempts: 2,
      ticket: 'ticket-7',
    } as const;
    const dialled = stage.telephony.dial({ ...agent, screen }, 20, never);
    for (const phone of phones) {
      const call = await phone.calls.take('INVITE');
      const invite = await call.requests.take('INVITE');
      expect(header(invite, 'X-Linekeeper-Reason')).toBe('callback');
      expect(header(invite, 'X-Linekeeper-Queue')).toBe('refunds');
      expect(header(invite, 'X-Linekeeper-Path')).toBe('main/m%C3%A1s');
      expect(header(invite, 'X-Linekeeper-Wait')).toBe('1920');
      expect(header(invite, 'X-Linekeeper-Attempts')).toBe('2');
      expect(header(invite, 'X-Linekeeper-Ticket')).toBe('ticket-7');
      call.reply(invite, 486);
    }
    expect(await refused(dialled)).toMatchObject({ dialCause: 'busy' });
    for (const phone of phones) phone.close();
  });

  it('hears a whisper at once, then the caller; who comes in between stops it', async () => {
    const phone = await SipPhone.open(stage.sip, 'alice');
    register(phone);
    const dialled = stage.telephony.dial(agent, 20, never);
    const call = await phone.calls.take('INVITE');
    const invite = await call.requests.take('INVITE');
    ear.aim(invite.body.toString());
    ear.say(800);
    call.reply(invite, 200, ear.sdp());
    const leg = await dialled;
    const whispered = leg.play(['prompts/short', 'prompts/low'], VOICE);
    const caller = await customerReached();
    void caller.leg.playMusic();
    await ear.hears(400);
    expect(await whispered).toBe('finished');
    const again = leg.play(['prompts/long'], VOICE);
    await ear.hears(500);
    await leg.bridge(caller.leg);
    expect(await again).toBe('stopped');
    await Promise.all([ear.hears(1200), caller.ear.hears(800)]);
    await Promise.all([leg.hangUp(), caller.leg.hangUp()]);
    caller.ear.close();
    phone.close();
  });

  it('who answers on two phones at once has one hung up', async () => {
    const phones = await Promise.all([1, 2].map(() => SipPhone.open(stage.sip, 'alice')));
    register(...phones);
    const dialled = stage.telephony.dial(agent, 20, never);
    const calls = await Promise.all(phones.map((phone) => phone.calls.take('INVITE')));
    for (const call of calls) call.reply(await call.requests.take('INVITE'), 200, ear.sdp());
    const leg = await dialled;
    await Promise.any(calls.map((call) => call.bye));
    await leg.hangUp();
    for (const phone of phones) phone.close();
  });

  it('who declines on one phone is not called on the other', async () => {
    const phones = await Promise.all([1, 2].map(() => SipPhone.open(stage.sip, 'alice')));
    register(...phones);
    const dialled = stage.telephony.dial(agent, 20, never);
    const [first, second] = await Promise.all(phones.map((phone) => phone.calls.take('INVITE')));
    const invite = await second?.requests.take('INVITE');
    second?.reply(invite ?? never0(), 180);
    first?.reply(await first.requests.take('INVITE'), 603);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'declined', status: 603 });
    await second?.requests.take('CANCEL', ({ method }) => method === 'CANCEL');
    second?.reply(invite ?? never0(), 487);
    for (const phone of phones) phone.close();
  });

  it('without a phone is unreachable', async () => {
    expect(await refused(stage.telephony.dial(agent, 20, never))).toMatchObject({
      dialCause: 'unreachable',
    });
  });
});

function never0(): never {
  throw new Error('no such request');
}
