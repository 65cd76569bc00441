import { describe, expect, it } from 'vitest';
import { hasTelephoneEvent, onlyG711 } from '../../../src/telephony/sdp.ts';

const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
const lines = (...media: string[]): string => `${[...session, ...media].join('\r\n')}\r\n`;

describe('onlyG711', () => {
  it('leaves G.711 and the telephone-event of its rate', () => {
    const offer = lines(
      'm=audio 20362 RTP/AVP 0 8 9 102 101 13 103',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:102 opus/48000/2',
      'a=fmtp:102 useinbandfec=1',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=rtpmap:13 CN/8000',
      'a=rtpmap:103 telephone-event/48000',
      'a=fmtp:103 0-15',
      'a=ptime:20',
    );
    expect(onlyG711(offer)).toBe(
      lines(
        'm=audio 20362 RTP/AVP 0 8 101',
        'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:101 telephone-event/8000',
        'a=fmtp:101 0-15',
        'a=ptime:20',
      ),
    );
  });

  it('refuses video beside the audio, in its place', () => {
    const offer = lines(
      'm=audio 4000 RTP/AVP 8',
      'm=video 4002 RTP/AVP 96',
      'a=rtpmap:96 VP8/90000',
    );
    expect(onlyG711(offer)).toBe(lines('m=audio 4000 RTP/AVP 8', 'm=video 0 RTP/AVP 96'));
  });

  it.each([
    ['other codecs only', lines('m=audio 4000 RTP/AVP 9 18')],
    ['encrypted audio', lines('m=audio 4000 RTP/SAVP 0')],
    ['no audio', lines('m=video 4002 RTP/AVP 96')],
    ['audio taken away', lines('m=audio 0 RTP/AVP 0')],
    ['a session alone', lines()],
    ['nothing', ''],
    ['nonsense', 'hello'],
  ])('is undefined for %s', (_case, offer) => {
    expect(onlyG711(offer)).toBeUndefined();
  });

  it('takes bare line feeds', () => {
    expect(onlyG711('v=0\nm=audio 4000 RTP/AVP 0\n')).toBe('v=0\r\nm=audio 4000 RTP/AVP 0\r\n');
  });
});

it('sees whether telephone-event was agreed on', () => {
  expect(
    hasTelephoneEvent(lines('m=audio 1 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000')),
  ).toBe(true);
  expect(
    hasTelephoneEvent(lines('m=audio 1 RTP/AVP 0 103', 'a=rtpmap:103 telephone-event/48000')),
  ).toBe(false);
});
