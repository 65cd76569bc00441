import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { Leg } from '../../../src/engine/ports.ts';
import { shareAt } from '../../../src/protocol/audio/spectrum.ts';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';
import { askFreeSwitch } from '../../support/ask-freeswitch.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { type PhoneCall, SipPhone } from '../../support/sip-phone.ts';
import { Inbox, PATIENCE_MS, until } from '../../support/waiting.ts';
import { CALLER, DNIS, listenTo, openStage, type Stage, VOICE } from './stage.ts';

interface Talker {
  readonly call: PhoneCall;
  readonly leg: Leg;
  readonly ear: RtpEar;
}

describe('two in conversation', () => {
  let stage: Stage;
  let trunk: SipPhone;

  beforeAll(async () => {
    stage = await openStage();
    trunk = await SipPhone.open(stage.sip, CALLER);
  });

  afterAll(async () => {
    trunk.close();
    await stage.close();
  });

  async function talker(frequency: number): Promise<Talker> {
    const ear = await RtpEar.open();
    const call = trunk.invite(DNIS, ear.sdp());
    const leg = await (await stage.incoming.take('the call')).answer();
    const answer = await call.final();
    call.ack(answer);
    ear.aim(answer.body.toString());
    ear.say(frequency);
    started.push({ call, leg, ear });
    return { call, leg, ear };
  }

  const started: Talker[] = [];

  afterEach(async () => {
    await end(...started.splice(0));
  });

  async function end(...talkers: Talker[]): Promise<void> {
    await Promise.all(talkers.map(({ leg }) => leg.hangUp()));
    for (const { ear } of talkers) ear.close();
    await until(() => stage.telephony.state().calls === 0, 'no call left');
  }

  it('hear each other, are recorded apart, and are parted', async () => {
    const caller = await talker(1200);
    const agent = await talker(800);
    void caller.leg.playMusic();
    await caller.leg.bridge(agent.leg);
    await caller.leg.startRecording('talk.wav');
    await expect(caller.leg.startRecording('talk.wav')).rejects.toThrow(CallFailure);
    await Promise.all([caller.ear.hears(800), agent.ear.hears(1200)]);
    const before = agent.ear.packets;
    await until(() => agent.ear.packets > before + 75, 'a second and a half of talk');
    const { durationMs } = await caller.leg.stopRecording('talk.wav');
    expect(durationMs).toBeGreaterThan(1_200);
    const { channels } = decodeWav(await readFile(join(stage.recordingsFolder, 'talk.wav')));
    const [left, right] = channels.map((samples) => samples.subarray(4_000, 12_000));
    // A gap in what the test phone sends spreads some power; none of it may be the other party's.
    for (const [samples, own, other] of [
      [left, 1200, 800],
      [right, 800, 1200],
    ] as const) {
      expect(shareAt(samples ?? new Int16Array(0), [own])).toBeGreaterThan(0.6);
      expect(shareAt(samples ?? new Int16Array(0), [other])).toBeLessThan(0.05);
    }
    await caller.leg.unbridge();
    await caller.ear.hearsNo(800);
    const played = caller.leg.play(['prompts/low'], VOICE);
    await caller.ear.hears(400);
    expect(await played).toBe('finished');
    await caller.leg.bridge(agent.leg);
    await caller.ear.hears(800);
  });

  it('one hangs up, and the other can be spoken to', async () => {
    const caller = await talker(1200);
    const agent = await talker(800);
    const { ended } = listenTo(agent.leg);
    await agent.leg.bridge(caller.leg);
    await agent.ear.hears(1200);
    await agent.call.ask('BYE');
    expect(await ended.take('the end')).toBe('party');
    await caller.ear.hearsNo(800);
    const played = caller.leg.play(['prompts/low'], VOICE);
    await caller.ear.hears(400);
    expect(await played).toBe('finished');
  });

  it('held and resumed go on talking', async () => {
    const caller = await talker(1200);
    const agent = await talker(800);
    await agent.leg.bridge(caller.leg);
    await agent.ear.hears(1200);
    const held = await agent.call.ask(
      'INVITE',
      agent.ear.sdp({ direction: 'sendonly', version: 2 }),
    );
    agent.call.ack(held);
    await caller.ear.hearsNo(800);
    const resumed = await agent.call.ask('INVITE', agent.ear.sdp({ version: 3 }));
    agent.call.ack(resumed);
    await Promise.all([caller.ear.hears(800), agent.ear.hears(1200)]);
  });

  it('a recording that can not start is a failure, and the talk goes on', async () => {
    const caller = await talker(1200);
    const agent = await talker(800);
    await caller.leg.bridge(agent.leg);
    await expect(caller.leg.startRecording('../talk.wav')).rejects.toMatchObject({ origin: 'us' });
    await writeFile(join(stage.recordingsFolder, 'file'), 'not a folder');
    await expect(caller.leg.startRecording('file/talk.wav')).rejects.toMatchObject({
      origin: 'freeswitch',
    });
    await expect(caller.leg.stopRecording('other.wav')).rejects.toThrow(CallFailure);
    await agent.ear.hears(1200);
  });

  it('a recording that FreeSWITCH ends by itself is told at once, and the talk goes on', async () => {
    const caller = await talker(1200);
    const agent = await talker(800);
    await caller.leg.bridge(agent.leg);
    const lost = new Inbox<string>();
    caller.leg.listen({
      key: () => undefined,
      ended: () => undefined,
      recordingLost: (file) => lost.put(file),
    });
    await caller.leg.startRecording('lost.wav');
    await stopBehindOurBack(join(stage.recordingsFolder, 'lost.wav'));
    expect(await lost.take('the loss')).toBe('lost.wav');
    await expect(caller.leg.stopRecording('lost.wav')).rejects.toThrow(CallFailure);
    await agent.ear.hears(1200);
  });

  /** Whichever channel it is that records; FreeSWITCH lists a new one a little later. */
  async function stopBehindOurBack(path: string): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (!(await isStopped(path))) {
      if (Date.now() > giveUpAt) throw new Error('no channel records');
    }
  }

  async function isStopped(path: string): Promise<boolean> {
    const { freeswitch } = stage.addresses;
    const channels = await askFreeSwitch(freeswitch, 'show channels');
    for (const uuid of channels.match(/^[0-9a-f-]{36}/gmu) ?? []) {
      const answer = await askFreeSwitch(freeswitch, `uuid_record ${uuid} stop ${path}`);
      if (answer.startsWith('+OK')) return true;
    }
    return false;
  }

  it('a recording that ended with its call has a length', async () => {
    const caller = await talker(1200);
    await caller.leg.startRecording('short.wav');
    const before = caller.ear.packets;
    void caller.leg.play(['prompts/long'], VOICE);
    await until(() => caller.ear.packets > before + 25, 'half a second');
    await caller.call.ask('BYE');
    await until(() => stage.telephony.state().calls === 0, 'no call left');
    const { durationMs } = await caller.leg.stopRecording('short.wav');
    expect(durationMs).toBeGreaterThan(400);
  });

  it('can not be joined with one who has gone', async () => {
    const caller = await talker(1200);
    const agent = await talker(800);
    await agent.leg.hangUp();
    await expect(caller.leg.bridge(agent.leg)).rejects.toThrow(CallFailure);
    await expect(caller.leg.bridge(caller.leg)).rejects.toThrow(CallFailure);
  });
});
