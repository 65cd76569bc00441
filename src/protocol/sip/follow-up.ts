import { parseCSeq } from './cseq.ts';
import { canonicalName, header, headerList, withHeader } from './headers.ts';
import type { Header, SipRequest, SipResponse } from './message.ts';
import { SipParseError } from './parse-error.ts';

const COPIED_FIELDS: ReadonlySet<string> = new Set(['route', 'from', 'to', 'call-id']);

/** The CANCEL of an INVITE as it was sent (RFC 3261 section 9.1). Throws SipParseError if that has no Via or CSeq. */
export function cancelOf(invite: SipRequest, extraHeaders: readonly Header[] = []): SipRequest {
  return followUp(invite, 'CANCEL', extraHeaders);
}

/** The ACK of a final response that is no 2xx, to an INVITE as it was sent (RFC 3261 section 17.1.1.3). */
export function ackOfRefusal(invite: SipRequest, response: SipResponse): SipRequest {
  const ack = followUp(invite, 'ACK', []);
  const to = header(response, 'To');
  return to === undefined ? ack : withHeader(ack, 'To', to);
}

/** A request of the same transaction: the same Request-URI, topmost Via, Route, From, To, Call-ID and CSeq number. */
function followUp(
  invite: SipRequest,
  method: 'CANCEL' | 'ACK',
  extraHeaders: readonly Header[],
): SipRequest {
  const [via] = headerList(invite, 'Via');
  if (via === undefined) throw new SipParseError('Missing Via');
  const { sequence } = parseCSeq(header(invite, 'CSeq') ?? '');
  return {
    kind: 'request',
    method,
    uri: invite.uri,
    headers: [
      { name: 'Via', value: via },
      { name: 'Max-Forwards', value: '70' },
      ...invite.headers.filter((field) => COPIED_FIELDS.has(canonicalName(field.name))),
      { name: 'CSeq', value: `${sequence} ${method}` },
      ...extraHeaders,
    ],
    body: Buffer.alloc(0),
  };
}
