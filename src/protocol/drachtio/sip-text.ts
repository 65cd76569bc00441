import type { Header } from '../sip/message.ts';

/**
 * SIP as an application writes it into a control frame: a start line, the headers it cares about (the server adds
 * Via, tags and the rest) and a body. Far from a whole message of RFC 3261, so it has its own lenient reader.
 */
export interface SipText {
  readonly startLine: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

const CRLF = '\r\n';
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** A payload's first line (fields between '|') and the SIP after it, if there is any. */
export function splitPayload(payload: Buffer): {
  fields: readonly string[];
  sip: Buffer | undefined;
} {
  const end = payload.indexOf(CRLF);
  const line = end < 0 ? payload : payload.subarray(0, end);
  return {
    fields: line.toString('utf8').split('|'),
    sip: end < 0 ? undefined : payload.subarray(end + CRLF.length),
  };
}

/** Joins fields and SIP into a payload; with SIP the line ends in CRLF. */
export function joinPayload(fields: readonly string[], sip: Buffer | undefined): Buffer {
  const line = fields.join('|');
  return sip === undefined ? Buffer.from(line) : Buffer.concat([Buffer.from(line + CRLF), sip]);
}

/** Reads an application's SIP. Lines that are no header (no colon, or a name that is no token) are left out. */
export function parseSipText(sip: Buffer): SipText {
  const end = sip.indexOf(CRLF + CRLF);
  const head = (end < 0 ? sip : sip.subarray(0, end)).toString('utf8');
  const [startLine = '', ...lines] = head.split(CRLF);
  const headers: Header[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (!TOKEN.test(name)) continue;
    const value = line.slice(colon + 1).trim();
    if (!/[\r\n]/.test(value)) headers.push({ name, value });
  }
  return {
    startLine,
    headers,
    body: end < 0 ? Buffer.alloc(0) : sip.subarray(end + 2 * CRLF.length),
  };
}

/** Writes an application's SIP. */
export function buildSipText(text: SipText): Buffer {
  const lines = [text.startLine, ...text.headers.map(({ name, value }) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(lines.join(CRLF) + CRLF + CRLF), text.body]);
}
