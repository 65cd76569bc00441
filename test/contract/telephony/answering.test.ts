import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerSign, classifyAnswer } from '../../../src/domain/callback/answer-class.ts';
import type { DialTarget, Leg } from '../../../src/engine/ports.ts';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { SipPhone } from '../../support/sip-phone.ts';
import { until } from '../../support/waiting.ts';
import { CUSTOMER, DNIS, openStage, outboundTo, type Stage, VOICE } from './stage.ts';

const customer: DialTarget = { kind: 'customer', number: CUSTOMER, callerId: DNIS };

/** Who answers, by what a leg hears while it plays a prompt to them. */
describe('an answer', () => {
  let stage: Stage;
  let carrier: SipPhone;
  let greeting: Int16Array;

  beforeAll(async () => {
    stage = await openStage();
    carrier = await SipPhone.open(stage.sip, CUSTOMER);
    stage.setOutbound(outboundTo(carrier));
    const wav = await readFile('freeswitch/sounds/en/prompts/greeting.wav');
    greeting = decodeWav(wav).channels[0] ?? new Int16Array(0);
  });

  afterAll(async () => {
    carrier.close();
    await stage.close();
  });

  let ear: RtpEar;
  let leg: Leg;
  let signs: AnswerSign[];
  let answeredAt: number;

  beforeEach(async () => {
    ear = await RtpEar.open();
    signs = [];
    const dialled = stage.telephony.dial(customer, 20, new AbortController().signal);
    const call = await carrier.calls.take('INVITE');
    const invite = await call.requests.take('INVITE');
    ear.aim(invite.body.toString());
    call.reply(invite, 200, ear.sdp());
    leg = await dialled;
    answeredAt = Date.now();
    leg.listen({
      key: () => undefined,
      ended: () => undefined,
      speech: (active, agoMs) => {
        const kind = active ? 'speechBegan' : 'speechEnded';
        signs.push({ kind, at: Date.now() - agoMs });
      },
      tone: (name) => {
        if (name === 'beep') signs.push({ kind: 'beep', at: Date.now() });
      },
    });
    await leg.listenForMachine();
    void leg.play(['prompts/long'], VOICE);
  });

  const judged = (): string => {
    const { answer, by } = classifyAnswer(signs, answeredAt, Date.now());
    return `${answer} by ${by}`;
  };

  async function end(): Promise<void> {
    await leg.hangUp();
    ear.close();
    await until(() => stage.telephony.state().calls === 0, 'no call left');
  }

  it('of one word and silence is a person', async () => {
    await ear.saySound(greeting.subarray(0, 8_000));
    await until(() => judged() === 'person by shortGreeting', 'a person');
    await end();
  });

  it('of a long greeting is a machine, and its beep tells for certain', async () => {
    expect(greeting.length).toBeGreaterThan(32_000);
    await ear.saySound(greeting);
    await until(() => judged() === 'machine by longGreeting', 'a machine');
    ear.sayFor(20, 1000);
    await until(() => judged() === 'machine by beep', 'its beep');
    await end();
  });

  it('without a word stays unknown', async () => {
    const before = ear.packets;
    await until(() => ear.packets > before + 100, 'two seconds');
    expect(judged()).toBe('unknown by silence');
    await end();
  });
});
