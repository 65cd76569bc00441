import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  parseAddress,
  parseAddressList,
  tagOf,
  withTag,
} from '../../../../src/protocol/sip/address.ts';
import { formatCSeq, parseCSeq } from '../../../../src/protocol/sip/cseq.ts';
import { SipParseError } from '../../../../src/protocol/sip/parse-error.ts';
import { formatSipUri, parseSipUri } from '../../../../src/protocol/sip/uri.ts';
import { formatVia, parseVia } from '../../../../src/protocol/sip/via.ts';

describe('SIP URI', () => {
  it.each([
    ['sip:127.0.0.1', { scheme: 'sip', host: '127.0.0.1' }],
    [
      'SIPS:Alice@Example.COM:5061',
      { scheme: 'sips', user: 'Alice', host: 'example.com', port: 5061 },
    ],
    ['sip:a:pw@[::1]:5062', { user: 'a', password: 'pw', host: '[::1]', port: 5062 }],
    ['sip:%2B1@b?x=y', { user: '+1', host: 'b', headers: 'x=y' }],
    ['sip:user;par=u%40example.net@example.com', { user: 'user;par=u@example.net' }],
    ['sip:%ff@b', { user: '%ff' }],
  ])('reads %s', (text, wanted) => {
    expect(parseSipUri(text)).toMatchObject(wanted);
  });

  it('reads parameters without regard to case', () => {
    const { parameters } = parseSipUri('sip:a@b;Transport=tcp;lr');
    expect([...parameters]).toEqual([
      ['transport', 'tcp'],
      ['lr', ''],
    ]);
  });

  it.each([
    'sip:',
    'a@b',
    'http://a',
    'sip:@b',
    'sip:a@',
    'sip:a b@c',
    'sip:a@b:0',
    'sip:a@b:65536',
    'sip:a@b:',
    'sip:a@b@c',
    'sip:a%4@b',
    'sip:a@b;',
    'sip:a@b;lr;lr',
    'sip:a@b;x=',
    'sip:a@-b',
    'sip:a@[b]',
    'sip:a@b?x y',
  ])('refuses %s', (text) => {
    expect(() => parseSipUri(text)).toThrow(SipParseError);
  });

  it('writes escapes where they are needed', () => {
    const uri = { ...parseSipUri('sip:a@b:5062;transport=tcp'), user: 'ü @', password: ':' };
    expect(formatSipUri(uri)).toBe('sip:%C3%BC%20%40:%3A@b:5062;transport=tcp');
    expect(parseSipUri(formatSipUri(uri))).toEqual(uri);
  });
});

describe('address', () => {
  it.each([
    ['sip:a@b;tag=1', '', 'sip:a@b', '1'],
    ['<sip:a@b;lr>;tag=1', '', 'sip:a@b;lr', '1'],
    ['"A \\"B\\" <;,>" <sip:a@b> ; TAG = 1', 'A "B" <;,>', 'sip:a@b', '1'],
    ['Alice  <sip:a@b>', 'Alice', 'sip:a@b', undefined],
    ['<tel:+12025550123>', '', 'tel:+12025550123', undefined],
  ])('reads %s', (text, displayName, uri, tag) => {
    expect(parseAddress(text)).toMatchObject({ displayName, uri });
    expect(tagOf(text)).toBe(tag);
  });

  it.each([
    '',
    '<>',
    '<sip:a@b',
    'a <sip:a@b> c',
    '"a <sip:a@b>',
    '"a" "b" <sip:a@b>',
    'a, b <sip:a@b>',
    'sip:a@b?c=d',
    '<sip:a@b>;;tag=1',
    '<sip:a@b>;tag=',
    '<sip:a@b>;tag=1;tag=2',
    '< sip:a@b >',
    '*',
  ])('refuses %s', (text) => {
    expect(() => parseAddress(text)).toThrow(SipParseError);
  });

  it('splits lists outside quotes and brackets', () => {
    const list = parseAddressList('"a,b" <sip:a,b@c>;q=1, <sip:d@e>');
    expect(list.map(({ uri }) => uri)).toEqual(['sip:a,b@c', 'sip:d@e']);
  });

  it('writes what it reads', () => {
    const text = '"A \\"B\\"" <sip:a@b;lr>;tag=1;flag;text="a b"';
    expect(formatAddress(parseAddress(text))).toBe(text);
  });

  it('adds a tag only where there is none', () => {
    expect(withTag('<sip:a@b>', 'x')).toBe('<sip:a@b>;tag=x');
    expect(withTag('<sip:a@b>;tag=1', 'x')).toBe('<sip:a@b>;tag=1');
  });
});

describe('Via', () => {
  it('reads and writes', () => {
    const via = parseVia('sip / 2.0 / udp  Host.example : 5070 ;branch=z9hG4bK1;rport');
    expect(via).toMatchObject({ transport: 'UDP', host: 'host.example', port: 5070 });
    expect(formatVia(via)).toBe('SIP/2.0/UDP host.example:5070;branch=z9hG4bK1;rport');
    expect(parseVia('SIP/2.0/TCP [::1]:5060;branch=b').host).toBe('[::1]');
  });

  it.each([
    '',
    'SIP/2.0/UDP',
    'SIP/3.0/UDP a',
    'HTTP/2.0/UDP a',
    'SIP/2.0/UDP a b',
    'SIP/2.0/UDP a:x',
  ])('refuses %s', (text) => {
    expect(() => parseVia(text)).toThrow(SipParseError);
  });
});

describe('CSeq', () => {
  it('reads up to 2^31 - 1', () => {
    expect(parseCSeq('0009  INVITE')).toEqual({ sequence: 9, method: 'INVITE' });
    expect(formatCSeq(parseCSeq('2147483647 BYE'))).toBe('2147483647 BYE');
  });

  it.each(['', '1', 'INVITE', '2147483648 BYE', '-1 BYE', '1 BYE 2'])('refuses %s', (text) => {
    expect(() => parseCSeq(text)).toThrow(SipParseError);
  });
});
