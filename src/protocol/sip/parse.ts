import { parseAddress } from './address.ts';
import { parseCSeq } from './cseq.ts';
import { findBodyStart, type Head, readHead } from './head.ts';
import { canonicalName, header, headers } from './headers.ts';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.ts';
import type { Header, SipMessage } from './message.ts';
import { SipParseError } from './parse-error.ts';
import { isToken, splitOutsideQuotes } from './text.ts';
import { checkUri, parseSipUri } from './uri.ts';
import { parseVia } from './via.ts';

/** Fields that may stand only once (RFC 3261 section 7.3.1: those not defined as lists). */
const SINGLE_FIELDS: ReadonlySet<string> = new Set([
  'call-id',
  'content-length',
  'content-type',
  'cseq',
  'expires',
  'from',
  'max-forwards',
  'to',
]);

/**
 * Reads one whole SIP message, as a datagram brings it. Empty lines before it are skipped, bytes
 * behind Content-Length are dropped. Checked are the start line and the fields every element needs:
 * Via, From, To, Call-ID, CSeq, Content-Length, Max-Forwards; `parseAddress`, `parseCSeq` and
 * `parseVia` (topmost) therefore succeed on what comes back. Throws SipParseError; takes time in
 * proportion to the length.
 */
export function parseSipMessage(bytes: Buffer, limits: SipLimits = DEFAULT_SIP_LIMITS): SipMessage {
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start += 1;
  const bodyStart = findBodyStart(bytes, start);
  const head = readHead(bytes.subarray(start, bodyStart < 0 ? bytes.length : bodyStart), limits);
  const refuse = refusal(head);
  if (bytes.length > limits.messageBytes) throw refuse('Message Too Long');
  if (bodyStart < 0) throw refuse('Header Section Not Ended');
  const rest = bytes.subarray(bodyStart);
  const bodyBytes = contentLength(head) ?? rest.length;
  if (bodyBytes > rest.length) throw refuse('Body Shorter Than Content-Length');
  return assembleMessage(head, Buffer.from(rest.subarray(0, bodyBytes)));
}

/** The value of Content-Length in bytes, or nothing without one. Throws SipParseError. */
export function contentLength(head: Head): number | undefined {
  const value = header(head, 'content-length');
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw refusal(head)('Malformed Content-Length');
  return Number(value);
}

/** Judges a head and joins it with its body. Throws SipParseError. */
export function assembleMessage(head: Head, body: Buffer): SipMessage {
  const refuse = refusal(head);
  if (head.problem !== undefined) throw refuse(head.problem);
  try {
    const message = parseStartLine(head.startLine, head.headers, body);
    checkFields(message);
    return message;
  } catch (error) {
    if (error instanceof SipParseError) throw refuse(error.reason, error.status);
    throw error;
  }
}

/** Makes errors for this head; they carry what is needed to answer, if it began a request. */
export function refusal(head: Head): (reason: string, status?: number) => SipParseError {
  return (reason, status = 400) => {
    const method = head.startLine.split(' ', 1)[0] ?? '';
    if (!isToken(method)) return new SipParseError(reason, { status });
    return new SipParseError(reason, { status, request: { method, headers: head.headers } });
  };
}

function parseStartLine(line: string, fields: readonly Header[], body: Buffer): SipMessage {
  const response = /^SIP\/(\d{1,9}\.\d{1,9}) (\d{3}) (.*)$/i.exec(line);
  if (response !== null) {
    const status = Number(response[2]);
    if (response[1] !== '2.0') throw new SipParseError('Version Not Supported', { status: 505 });
    if (status < 100 || status > 699) throw new SipParseError('Malformed Status Code');
    return { kind: 'response', status, reason: response[3] ?? '', headers: fields, body };
  }
  const [method = '', uri = '', version = '', ...more] = line.split(' ');
  if (!isToken(method) || more.length > 0 || !/^SIP\/\d{1,9}\.\d{1,9}$/i.test(version)) {
    throw new SipParseError('Malformed Request-Line');
  }
  if (version.slice(4) !== '2.0') throw new SipParseError('Version Not Supported', { status: 505 });
  checkUri(uri);
  // RFC 3261 section 19.1.1: a Request-URI has no headers.
  if (/^sips?:/i.test(uri) && parseSipUri(uri).headers !== undefined) {
    throw new SipParseError('Headers in Request-URI');
  }
  return { kind: 'request', method, uri, headers: fields, body };
}

function checkFields(message: SipMessage): void {
  const seen = new Set<string>();
  for (const field of message.headers) {
    const name = canonicalName(field.name);
    if (SINGLE_FIELDS.has(name) && seen.has(name)) {
      throw new SipParseError(`Repeated ${field.name}`);
    }
    seen.add(name);
  }
  const [topVia = ''] = splitOutsideQuotes(required(message, 'Via'), ',');
  parseVia(topVia);
  parseAddress(required(message, 'From'));
  parseAddress(required(message, 'To'));
  if (/^$|[\s<>"]/.test(required(message, 'Call-ID'))) throw new SipParseError('Malformed Call-ID');
  const cseq = parseCSeq(required(message, 'CSeq'));
  if (message.kind === 'request' && cseq.method !== message.method) {
    throw new SipParseError('CSeq Does Not Match Method');
  }
  const maxForwards = header(message, 'Max-Forwards');
  if (maxForwards !== undefined && !/^0*\d{1,3}$/.test(maxForwards)) {
    throw new SipParseError('Malformed Max-Forwards');
  }
  for (const value of headers(message, 'Contact')) checkContact(value);
}

function checkContact(value: string): void {
  if (value !== '*') for (const contact of splitOutsideQuotes(value, ',')) parseAddress(contact);
}

function required(message: SipMessage, name: string): string {
  const value = header(message, name);
  if (value === undefined) throw new SipParseError(`Missing ${name}`);
  return value;
}
