import { describe, expect, it } from 'vitest';
import {
  asVariable,
  readRemote,
  writeAnswer,
  writeOffer,
} from '../../../src/switch/media/sip/description.ts';

const LOCAL = {
  sessionId: 1795321340,
  originAddress: '192.0.2.2',
  mediaAddress: '127.0.0.1',
  port: 20922,
};

/** The offer and FreeSWITCH’s answer as recorded (connectCaller). */
const OFFER = [
  'v=0',
  'o=caller 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 16100 RTP/AVP 0 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  '',
].join('\r\n');
const ANSWER = [
  'v=0',
  'o=FreeSWITCH 1795321340 1795321341 IN IP4 192.0.2.2',
  's=FreeSWITCH',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 20922 RTP/AVP 0 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  '',
].join('\r\n');

function answerTo(offer: string): string | undefined {
  const remote = readRemote(offer);
  return remote === undefined ? undefined : writeAnswer(LOCAL, remote, 'sendrecv');
}

describe('a description', () => {
  it('answers an offer as the real server did', () => {
    expect(answerTo(OFFER)).toBe(ANSWER);
  });

  it('is kept with the media address and the direction written out', () => {
    expect(asVariable(ANSWER, LOCAL)).toBe(
      `${ANSWER.replace('192.0.2.2', '127.0.0.1')}a=sendrecv\r\n`,
    );
  });

  it('takes A-law, and no telephone-event when none is offered', () => {
    const offer = OFFER.replace(
      '0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15',
      '8',
    );
    expect(answerTo(offer)).toContain(
      'm=audio 20922 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n',
    );
  });

  it('refuses the video beside the audio', () => {
    expect(answerTo(`${OFFER}m=video 5000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n`)).toMatch(
      /\r\nm=video 0 RTP\/AVP 96\r\n$/,
    );
  });

  it.each([
    ['a codec we lack', OFFER.replace('0 101', '18').replace('PCMU', 'G729')],
    ['encrypted media', OFFER.replace('RTP/AVP', 'RTP/SAVP')],
    ['no audio', OFFER.replace('m=audio', 'm=text')],
    ['something else', 'hello'],
  ])('has no answer to %s', (_what, offer) => {
    expect(answerTo(offer)).toBeUndefined();
  });

  it('offers what we speak', () => {
    expect(writeOffer(LOCAL, 'sendonly')).toMatch(
      /m=audio 20922 RTP\/AVP 0 8 101\r\n.*a=ptime:20\r\na=sendonly\r\n$/s,
    );
  });
});
