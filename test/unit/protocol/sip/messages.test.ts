import { describe, expect, it } from 'vitest';
import { ackOfRefusal, cancelOf } from '../../../../src/protocol/sip/follow-up.ts';
import {
  appendHeader,
  header,
  headerList,
  headers,
  prependHeader,
  withHeader,
  withoutHeader,
} from '../../../../src/protocol/sip/headers.ts';
import type { SipRequest } from '../../../../src/protocol/sip/message.ts';
import { responseTo } from '../../../../src/protocol/sip/response.ts';
import { SipSerializeError, serializeSipMessage } from '../../../../src/protocol/sip/serialize.ts';
import { replaceTopVia, topVia, withoutTopVia } from '../../../../src/protocol/sip/via-stack.ts';

const REQUEST: SipRequest = {
  kind: 'request',
  method: 'INVITE',
  uri: 'sip:b@127.0.0.1',
  headers: [
    { name: 'v', value: 'SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2' },
    { name: 'VIA', value: 'SIP/2.0/UDP c;branch=z9hG4bK3' },
    { name: 'Route', value: '<sip:p@127.0.0.1;lr>' },
    { name: 'Record-Route', value: '<sip:q@127.0.0.1;lr>' },
    { name: 'From', value: '<sip:a@127.0.0.1>;tag=a' },
    { name: 'To', value: '<sip:b@127.0.0.1>' },
    { name: 'Call-ID', value: 'one' },
    { name: 'CSeq', value: '7 INVITE' },
    { name: 'Content-Length', value: '99' },
  ],
  body: Buffer.from('é'),
};

describe('header access', () => {
  it('finds any spelling', () => {
    expect(headers(REQUEST, 'via')).toHaveLength(2);
    expect(headerList(REQUEST, 'Via')).toHaveLength(3);
    expect(header(REQUEST, 'l')).toBe('99');
    expect(header(REQUEST, 'Subject')).toBeUndefined();
  });

  it('changes a copy', () => {
    expect(headers(withHeader(REQUEST, 'Via', 'x'), 'v')).toEqual(['x']);
    expect(withHeader(REQUEST, 'Via', 'x').headers[0]).toEqual({ name: 'Via', value: 'x' });
    expect(withHeader(REQUEST, 'Subject', 'x').headers.at(-1)?.value).toBe('x');
    expect(headers(withoutHeader(REQUEST, 'Via'), 'Via')).toEqual([]);
    expect(headers(appendHeader(REQUEST, 'Via', 'x'), 'Via').at(-1)).toBe('x');
    expect(headers(prependHeader(REQUEST, 'Via', 'x'), 'Via')[0]).toBe('x');
    expect(REQUEST.headers).toHaveLength(9);
  });

  it('takes the topmost Via of a list apart from the others', () => {
    expect(topVia(REQUEST).host).toBe('a');
    const popped = withoutTopVia(REQUEST);
    expect(topVia(popped).host).toBe('b');
    expect(topVia(withoutTopVia(popped)).host).toBe('c');
    const replaced = replaceTopVia(REQUEST, { ...topVia(REQUEST), host: 'z' });
    expect(headerList(replaced, 'Via')).toEqual([
      'SIP/2.0/UDP z;branch=z9hG4bK1',
      'SIP/2.0/UDP b;branch=z9hG4bK2',
      'SIP/2.0/UDP c;branch=z9hG4bK3',
    ]);
  });
});

describe('serializeSipMessage', () => {
  it('tells the true length in bytes, once', () => {
    const text = serializeSipMessage(REQUEST).toString();
    expect(text.match(/Content-Length: \d+/g)).toEqual(['Content-Length: 2']);
    expect(text.endsWith('\r\n\r\né')).toBe(true);
  });

  it.each([
    ['a value', appendHeader(REQUEST, 'Subject', 'a\r\nX: b')],
    ['a name', appendHeader(REQUEST, 'X: y\r\nZ', 'b')],
    ['a URI', { ...REQUEST, uri: 'sip:a SIP/2.0\r\nX: y' }],
    ['a reason', responseTo(REQUEST, 400, { reason: 'a\nb' })],
  ])('lets %s forge nothing', (_, message) => {
    expect(() => serializeSipMessage(message)).toThrow(SipSerializeError);
  });
});

describe('responseTo', () => {
  it('copies what it must and tags To', () => {
    const response = responseTo(REQUEST, 180, { toTag: 't' });
    expect(response.reason).toBe('Ringing');
    expect(headerList(response, 'Via')).toEqual(headerList(REQUEST, 'Via'));
    expect(header(response, 'To')).toBe('<sip:b@127.0.0.1>;tag=t');
    expect(header(response, 'Record-Route')).toBe('<sip:q@127.0.0.1;lr>');
    expect(header(response, 'Route')).toBeUndefined();
  });

  it('keeps Record-Route out of what makes no dialog', () => {
    expect(header(responseTo(REQUEST, 486), 'Record-Route')).toBeUndefined();
    expect(header(responseTo(REQUEST, 100), 'Record-Route')).toBeUndefined();
  });
});

describe('requests of the same transaction', () => {
  it('CANCEL has the topmost Via only, Route, and the CSeq number', () => {
    const reason = { name: 'Reason', value: 'SIP;cause=200' };
    const cancel = cancelOf(REQUEST, [reason]);
    expect(cancel).toMatchObject({ method: 'CANCEL', uri: REQUEST.uri });
    expect(headers(cancel, 'Via')).toEqual(['SIP/2.0/UDP a;branch=z9hG4bK1']);
    expect(header(cancel, 'Route')).toBe('<sip:p@127.0.0.1;lr>');
    expect(header(cancel, 'CSeq')).toBe('7 CANCEL');
    expect(cancel.headers).toContain(reason);
  });

  it('ACK takes To from the response', () => {
    const ack = ackOfRefusal(REQUEST, responseTo(REQUEST, 486, { toTag: 't' }));
    expect(header(ack, 'To')).toBe('<sip:b@127.0.0.1>;tag=t');
    expect(header(ack, 'CSeq')).toBe('7 ACK');
    expect(ack.body).toHaveLength(0);
  });
});
