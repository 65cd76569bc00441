import { tagOf } from '../../protocol/sip/address.ts';
import { parseCSeq } from '../../protocol/sip/cseq.ts';
import { header } from '../../protocol/sip/headers.ts';
import type { SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { BRANCH_COOKIE } from '../../protocol/sip/via.ts';
import { topVia } from '../../protocol/sip/via-stack.ts';

/**
 * The key of the server transaction a request belongs to (RFC 3261 section 17.2.3). An ACK belongs to
 * its INVITE. `method` asks for another transaction of the same branch: the INVITE of a CANCEL.
 */
export function serverKey(request: SipRequest, method = request.method): string {
  const via = topVia(request);
  const branch = via.parameters.get('branch') ?? '';
  const sentBy = `${via.host}:${via.port ?? 5060}`;
  const ofMethod = method === 'ACK' ? 'INVITE' : method;
  if (branch.startsWith(BRANCH_COOKIE) && branch.length > BRANCH_COOKIE.length) {
    return JSON.stringify([branch, sentBy, ofMethod]);
  }
  // RFC 2543 peers: their branch need not be unique.
  const callId = header(request, 'Call-ID');
  const fromTag = tagOf(header(request, 'From') ?? '');
  const { sequence } = parseCSeq(header(request, 'CSeq') ?? '');
  return JSON.stringify([request.uri, fromTag, callId, sequence, sentBy, branch, ofMethod]);
}

/** The key of the client transaction a response belongs to (RFC 3261 section 17.1.3). */
export function clientKey(message: SipRequest | SipResponse): string {
  const branch = topVia(message).parameters.get('branch') ?? '';
  return JSON.stringify([branch, parseCSeq(header(message, 'CSeq') ?? '').method]);
}
