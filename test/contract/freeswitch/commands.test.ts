import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { soon } from '../../support/waiting.ts';
import { openParty, openStage, type Party, type Stage } from './stage.ts';

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

describe('commands for one call', () => {
  it('send keys to the far end', async () => {
    const heard = alice.ear.keyHeard('9');
    const answer = await stage.esl.api(`uuid_send_dtmf ${alice.endpoint.uuid} 9`);
    expect(answer).toBe(`+OK ${alice.endpoint.uuid} sent DTMF 9.\n`);
    await heard;
    const again = alice.ear.keyHeard('8');
    await alice.endpoint.execute('send_dtmf', '8@100');
    await again;
  });

  it('play a sound from outside (uuid_broadcast)', async () => {
    const played = once(alice.endpoint, 'playback-stop');
    const answer = await stage.esl.api(
      `uuid_broadcast ${alice.endpoint.uuid} tone_stream://%(600,0,500)`,
    );
    expect(answer).toBe('+OK Message sent\n');
    await alice.ear.hears(500);
    expect(await played).toEqual([{ file: 'tone_stream://%(600,0,500)' }]);
  });

  it('lead out of whatever runs, and the next application runs as ever', async () => {
    const echoing = alice.endpoint.execute('echo');
    await alice.ear.hears(800);
    expect(await stage.esl.api(`uuid_transfer ${alice.endpoint.uuid} park inline`)).toBe('+OK\n');
    expect((await echoing).getHeader('Application')).toBe('echo');
    const slept = await soon(alice.endpoint.execute('sleep', '200'), 'the end of sleep');
    expect(slept.getHeader('Application-Response')).toBe('_none_');
  });

  it('lay a sound over what is sent (uuid_displace)', async () => {
    const played = alice.endpoint.play('tone_stream://%(2000,0,440)');
    await alice.ear.hears(440);
    const over = 'tone_stream://%(800,0,900)';
    expect(await stage.esl.api(`uuid_displace ${alice.endpoint.uuid} start ${over}`)).toBe(
      '+OK Success\n',
    );
    await alice.ear.hears(900);
    await played;
  });

  it('mute a side of it (uuid_audio)', async () => {
    await alice.endpoint.bridge(bob.endpoint);
    await bob.ear.hears(800);
    expect(await stage.esl.api(`uuid_audio ${alice.endpoint.uuid} start read mute 1`)).toBe(
      '+OK\n',
    );
    bob.ear.forget();
    await bob.ear.hearsNo(800);
    expect(await stage.esl.api(`uuid_audio ${alice.endpoint.uuid} stop`)).toBe('+OK\n');
    await bob.ear.hears(800);
  });

  it('listen for a tone', async () => {
    const heard = once(alice.endpoint, 'tone');
    await alice.endpoint.execute('tone_detect', 'ring 440 r +5000');
    alice.ear.say(440);
    expect(await soon(heard, 'the tone')).toEqual([{ tone: 'ring' }]);
  });

  it('end it when the application does not exist', async () => {
    const destroyed = once(alice.endpoint, 'destroy');
    alice.endpoint.execute('nosuchapp').catch(() => undefined);
    await soon(destroyed, 'the end of the call');
    expect(await stage.esl.api(`uuid_exists ${alice.endpoint.uuid}`)).toBe('false');
  });
});

describe('a conference with a control leg', () => {
  it('is made, counted, played to, recorded, locked and left for another', async () => {
    const room = `room-${alice.endpoint.uuid.slice(0, 8)}`;
    const file = join(stage.directory, 'controlled.wav');
    const conference = await stage.media.createConference(room, { maxMembers: 5 });
    const { memberId } = await alice.endpoint.join(conference);
    const second = await bob.endpoint.join(conference);
    expect(await conference.getSize()).toBe(3);
    await alice.ear.hears(1200);
    alice.ear.say();
    bob.ear.say();
    const played = conference.play('tone_stream://%(1200,0,700)');
    await Promise.all([alice.ear.hears(700), bob.ear.hears(700)]);
    expect((await played).samples).toBeGreaterThanOrEqual(9600);
    expect(await conference.startRecording(file)).toBe(`+OK Record file ${file}\n`);
    expect(await conference.stopRecording(file)).toContain(`Stopped recording file ${file}\n`);
    expect(await conference.lock()).toBe(`+OK ${room} locked\n`);
    expect(await conference.unlock()).toBe(`+OK ${room} unlocked\n`);
    expect(await conference.get('max_members')).toBe(5);
    expect(await conference.set('max_members', 7)).toBe('5');
    expect(await alice.endpoint.confDeaf()).toBe(`+OK deaf ${memberId}\n`);
    expect(await alice.endpoint.confUndeaf()).toBe(`+OK undeaf ${memberId}\n`);
    expect(await bob.endpoint.transfer(`${room}-b`)).toBe(
      `+OK Member '${second.memberId}' sent to conference ${room}-b.\n`,
    );
    await expect.poll(() => stage.media.api(`conference ${room}-b list count`)).toBe('1');
    expect(await stage.media.api(`conference ${room} list`)).toMatch(
      /^\d+;.*\n\d+;.*;hear;0;0;100\n$/,
    );
    // As with the real server the control leg does nothing it is told but go.
    expect(await stage.media.api(`uuid_kill ${conference.endpoint.uuid}`)).toBe('+OK\n');
    await expect
      .poll(() => stage.media.api(`conference ${room} list`))
      .toBe(`-ERR Conference ${room} not found\n`);
    await stage.media.api(`conference ${room}-b kick all`);
  });
});
