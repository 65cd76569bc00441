import { describe, expect, it } from 'vitest';
import { DEFAULT_SIP_LIMITS } from '../../../../src/protocol/sip/limits.ts';
import { refusalOf } from '../../../../src/protocol/sip/response.ts';
import { SipStreamReader, type StreamItem } from '../../../../src/protocol/sip/stream.ts';

function options(callId: string, body = '', length: string | null = String(body.length)): string {
  const lines = [
    'OPTIONS sip:b@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1',
    'From: <sip:a@127.0.0.1>;tag=a',
    'To: <sip:b@127.0.0.1>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    ...(length === null ? [] : [`Content-Length: ${length}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function readInPieces(text: string, pieceBytes: number): StreamItem[] {
  const reader = new SipStreamReader();
  const bytes = Buffer.from(text);
  const items: StreamItem[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    items.push(...reader.push(bytes.subarray(at, at + pieceBytes)));
  }
  return items;
}

function summary(items: readonly StreamItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'message') return item.message.body.toString() || 'message';
    return item.kind === 'ping' ? 'ping' : `${item.error.reason}${item.fatal ? '!' : ''}`;
  });
}

describe('SipStreamReader', () => {
  const stream = `${options('1', 'first')}\r\n\r\n${options('2')}\r\n${options('3', '\r\n\r\nthird')}`;

  it.each([1, 2, 3, 7, 64, 333, 100_000])('cuts messages in pieces of %i bytes', (pieceBytes) => {
    expect(summary(readInPieces(stream, pieceBytes))).toEqual([
      'first',
      'ping',
      'message',
      '\r\n\r\nthird',
    ]);
  });

  it('tells the length on the wire', () => {
    const text = options('1', 'body');
    expect(readInPieces(text, 10)).toMatchObject([{ kind: 'message', bytes: text.length }]);
  });

  it('waits for a body that is not all there', () => {
    const reader = new SipStreamReader();
    expect(reader.push(Buffer.from(options('1', 'bo', '4')))).toEqual([]);
    expect(summary(reader.push(Buffer.from('dy')))).toEqual(['body']);
  });

  it('goes on after a malformed message whose end is known', () => {
    const malformed = options('1', 'x').replace('From:', 'Form:');
    expect(summary(readInPieces(malformed + options('2', 'next'), 9))).toEqual([
      'Missing From',
      'next',
    ]);
  });

  it.each([
    ['no Content-Length', options('1', '', null), 'Missing Content-Length!'],
    ['a malformed Content-Length', options('1', '', 'x'), 'Malformed Content-Length!'],
    ['a body over the limit', options('1', '', '65536'), 'Message Too Long!'],
  ])('gives up at %s, with what is needed to answer', (_, text, wanted) => {
    const items = readInPieces(text + options('2'), 11);
    expect(summary(items)).toEqual([wanted]);
    const [item] = items;
    expect(item?.kind === 'error' && refusalOf(item.error, 't')?.status).toBe(400);
  });

  it('gives up at a header section that has no end, holding no more than its limit', () => {
    const endless = `OPTIONS sip:b@127.0.0.1 SIP/2.0\r\n${'X: y\r\n'.repeat(200_000)}`;
    expect(summary(readInPieces(endless, 1000))).toEqual(['Message Too Long!']);
  });

  it('obeys the limits it is given', () => {
    const reader = new SipStreamReader({ ...DEFAULT_SIP_LIMITS, messageBytes: 100 });
    expect(summary(reader.push(Buffer.from(options('1'))))).toEqual(['Message Too Long!']);
  });
});
