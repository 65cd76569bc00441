import { describe, expect, it } from 'vitest';
import { header, headers } from '../../../../src/protocol/sip/headers.ts';
import { parseSipMessage } from '../../../../src/protocol/sip/parse.ts';
import { SipParseError } from '../../../../src/protocol/sip/parse-error.ts';
import { refusalOf } from '../../../../src/protocol/sip/response.ts';

const FIELDS = {
  Via: 'SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1',
  From: '<sip:caller@127.0.0.1>;tag=a',
  To: '<sip:+12025550123@127.0.0.1>',
  'Call-ID': 'one@127.0.0.1',
  CSeq: '1 INVITE',
  'Content-Length': '0',
};

interface Parts {
  readonly start?: string;
  readonly change?: Readonly<Record<string, string | undefined>>;
  readonly extra?: readonly string[];
  readonly body?: string;
}

function invite({ start, change = {}, extra = [], body = '' }: Parts = {}): Buffer {
  const fields = Object.entries({ ...FIELDS, ...change }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const lines = [start ?? 'INVITE sip:+12025550123@127.0.0.1 SIP/2.0', ...fields, ...extra];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function refusedFor(bytes: Buffer): SipParseError {
  try {
    parseSipMessage(bytes);
  } catch (error) {
    if (error instanceof SipParseError) return error;
    throw error;
  }
  throw new Error('the message was taken');
}

describe('parseSipMessage', () => {
  it('reads a request', () => {
    const message = parseSipMessage(invite());
    expect(message).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      uri: 'sip:+12025550123@127.0.0.1',
    });
    expect(header(message, 'call-id')).toBe('one@127.0.0.1');
  });

  it('reads a response with and without a reason', () => {
    const ringing = parseSipMessage(invite({ start: 'SIP/2.0 180 Ringing around' }));
    expect(ringing).toMatchObject({ kind: 'response', status: 180, reason: 'Ringing around' });
    expect(parseSipMessage(invite({ start: 'SIP/2.0 200 ' }))).toMatchObject({ reason: '' });
  });

  it('reads compact forms, folded lines and lines that end with LF', () => {
    const text = invite({
      extra: ['v: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bK2', 'Subject: a\r\n\t b'],
    });
    for (const bytes of [text, Buffer.from(text.toString().replaceAll('\r\n', '\n'))]) {
      const message = parseSipMessage(bytes);
      expect(headers(message, 'Via')).toHaveLength(2);
      expect(header(message, 's')).toBe('a b');
    }
  });

  it('skips empty lines before and drops bytes behind the body', () => {
    const bytes = invite({ change: { 'Content-Length': '3' }, body: 'v=0and more' });
    const message = parseSipMessage(Buffer.concat([Buffer.from('\r\n\r\n'), bytes]));
    expect(message.body.toString()).toBe('v=0');
  });

  it('takes the rest of a datagram as body without Content-Length', () => {
    const bytes = invite({ change: { 'Content-Length': undefined }, body: 'v=0' });
    expect(parseSipMessage(bytes).body.toString()).toBe('v=0');
  });

  it.each([
    ['no Via', { change: { Via: undefined } }, 'Missing Via'],
    ['no From', { change: { From: undefined } }, 'Missing From'],
    ['no To', { change: { To: undefined } }, 'Missing To'],
    ['no Call-ID', { change: { 'Call-ID': undefined } }, 'Missing Call-ID'],
    ['an empty Call-ID', { change: { 'Call-ID': '' } }, 'Malformed Call-ID'],
    ['no CSeq', { change: { CSeq: undefined } }, 'Missing CSeq'],
    ['another CSeq method', { change: { CSeq: '1 BYE' } }, 'CSeq Does Not Match Method'],
    ['two From', { extra: ['f: <sip:b@127.0.0.1>;tag=b'] }, 'Repeated f'],
    ['a From without end', { change: { From: '"caller <sip:a@b>' } }, 'Unclosed Quoted String'],
    ['a bad Contact', { extra: ['Contact: <sip:a@>'] }, 'Malformed Host'],
    ['a bad Max-Forwards', { extra: ['Max-Forwards: many'] }, 'Malformed Max-Forwards'],
    ['a line without colon', { extra: ['nonsense'] }, 'Malformed Header Field'],
    ['a NUL in a value', { extra: ['Subject: a\0b'] }, 'Control Character in Header Field'],
    ['a lone CR in a value', { extra: ['Subject: a\rX: b'] }, 'Control Character in Header Field'],
    [
      'a line one byte too long',
      { extra: [`X: ${'x'.repeat(8 * 1024 - 2)}`] },
      'Header Field Too Long',
    ],
    ['a long folded line', { extra: [`X: a${'\r\n b'.repeat(5000)}`] }, 'Header Field Too Long'],
    ['a long From', { change: { From: `"${'x'.repeat(2048)}" <sip:a@b>` } }, 'From Too Long'],
    ['a long Contact', { extra: [`m: <sip:${'x'.repeat(2048)}@b>`] }, 'm Too Long'],
    [
      'one field too many',
      { extra: Array(257 - Object.keys(FIELDS).length).fill('X: y') },
      'Too Many Header Fields',
    ],
    [
      'a body too short',
      { change: { 'Content-Length': '4' }, body: 'v=0' },
      'Body Shorter Than Content-Length',
    ],
    ['a bad Content-Length', { change: { 'Content-Length': '-1' } }, 'Malformed Content-Length'],
  ] satisfies [string, Parts, string][])('refuses %s with 400', (_, parts, reason) => {
    expect(refusedFor(invite(parts))).toMatchObject({ status: 400, reason });
  });

  it('takes what is exactly at a limit', () => {
    const atLineLimit = `X: ${'x'.repeat(8 * 1024 - 3)}`;
    const atCount = Array<string>(256 - Object.keys(FIELDS).length).fill('X: y');
    expect(() => parseSipMessage(invite({ extra: [atLineLimit] }))).not.toThrow();
    expect(() => parseSipMessage(invite({ extra: atCount }))).not.toThrow();
  });

  it('refuses a message over 64 KiB', () => {
    const body = 'x'.repeat(64 * 1024);
    const change = { 'Content-Length': String(body.length) };
    expect(refusedFor(invite({ change, body }))).toMatchObject({ reason: 'Message Too Long' });
  });

  it('refuses a header section that does not end', () => {
    expect(refusedFor(invite().subarray(0, -2))).toMatchObject({
      reason: 'Header Section Not Ended',
    });
  });
});

