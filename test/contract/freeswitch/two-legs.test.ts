import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { powerAt } from '../../../src/protocol/audio/spectrum.ts';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';
import { soon } from '../../support/waiting.ts';
import { collect, openParty, openStage, type Party, type Stage } from './stage.ts';

let stage: Stage;
let alice: Party;
let bob: Party;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  alice = await openParty(stage);
  bob = await openParty(stage);
  alice.ear.say(800);
  bob.ear.say(1200);
});
afterEach(async () => {
  await Promise.allSettled([alice.endpoint.destroy(), bob.endpoint.destroy()]);
  alice.ear.close();
  bob.ear.close();
});

describe('a bridge', () => {
  it('lets both hear each other until it is taken apart', async () => {
    await alice.endpoint.bridge(bob.endpoint);
    await Promise.all([alice.ear.hears(1200), bob.ear.hears(800)]);
    const states = collect<{ state: string }>(alice.endpoint, 'channelCallState');
    await alice.endpoint.unbridge();
    await expect.poll(() => states.map(({ state }) => state)).toEqual(['RINGING', 'ACTIVE']);
    alice.ear.forget();
    const played = alice.endpoint.play('tone_stream://%(600,0,600)');
    await alice.ear.hears(600);
    await played;
  });

  it('passes keys from one leg to the other by RFC 4733', async () => {
    const pressed = collect<{ dtmf: string }>(alice.endpoint, 'dtmf');
    await alice.endpoint.bridge(bob.endpoint);
    await bob.ear.hears(800);
    const arrived = bob.ear.keyHeard('7');
    alice.ear.key('7');
    await soon(arrived, 'the key at the other leg');
    expect(pressed.map(({ dtmf }) => dtmf)).toEqual(['7']);
  });

  it('parks the one who stays when the other hangs up', async () => {
    await stage.esl.ask('event json CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_PARK');
    await alice.endpoint.bridge(bob.endpoint);
    await alice.ear.hears(1200);
    await bob.endpoint.destroy();
    const bridge = await stage.esl.events.take(
      'bridge',
      (event) => event['Event-Name'] === 'CHANNEL_BRIDGE',
    );
    expect(bridge).toMatchObject({
      'Bridge-A-Unique-ID': alice.endpoint.uuid,
      'Bridge-B-Unique-ID': bob.endpoint.uuid,
    });
    await stage.esl.events.take('unbridge', (event) => event['Event-Name'] === 'CHANNEL_UNBRIDGE');
    const parkings = (): number =>
      stage.esl.events
        .peek()
        .filter(
          (event) =>
            event['Event-Name'] === 'CHANNEL_PARK' && event['Unique-ID'] === alice.endpoint.uuid,
        ).length;
    await expect.poll(parkings).toBeGreaterThanOrEqual(1);
    expect(alice.endpoint.connected).toBe(true);
    alice.ear.forget();
    const played = alice.endpoint.play('tone_stream://%(600,0,600)');
    await alice.ear.hears(600);
    await played;
    await stage.esl.ask('noevents');
  });

  it('is recorded with what the leg says on the left and what it hears on the right', async () => {
    const file = join(stage.directory, 'conversation.wav');
    await alice.endpoint.bridge(bob.endpoint);
    await alice.ear.hears(1200);
    await alice.endpoint.set({ RECORD_STEREO: 'true', recording_test: '1' });
    await alice.endpoint.execute('record_session', file);
    await stage.esl.ask('event json RECORD_STOP');
    await elapse(alice, 1000);
    expect(await stage.esl.api(`uuid_record ${alice.endpoint.uuid} mask ${file}`)).toBe(
      '+OK Success\n',
    );
    expect(await stage.esl.api(`uuid_record ${alice.endpoint.uuid} unmask ${file}`)).toBe(
      '+OK Success\n',
    );
    expect(await stage.esl.api(`uuid_record ${alice.endpoint.uuid} mask /no/such.wav`)).toBe(
      '-ERR Cannot mask recording session!\n',
    );
    expect(await stage.esl.api(`uuid_record ${alice.endpoint.uuid} stop ${file}`)).toBe(
      '+OK Success\n',
    );
    const stopped = await stage.esl.events.take(
      'RECORD_STOP',
      (event) => event['Event-Name'] === 'RECORD_STOP',
    );
    expect(stopped['Record-File-Path']).toBe(file);
    expect(Number(stopped['variable_record_ms'])).toBeGreaterThan(800);
    const { rate, channels } = decodeWav(readFileSync(file));
    expect(rate).toBe(8000);
    expect(channels).toHaveLength(2);
    const [left, right] = channels.map((samples) => samples.slice(1600, 6400));
    expect(power(left, 800)).toBeGreaterThan(20 * power(left, 1200));
    expect(power(right, 1200)).toBeGreaterThan(20 * power(right, 800));
    await stage.esl.ask('noevents');
  });
});

describe('muting', () => {
  it('keeps what a muted leg says from the other', async () => {
    await alice.endpoint.bridge(bob.endpoint);
    await bob.ear.hears(800);
    await alice.endpoint.mute();
    bob.ear.forget();
    await bob.ear.hearsNo(800);
    await alice.endpoint.unmute();
    await bob.ear.hears(800);
  });
});

