import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header } from '../../../src/protocol/sip/headers.ts';
import { RtpEar } from '../../support/rtp-ear.ts';
import { SipPhone } from '../../support/sip-phone.ts';
import { soon } from '../../support/waiting.ts';
import { collect, openCaller, openParty, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const CHANNEL_EVENTS =
  'event json CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_CALLSTATE ' +
  'CHANNEL_PARK CHANNEL_UNPARK CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE';

describe('connectCaller', () => {
  it('gives an endpoint that knows both descriptions', async () => {
    const { endpoint, ear, phone, dialog } = await openCaller(stage);
    expect(endpoint.local.sdp).toMatch(
      /^v=0\r\no=FreeSWITCH \d+ \d+ IN IP4 \S+\r\ns=FreeSWITCH\r\n/,
    );
    expect(endpoint.local.sdp).toMatch(/m=audio \d+ RTP\/AVP 0 101\r\na=rtpmap:0 PCMU\/8000\r\n/);
    expect(endpoint.local.sdp).toMatch(/a=ptime:20\r\na=sendrecv\r\n/);
    expect(endpoint.local.mediaPort).toBe(/m=audio (\d+)/.exec(endpoint.local.sdp)?.[1]);
    expect(endpoint.remote.mediaPort).toBe(String(ear.port));
    expect(endpoint.remote.mediaIp).toBe('127.0.0.1');
    expect(endpoint.dtmfType).toBe('rfc2833');
    await Promise.all([endpoint.destroy(), dialog.destroy()]);
    ear.close();
    phone.close();
  });

  it('refuses a caller without a codec in common with 488', async () => {
    const phone = await SipPhone.open(stage.sipServer, 'bob');
    const refused = stage.nextCall().then(({ request, response }) =>
      stage.media.connectCaller(request, response).catch((error: { status: number }) => {
        response.send(488);
        return error;
      }),
    );
    const sdp =
      'v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n' +
      'm=audio 16200 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n';
    const call = phone.invite('1000', sdp);
    const answer = await call.final();
    call.ack(answer);
    expect(answer.status).toBe(488);
    expect(await refused).toMatchObject({ status: 488 });
    phone.close();
  });
});

describe('the life of a call', () => {
  it('is told in FreeSWITCH’s order', async () => {
    const client = stage.esl;
    await client.ask(CHANNEL_EVENTS);
    const { endpoint, ear } = await openParty(stage);
    const own = (name: string) => (event: Readonly<Record<string, string>>) =>
      event['Event-Name'] === name && event['Unique-ID'] === endpoint.uuid;
    const created = await client.events.take('create', own('CHANNEL_CREATE'));
    expect(created['Answer-State']).toBe('ringing');
    expect(created['Channel-Name']).toMatch(/^sofia\/drachtio_mrf\/nobody@127\.0\.0\.1/);
    const answered = await client.events.take('answer', own('CHANNEL_ANSWER'));
    expect(answered).toMatchObject({
      'Answer-State': 'answered',
      'Caller-Context': 'mrf',
      'Caller-Destination-Number': 'drachtio',
    });
    const parked = await client.events.take('park', own('CHANNEL_PARK'));
    expect(parked).toMatchObject({
      'Channel-State': 'CS_EXECUTE',
      variable_park_after_bridge: 'true',
      variable_current_application: 'socket',
    });
    await endpoint.destroy();
    const hungUp = await client.events.take('hangup', own('CHANNEL_HANGUP'));
    expect(hungUp['Hangup-Cause']).toBe('NORMAL_CLEARING');
    const complete = await client.events.take('hangup complete', own('CHANNEL_HANGUP_COMPLETE'));
    expect(complete).toMatchObject({
      'Channel-State': 'CS_REPORTING',
      'Channel-Call-State': 'HANGUP',
      'Hangup-Cause': 'NORMAL_CLEARING',
    });
    const applications = client.events
      .peek()
      .filter(
        (event) =>
          event['Unique-ID'] === endpoint.uuid && event['Event-Name'] === 'CHANNEL_EXECUTE',
      )
      .map((event) => event['Application']);
    expect(applications.filter((application) => application !== 'set')).toEqual([
      'answer',
      'socket',
      'hangup',
    ]);
    const states = client.events
      .peek()
      .filter(
        (event) =>
          event['Unique-ID'] === endpoint.uuid && event['Event-Name'] === 'CHANNEL_CALLSTATE',
      )
      .map((event) => event['Channel-Call-State']);
    expect(states).toEqual(['RINGING', 'EARLY', 'ACTIVE', 'HANGUP']);
    await client.ask('noevents');
    ear.close();
  });

  it('ends for the application when the server kills it', async () => {
    const { endpoint, ear } = await openParty(stage);
    const destroyed = once(endpoint, 'destroy');
    expect(await stage.media.api(`uuid_kill ${endpoint.uuid} NORMAL_TEMPORARY_FAILURE`)).toBe(
      '+OK\n',
    );
    expect(await soon(destroyed, 'destroy')).toEqual([{ reason: 'NORMAL_TEMPORARY_FAILURE' }]);
    expect(await stage.media.api(`uuid_exists ${endpoint.uuid}`)).toBe('false');
    ear.close();
  });

  it('ends with a BYE that names the cause', async () => {
    const ear = await RtpEar.open();
    const { address } = stage.media.sip.ipv4.udp;
    const phone = await SipPhone.open(address ?? '', 'direct');
    const call = phone.invite('drachtio', ear.sdp(), {
      'User-Agent': 'drachtio-fsmrf:no-such-call',
      'X-esl-outbound': '127.0.0.1:1',
    });
    const answer = await call.final();
    call.ack(answer);
    expect(answer.status).toBe(200);
    expect(header(answer, 'Contact')).toMatch(/^<sip:drachtio@127\.0\.0\.1:\d+;transport=udp>$/);
    // Nobody is at the address of the event socket: the call ends at once.
    const bye = await call.bye;
    expect(header(bye, 'Reason')).toBe('Q.850;cause=16;text="NORMAL_CLEARING"');
    phone.close();
    ear.close();
  });

  it('is refused when no dialplan entry is for it', async () => {
    const ear = await RtpEar.open();
    const phone = await SipPhone.open(stage.media.sip.ipv4.udp.address ?? '', 'stranger');
    const call = phone.invite('drachtio', ear.sdp(), { 'User-Agent': 'somebody' });
    const answer = await call.final();
    call.ack(answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    phone.close();
    ear.close();
  });

  it('answers 481 to a request of no call, and OPTIONS with 200', async () => {
    const phone = await SipPhone.open(stage.media.sip.ipv4.udp.address ?? '', 'stranger');
    const target = `sip:drachtio@${phone.server}`;
    const lost = phone.begin(target, { To: `<${target}>;tag=gone` });
    expect((await lost.ask('BYE')).status).toBe(481);
    expect((await phone.begin(target).ask('OPTIONS')).status).toBe(200);
    phone.close();
  });
});

describe('an endpoint without a description', () => {
  it('is made by an offer of ours and given a far end by modify', async () => {
    const endpoint = await stage.media.createEndpoint();
    expect(endpoint.local.sdp).toMatch(/m=audio \d+ RTP\/AVP 0 8 /);
    const ear = await RtpEar.open();
    const states = collect<{ state: string }>(endpoint, 'channelCallState');
    const answer = await endpoint.modify(ear.sdp());
    expect(answer).toMatch(/^v=0\r\no=FreeSWITCH /);
    expect(endpoint.remote.mediaPort).toBe(String(ear.port));
    ear.aim(endpoint.local.sdp);
    const played = endpoint.play('tone_stream://%(600,0,800)');
    await ear.hears(800);
    expect((await played).playbackMilliseconds).toBe('600');
    await endpoint.modify(ear.sdp({ direction: 'sendonly', version: 2 }));
    const held = await endpoint.getChannelVariables(true);
    expect(held['variable_remote_audio_media_flow']).toBe('sendonly');
    expect(held['variable_audio_media_flow']).toBe('recvonly');
    await endpoint.modify(ear.sdp({ version: 3 }));
    const resumed = await endpoint.getChannelVariables(true);
    expect(resumed['variable_remote_audio_media_flow']).toBe('sendrecv');
    expect(states[0]).toEqual({ state: 'HELD' });
    await endpoint.destroy();
    ear.close();
  });
});

describe('channel variables', () => {
  it('are set one by one, several at once, read and dumped', async () => {
    const { endpoint, ear } = await openParty(stage);
    await endpoint.set({ foo: 'bar', baz: 'a b' });
    await endpoint.set({ quoted: "it's" });
    const variables = await endpoint.getChannelVariables(true);
    expect(variables).toMatchObject({
      variable_foo: 'bar',
      variable_baz: 'a b',
      variable_quoted: "it's",
      variable_direction: 'inbound',
      variable_sip_req_user: 'drachtio',
      variable_sofia_profile_name: 'drachtio_mrf',
      variable_hangup_after_conference: 'false',
      variable_rtp_audio_in_packet_count: expect.any(Number) as number,
    });
    expect(await stage.esl.api(`uuid_setvar ${endpoint.uuid} colour blue`)).toBe('+OK\n');
    expect(await stage.esl.api(`uuid_getvar ${endpoint.uuid} colour`)).toBe('blue');
    expect(await stage.esl.api(`uuid_setvar_multi ${endpoint.uuid} one=1;two=2`)).toBe('+OK\n');
    expect(await stage.esl.api(`uuid_getvar ${endpoint.uuid} two`)).toBe('2');
    expect(await stage.esl.api(`uuid_setvar ${endpoint.uuid} colour`)).toBe('+OK\n');
    expect(await stage.esl.api(`uuid_getvar ${endpoint.uuid} colour`)).toBe('_undef_');
    await endpoint.execute('set', 'copy=${foo}-${baz}');
    expect(await stage.esl.api(`uuid_getvar ${endpoint.uuid} copy`)).toBe('bar-a b');
    await endpoint.destroy();
    ear.close();
  });
});
