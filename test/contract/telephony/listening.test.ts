import { readdir, readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DialTarget, Leg } from '../../../src/engine/ports.ts';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { typed } from '../../support/text-telephone.ts';
import { until } from '../../support/waiting.ts';
import { CUSTOMER, DNIS, listenTo, openStage, outboundTo, type Stage, VOICE } from './stage.ts';

const never = new AbortController().signal;
const customer: DialTarget = { kind: 'customer', number: CUSTOMER, callerId: DNIS };
/** Three tones at once are no beep: to a meter of energy they are a voice. */
const SPEECH = [310, 1130, 1870] as const;
/** How many voices speak at once, and for how long each prompt at most. */
const VOICES = 20;
const MOST_SAMPLES = 24_000;

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
  stage.setOutbound(outboundTo(carrier));
});

afterEach(async () => {
  carrier.close();
  ear.close();
  await until(() => stage.telephony.state().calls === 0, 'no call left');
});

async function reached(by: RtpEar = ear): Promise<{ leg: Leg; call: PhoneCall }> {
  const dialled = stage.telephony.dial(customer, 20, never);
  const call = await carrier.calls.take('INVITE');
  const invite = await call.requests.take('INVITE');
  by.aim(invite.body.toString());
  call.reply(invite, 200, by.sdp());
  return { leg: await dialled, call };
}

describe('a called party', () => {
  it('is told to begin and to cease to speak, while a prompt plays', async () => {
    const { leg } = await reached();
    const { speech, tones } = listenTo(leg);
    await leg.listenForMachine();
    const played = leg.play(['prompts/long'], VOICE);
    ear.sayFor(30, ...SPEECH);
    expect(await speech.take('its voice')).toBe(true);
    expect(await speech.take('the end of it')).toBe(false);
    ear.sayFor(30, ...SPEECH);
    expect(await speech.take('its voice again')).toBe(true);
    expect(await speech.take('the end of that')).toBe(false);
    expect(tones.size).toBe(0);
    await leg.hangUp();
    expect(await played).toBe('stopped');
  });

  it('that sends nothing while it is silent ceases to speak as well', async () => {
    const { leg } = await reached();
    const { speech } = listenTo(leg);
    await leg.listenForMachine();
    ear.say(...SPEECH);
    expect(await speech.take('its voice')).toBe(true);
    ear.mute();
    expect(await speech.take('the end of it')).toBe(false);
    await leg.hangUp();
  });

  it.each([440, 1000, 1400, 2000])('is heard to beep at %i Hz', async (frequency) => {
    const { leg } = await reached();
    const { tones } = listenTo(leg);
    await leg.listenForMachine();
    ear.sayFor(20, frequency);
    expect(await tones.take('the beep')).toBe('beep');
    await leg.hangUp();
  });

  it('leaves no sound on the disk, while it is heard or after', async () => {
    const { leg } = await reached();
    const { speech } = listenTo(leg);
    await leg.listenForMachine();
    expect(await readdir(stage.recordingsFolder)).toEqual([]);
    ear.say(...SPEECH);
    await speech.take('its voice');
    expect(await readdir(stage.recordingsFolder)).toEqual([]);
    await leg.hangUp();
    expect(await readdir(stage.recordingsFolder)).toEqual([]);
  });

  it('is not heard any more once it is joined to another', async () => {
    const first = await reached();
    const otherEar = await RtpEar.open();
    const second = await reached(otherEar);
    const { speech, tones } = listenTo(first.leg);
    await first.leg.listenForMachine();
    await first.leg.bridge(second.leg);
    ear.sayFor(20, 1000);
    await otherEar.hears(1000);
    ear.say(...SPEECH);
    expect(speech.size + tones.size).toBe(0);
    await Promise.all([first.leg.hangUp(), second.leg.hangUp()]);
    otherEar.close();
  });
});

describe('a text telephone', () => {
  it.each([1400, 1800])('is told once by its carrier of %i Hz', async (frequency) => {
    const { leg } = await reached();
    const { tones } = listenTo(leg);
    await leg.listenForTty();
    const played = leg.play(['prompts/long'], VOICE);
    ear.say(frequency);
    expect(await tones.take('tty')).toBe('tty');
    await ear.hears(500);
    await leg.hangUp();
    expect(await played).toBe('stopped');
    expect(tones.size).toBe(0);
  });

  it.each(['HELLO GA', '  '])('is told once when it types "%s"', async (text) => {
    const { leg } = await reached();
    const { tones } = listenTo(leg);
    await leg.listenForTty();
    await ear.saySound(typed(text));
    expect(await tones.take('tty')).toBe('tty');
    await ear.saySound(typed(text));
    expect(tones.size).toBe(0);
    await leg.hangUp();
  });

  it('is not taken for a voice', async () => {
    const folder = 'freeswitch/sounds/en/prompts';
    const names = (await readdir(folder)).filter((name) => name.endsWith('.wav')).slice(0, 60);
    const spoken = await Promise.all(
      names.map(async (name) => decodeWav(await readFile(`${folder}/${name}`)).channels[0]),
    );
    const share = Math.ceil(spoken.length / VOICES);
    const heard = await Promise.all(
      Array.from({ length: VOICES }, async (_, index) => {
        const speaker = await RtpEar.open();
        const { leg } = await reached(speaker);
        const { tones } = listenTo(leg);
        await leg.listenForTty();
        await leg.listenForMachine();
        for (const sound of spoken.slice(index * share, (index + 1) * share)) {
          await speaker.saySound((sound ?? new Int16Array(0)).subarray(0, MOST_SAMPLES));
        }
        await leg.hangUp();
        speaker.close();
        return tones.size;
      }),
    );
    expect(heard).toEqual(Array<number>(VOICES).fill(0));
  });

  it('is told of its own leg only', async () => {
    const first = await reached();
    const otherEar = await RtpEar.open();
    const second = await reached(otherEar);
    const mine = listenTo(first.leg);
    const others = listenTo(second.leg);
    await first.leg.listenForTty();
    await second.leg.listenForTty();
    ear.say(1400);
    expect(await mine.tones.take('tty')).toBe('tty');
    otherEar.say(1800);
    expect(await others.tones.take('tty')).toBe('tty');
    expect(mine.tones.size + others.tones.size).toBe(0);
    await Promise.all([first.leg.hangUp(), second.leg.hangUp()]);
    otherEar.close();
  });
});