describe('record', () => {
  it('records what the party says until the limit', async () => {
    const file = join(stage.directory, 'message.wav');
    const result = await alice.endpoint.record(file, { timeLimitSecs: 1 });
    expect(Number(result.recordMilliseconds)).toBeGreaterThanOrEqual(900);
    expect(Number(result.recordMilliseconds)).toBeLessThan(2500);
    const { channels } = decodeWav(readFileSync(file));
    expect(power(channels[0], 800)).toBeGreaterThan(1e5);
  });
});

describe('a conference', () => {
  it('mixes, mutes, plays to one member and kicks', async () => {
    const name = `room-${alice.endpoint.uuid.slice(0, 8)}`;
    const first = await alice.endpoint.join(name, { flags: { endconf: true } });
    const second = await bob.endpoint.join(name);
    expect(second.confUuid).toBe(first.confUuid);
    expect(second.memberId).not.toBe(first.memberId);
    await Promise.all([alice.ear.hears(1200), bob.ear.hears(800)]);
    expect(await stage.media.api(`conference ${name} list count`)).toBe('2');
    const rows = (await stage.media.api(`conference ${name} list`)).trim().split('\n');
    expect(rows[0]).toMatch(
      new RegExp(
        `^${second.memberId};sofia/drachtio_mrf/[^;]+;${bob.endpoint.uuid};unknown;;hear\\|speak`,
      ),
    );
    expect(await bob.endpoint.confMute()).toBe(`+OK mute ${second.memberId}\n`);
    alice.ear.forget();
    await alice.ear.hearsNo(1200);
    expect(await bob.endpoint.confUnmute()).toBe(`+OK unmute ${second.memberId}\n`);
    await alice.ear.hears(1200);
    alice.ear.say();
    bob.ear.say();
    bob.ear.forget();
    await bob.endpoint.confPlay('tone_stream://%(1500,0,900)');
    await bob.ear.hears(900);
    expect(await bob.endpoint.confKick()).toBe(`+OK kicked ${second.memberId}\n`);
    await expect.poll(() => stage.media.api(`conference ${name} list count`)).toBe('1');
    expect(bob.endpoint.connected).toBe(true);
    bob.ear.forget();
    const played = bob.endpoint.play('tone_stream://%(600,0,600)');
    await bob.ear.hears(600);
    await played;
    expect(await alice.endpoint.confKick()).toBe(`+OK kicked ${first.memberId}\n`);
    await expect
      .poll(() => stage.media.api(`conference ${name} list`))
      .toBe(`-ERR Conference ${name} not found\n`);
  });

  it('refuses what it does not know in FreeSWITCH’s words', async () => {
    const name = `room-${alice.endpoint.uuid.slice(0, 8)}`;
    await alice.endpoint.join(name);
    const answers = await Promise.all([
      stage.media.api(`conference ${name} frobnicate`),
      stage.media.api(`conference ${name} mute 9999`),
      stage.media.api(`conference ${name} play /nonexistent.wav`),
      stage.media.api(`conference ${name} mute`),
      stage.media.api(`conference ${name}`),
    ]);
    expect(answers).toEqual([
      "-ERR Conference command 'frobnicate' not found.\n",
      '-ERR Non-Existant ID 9999\n',
      '-ERR (play) File: /nonexistent.wav not found.\n',
      'mute <[member_id|all]|last|non_moderator> [<quiet>]',
      "Conference command, not specified.\nTry 'help'\n",
    ]);
    await alice.endpoint.confKick();
  });

  it('is recorded', async () => {
    const name = `room-${alice.endpoint.uuid.slice(0, 8)}`;
    const file = join(stage.directory, 'conference.wav');
    await stage.esl.ask('event json CUSTOM conference::maintenance');
    const maintenance = (action: string) => (event: Readonly<Record<string, string>>) =>
      event['Action'] === action && event['Conference-Name'] === name;
    await alice.endpoint.join(name);
    await bob.endpoint.join(name);
    expect(await stage.media.api(`conference ${name} recording start ${file}`)).toBe(
      `+OK Record file ${file}\n`,
    );
    await stage.esl.events.take('start', maintenance('start-recording'));
    await elapse(alice, 800);
    expect(await stage.media.api(`conference ${name} recording stop ${file}`)).toMatch(
      new RegExp(`^Stopped recording file ${file}\n\\+OK Stopped recording`),
    );
    const stopped = await stage.esl.events.take('stop', maintenance('stop-recording'));
    expect(Number(stopped['Samples-Out'])).toBeGreaterThan(3000);
    const [mix] = decodeWav(readFileSync(file)).channels;
    expect(power(mix, 800)).toBeGreaterThan(1e5);
    expect(power(mix, 1200)).toBeGreaterThan(1e5);
    await alice.endpoint.confKick();
    await bob.endpoint.confKick();
    await stage.esl.ask('noevents');
  });
});

/** So much time by the sound that a party hears, without looking at a clock. */
async function elapse(party: Party, lengthMs: number): Promise<void> {
  const before = party.ear.packets;
  await expect
    .poll(() => party.ear.packets - before, { timeout: 10_000 })
    .toBeGreaterThan(lengthMs / 20);
}

function power(samples: Int16Array | undefined, frequency: number): number {
  return samples === undefined ? 0 : powerAt(samples, frequency);
}
