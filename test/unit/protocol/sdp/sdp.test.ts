import { describe, expect, it } from 'vitest';
import { buildAnswer, buildOffer, type LocalSession } from '../../../../src/protocol/sdp/build.ts';
import { answerDirection, isHold, negotiateAudio } from '../../../../src/protocol/sdp/negotiate.ts';
import { type AudioStream, parseSdp, SdpError } from '../../../../src/protocol/sdp/session.ts';

interface Parts {
  readonly origin?: string;
  readonly connection?: string;
  readonly media?: readonly string[];
}

const AUDIO = ['m=audio 40000 RTP/AVP 0 8 101', 'a=rtpmap:101 telephone-event/8000', 'a=ptime:20'];

function sdp({ origin, connection, media = AUDIO }: Parts = {}): string {
  const lines = [
    'v=0',
    origin ?? 'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    connection ?? 'c=IN IP4 127.0.0.1',
    't=0 0',
    ...media,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

const LOCAL: LocalSession = {
  username: 'FreeSWITCH',
  sessionId: '1795321340',
  sessionVersion: 2,
  name: 'FreeSWITCH',
  address: '127.0.0.1',
  port: 20922,
  direction: 'sendrecv',
};

function audioOf(text: string): AudioStream {
  const { audio } = parseSdp(text);
  if (audio === undefined) throw new Error('no audio');
  return audio;
}

describe('parseSdp', () => {
  it('reads an audio stream with static and dynamic payload types', () => {
    expect(parseSdp(sdp())).toEqual({
      origin: { username: '-', sessionId: '1', sessionVersion: '1', address: '127.0.0.1' },
      media: [{ type: 'audio', port: 40000, transport: 'RTP/AVP', formats: '0 8 101' }],
      audioIndex: 0,
      audio: {
        address: '127.0.0.1',
        port: 40000,
        transport: 'RTP/AVP',
        direction: 'sendrecv',
        packetMs: 20,
        formats: [
          { payloadType: 0, encoding: 'PCMU', clockRateHz: 8000, channels: 1 },
          { payloadType: 8, encoding: 'PCMA', clockRateHz: 8000, channels: 1 },
          { payloadType: 101, encoding: 'TELEPHONE-EVENT', clockRateHz: 8000, channels: 1 },
        ],
      },
    });
  });

  it('lets the stream overrule the session', () => {
    const media = ['a=sendonly', ...AUDIO, 'c=IN IP4 127.0.0.2', 'a=inactive', 'a=rtcp:40009'];
    expect(audioOf(sdp({ media }))).toMatchObject({
      address: '127.0.0.2',
      direction: 'inactive',
      rtcpPort: 40009,
    });
    expect(audioOf(sdp({ media: ['a=sendonly', ...AUDIO] })).direction).toBe('sendonly');
  });

  it('passes over an audio stream that is refused', () => {
    const description = parseSdp(sdp({ media: ['m=audio 0 RTP/AVP 0', 'm=audio 9000 RTP/AVP 8'] }));
    expect(description).toMatchObject({ audioIndex: 1, audio: { port: 9000 } });
  });

  it('takes a description without audio', () => {
    const description = parseSdp(sdp({ media: ['m=video 9000 RTP/AVP 31'] }));
    expect(description).toMatchObject({ audioIndex: -1, audio: undefined });
  });

  it.each([
    ['nothing', ''],
    ['something else', '<xml/>'],
    ['a broken line', sdp().replace('s=-', 'nonsense')],
    ['no origin', sdp({ origin: 's=x' })],
    ['a broken origin', sdp({ origin: 'o=-' })],
    ['no connection', sdp({ connection: 's=x' })],
    ['a host name as address', sdp({ connection: 'c=IN IP4 phone.example' })],
    ['a broken media line', sdp({ media: ['m=audio RTP/AVP 0'] })],
    ['a port out of range', sdp({ media: ['m=audio 70000 RTP/AVP 0'] })],
    ['no formats', sdp({ media: ['m=audio 9000 RTP/AVP'] })],
    ['a payload type out of range', sdp({ media: ['m=audio 9000 RTP/AVP 128'] })],
    ['a payload type that is none', sdp({ media: ['m=audio 9000 RTP/AVP x'] })],
    ['too many formats', sdp({ media: [`m=audio 9000 RTP/AVP${' 0'.repeat(65)}`] })],
    ['too many streams', sdp({ media: Array<string>(17).fill('m=audio 9000 RTP/AVP 0') })],
    ['a long line', sdp({ media: [...AUDIO, `a=${'x'.repeat(1024)}`] })],
    ['a long body', sdp({ media: [...AUDIO, ...Array<string>(20).fill(`a=${'x'.repeat(1000)}`)] })],
  ])('refuses %s', (_, text) => {
    expect(() => parseSdp(text)).toThrow(SdpError);
  });
});

describe('negotiateAudio', () => {
  it.each([
    ['the first common codec', '0 8', 'PCMU', 0],
    ['the order of the peer', '8 0', 'PCMA', 8],
    ['what it knows among others', '18 9 8', 'PCMA', 8],
  ] as const)('takes %s', (_, formats, codec, payloadType) => {
    const media = [`m=audio 9000 RTP/AVP ${formats}`];
    expect(negotiateAudio(parseSdp(sdp({ media })))).toMatchObject({
      kind: 'accepted',
      choice: { codec, payloadType },
    });
  });

  it('takes dynamic payload types by their names', () => {
    const media = [
      'm=audio 9000 RTP/AVP 96 97 98',
      'a=rtpmap:96 opus/48000/2',
      'a=rtpmap:97 pcma/8000',
      'a=rtpmap:98 telephone-event/8000',
    ];
    expect(negotiateAudio(parseSdp(sdp({ media })))).toMatchObject({
      choice: { codec: 'PCMA', payloadType: 97, telephoneEventType: 98 },
    });
  });

  it('takes only telephone-event at 8 kHz', () => {
    const media = ['m=audio 9000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/48000'];
    const negotiation = negotiateAudio(parseSdp(sdp({ media })));
    expect(negotiation).toHaveProperty('choice', { codec: 'PCMU', payloadType: 0 });
  });

  it.each([
    ['no codec in common', ['m=audio 9000 RTP/AVP 18'], 305],
    ['a payload type remapped', ['m=audio 9000 RTP/AVP 0', 'a=rtpmap:0 opus/48000/2'], 305],
    ['SRTP', ['m=audio 9000 RTP/SAVP 0'], 304],
    ['a refused stream', ['m=audio 0 RTP/AVP 0'], 304],
    ['no audio', ['m=video 9000 RTP/AVP 31'], 304],
  ])('refuses %s with 488', (_, media, warnCode) => {
    expect(negotiateAudio(parseSdp(sdp({ media })))).toMatchObject({
      kind: 'refused',
      status: 488,
      warnCode,
    });
  });

  it('keeps to our codecs', () => {
    expect(negotiateAudio(parseSdp(sdp()), ['PCMA'])).toMatchObject({ choice: { codec: 'PCMA' } });
  });
});

describe('direction', () => {
  it.each([
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendrecv', 'recvonly', 'recvonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['recvonly', 'recvonly', 'inactive'],
    ['sendrecv', 'inactive', 'inactive'],
  ] as const)('offered %s, wanted %s: %s', (offered, wanted, answered) => {
    expect(answerDirection(offered, wanted)).toBe(answered);
  });

  it.each([
    ['a=sendrecv', 'c=IN IP4 127.0.0.1', false],
    ['a=recvonly', 'c=IN IP4 127.0.0.1', false],
    ['a=sendonly', 'c=IN IP4 127.0.0.1', true],
    ['a=inactive', 'c=IN IP4 127.0.0.1', true],
    ['a=sendrecv', 'c=IN IP4 0.0.0.0', true],
  ])('%s with %s is hold: %s', (direction, connection, hold) => {
    expect(isHold(audioOf(sdp({ connection, media: [...AUDIO, direction] })))).toBe(hold);
  });
});

describe('building', () => {
  it('offers what the recorded FreeSWITCH answers with', () => {
    expect(buildOffer(LOCAL, ['PCMU'])).toBe(
      [
        'v=0',
        'o=FreeSWITCH 1795321340 2 IN IP4 127.0.0.1',
        's=FreeSWITCH',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        'm=audio 20922 RTP/AVP 0 101',
        'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:101 telephone-event/8000',
        'a=fmtp:101 0-15',
        'a=ptime:20',
        'a=sendrecv',
        '',
      ].join('\r\n'),
    );
  });

  it('answers each stream of the offer, with the numbers of the offer', () => {
    const media = [
      'm=video 9000 RTP/AVP 31',
      'm=audio 9002 RTP/AVP 97 98',
      'a=rtpmap:97 PCMA/8000',
      'a=rtpmap:98 telephone-event/8000',
    ];
    const offer = parseSdp(sdp({ media }));
    const negotiation = negotiateAudio(offer);
    if (negotiation.kind === 'refused') throw new Error(negotiation.text);
    const answer = parseSdp(buildAnswer(LOCAL, offer, negotiation.choice));
    expect(answer.media).toEqual([
      { type: 'video', port: 0, transport: 'RTP/AVP', formats: '31' },
      { type: 'audio', port: 20922, transport: 'RTP/AVP', formats: '97 98' },
    ]);
    expect(negotiateAudio(answer)).toMatchObject({ choice: negotiation.choice });
  });

  it('says IP6 for an IPv6 address', () => {
    expect(buildOffer({ ...LOCAL, address: '::1' })).toContain('c=IN IP6 ::1\r\n');
  });
});
