import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import type { TrunkOutbound } from '../../../src/domain/trunk/trunk.ts';
import type { DialTarget, Leg } from '../../../src/engine/ports.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import type { SipRequest } from '../../../src/protocol/sip/message.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/waiting.ts';
import { CUSTOMER, DNIS, openStage, outboundTo, type Stage } from './stage.ts';

const never = new AbortController().signal;
const customer: DialTarget = { kind: 'customer', number: CUSTOMER, callerId: DNIS };

let stage: Stage;
let first: SipPhone;
let second: SipPhone;
let ear: RtpEar;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

beforeEach(async () => {
  first = await SipPhone.open(stage.sip, CUSTOMER);
  second = await SipPhone.open(stage.sip, CUSTOMER);
  ear = await RtpEar.open();
});

afterEach(async () => {
  first.close();
  second.close();
  ear.close();
  await until(() => stage.telephony.state().calls === 0, 'no call left');
});

function dial(): Promise<Leg> {
  return stage.telephony.dial(customer, 20, never);
}

async function arrives(at: SipPhone): Promise<{ call: PhoneCall; invite: SipRequest }> {
  const call = await at.calls.take('INVITE');
  return { call, invite: await call.requests.take('INVITE') };
}

async function refused(dialled: Promise<Leg>): Promise<DialFailure> {
  const error: unknown = await dialled.catch((thrown: unknown) => thrown);
  if (!(error instanceof DialFailure)) throw new Error('not refused', { cause: error });
  return error;
}

describe('who calls', () => {
  it.each<[string, Partial<TrunkOutbound>, RegExp, RegExp | undefined, string | undefined]>([
    ['as dialled', {}, /^<sip:\+12025550100@127/u, /^<sip:\+12025550100@127/u, undefined],
    [
      'as a number of the trunk',
      { callerId: '+12025550190' },
      /^<sip:\+12025550190@/u,
      /^<sip:\+12025550190@/u,
      undefined,
    ],
    [
      'without the plus',
      { callerIdFormat: 'withoutPlus' },
      /^<sip:12025550100@/u,
      /^<sip:12025550100@/u,
      undefined,
    ],
    [
      'as a national number',
      { callerIdFormat: 'national' },
      /^<sip:2025550100@/u,
      /^<sip:2025550100@/u,
      undefined,
    ],
    [
      'beside a domain',
      { callerIdHost: 'voice.example' },
      /^<sip:\+12025550100@voice\.example>/u,
      /^<sip:\+12025550100@voice\.example>$/u,
      undefined,
    ],
    ['without assertion', { assertIdentity: false }, /^<sip:\+12025550100@/u, undefined, undefined],
    [
      'to the carrier alone',
      { privacy: 'id' },
      /^"Anonymous" <sip:anonymous@anonymous\.invalid>/u,
      /^<sip:\+12025550100@127/u,
      'id',
    ],
  ])('is told %s', async (_case, changes, from, asserted, privacy) => {
    stage.setOutbound(outboundTo(first, changes));
    const dialled = dial();
    const { call, invite } = await arrives(first);
    expect(header(invite, 'From')).toMatch(from);
    expect(header(invite, 'From')).not.toContain('localhost');
    if (asserted === undefined) expect(header(invite, 'P-Asserted-Identity')).toBeUndefined();
    else expect(header(invite, 'P-Asserted-Identity')).toMatch(asserted);
    expect(header(invite, 'Privacy')).toBe(privacy);
    call.reply(invite, 486);
    await refused(dialled);
  });
});

describe('trunks', () => {
  it('carry so many calls as they may; the next one in the file takes more', async () => {
    stage.setOutbound(outboundTo(first, { maxCalls: 1 }), outboundTo(second, { maxCalls: 1 }));
    expect(stage.telephony.outgoingCapacity()).toBe(2);
    const one = dial();
    const ringing = await arrives(first);
    expect(stage.telephony.outgoingCapacity()).toBe(1);
    const two = dial();
    const other = await arrives(second);
    expect(stage.telephony.outgoingCapacity()).toBe(0);
    expect(await refused(dial())).toMatchObject({ dialCause: 'congestion', origin: 'carrier' });
    ringing.call.reply(ringing.invite, 200, ear.sdp());
    const leg = await one;
    other.call.reply(other.invite, 486);
    expect(await refused(two)).toMatchObject({ dialCause: 'busy' });
    expect(stage.telephony.outgoingCapacity()).toBe(1);
    await leg.hangUp();
    await ringing.call.bye;
    expect(stage.telephony.outgoingCapacity()).toBe(2);
  });

  it('that refuse with 503 let the next one take the call', async () => {
    stage.setOutbound(outboundTo(first), outboundTo(second));
    const dialled = dial();
    const one = await arrives(first);
    one.call.reply(one.invite, 503);
    const two = await arrives(second);
    two.call.reply(two.invite, 200, ear.sdp());
    const leg = await dialled;
    expect(stage.telephony.outgoingCapacity()).toBe(199);
    await leg.hangUp();
    await two.call.bye;
  });

  it('that all refuse with 503 are congested', async () => {
    stage.setOutbound(outboundTo(first), outboundTo(second));
    const dialled = dial();
    for (const phone of [first, second]) {
      const { call, invite } = await arrives(phone);
      call.reply(invite, 503);
    }
    expect(await refused(dialled)).toMatchObject({ dialCause: 'congestion', status: 503 });
    expect(stage.telephony.outgoingCapacity()).toBe(200);
  });

  it('that ring are waited for', async () => {
    stage.setOutbound(outboundTo(first), outboundTo(second));
    const dialled = stage.telephony.dial(customer, 1, never);
    const { call, invite } = await arrives(first);
    call.reply(invite, 180);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'noAnswer' });
    expect(second.calls.size).toBe(0);
    call.reply(invite, 487);
  });

  it.each([486, 404, 603, 500])('that answer %i have spoken for the customer', async (status) => {
    stage.setOutbound(outboundTo(first), outboundTo(second));
    const dialled = dial();
    const { call, invite } = await arrives(first);
    call.reply(invite, status);
    expect(await refused(dialled)).toMatchObject({ status });
    expect(second.calls.size).toBe(0);
  });

  it('are no way out of a Linekeeper that is full', async () => {
    stage.setOutbound();
    expect(stage.telephony.outgoingCapacity()).toBe(0);
    stage.setOutbound(outboundTo(first, { maxCalls: 2_000 }));
    expect(stage.telephony.outgoingCapacity()).toBe(300);
  });

  it('that say nothing at all let the next one take the call, and the one after it', async () => {
    stage.setOutbound(outboundTo(first), outboundTo(second));
    const dialled = dial();
    await arrives(first);
    const { call, invite } = await arrives(second);
    call.reply(invite, 486);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'busy' });
    const again = dial();
    const next = await arrives(second);
    next.call.reply(next.invite, 486);
    expect(await refused(again)).toMatchObject({ dialCause: 'busy' });
    expect(first.calls.size).toBe(0);
  });

  it('that say nothing cost the customer no attempt', async () => {
    stage.setOutbound(outboundTo(first));
    const dialled = stage.telephony.dial(customer, 1, never);
    await arrives(first);
    expect(await refused(dialled)).toMatchObject({ dialCause: 'carrierFailure' });
  });
});