describe('refusalOf', () => {
  it('answers what could be read', () => {
    const error = refusedFor(invite({ extra: [`X: ${'x'.repeat(9000)}`, 'Contact: <sip:a@b>'] }));
    const response = refusalOf(error, 'mine');
    expect(response).toMatchObject({ status: 400, reason: 'Header Field Too Long' });
    expect(response?.headers).toEqual([
      { name: 'Via', value: FIELDS.Via },
      { name: 'From', value: FIELDS.From },
      { name: 'To', value: `${FIELDS.To};tag=mine` },
      { name: 'Call-ID', value: FIELDS['Call-ID'] },
      { name: 'CSeq', value: FIELDS.CSeq },
    ]);
  });

  it('leaves a To alone that is itself malformed', () => {
    const response = refusalOf(refusedFor(invite({ change: { To: '<sip:a@b' } })), 'mine');
    expect(header({ headers: response?.headers ?? [] }, 'To')).toBe('<sip:a@b');
  });

  it.each([
    ['a response', { start: 'SIP/2.0 200 OK', change: { From: undefined } }],
    ['an ACK', { start: 'ACK sip:a@b SIP/2.0' }],
    ['a request without Via', { change: { Via: undefined } }],
    ['what is no SIP at all', { start: '\x16\x03\x01' }],
  ] satisfies [string, Parts][])('does not answer %s', (_, parts) => {
    expect(refusalOf(refusedFor(invite(parts)), 'mine')).toBeUndefined();
  });
});
