import { tagOf } from '../../../protocol/sip/address.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import { causeNumber, type HangupCause } from '../hangup-cause.ts';
import { ALLOW, SUPPORTED, USER_AGENT } from './product.ts';

/** Answers a request without a description: what this profile says of itself, then `extra`. */
export function reply(
  transaction: ServerTransaction,
  status: number,
  toTag: string | undefined,
  extra: readonly Header[] = [],
): void {
  transaction.respond(
    responseTo(transaction.received.message, status, {
      ...(toTag === undefined ? {} : { toTag }),
      headers: [...commonHeaders(), ...extra],
    }),
  );
}

/** What a 200 to an INVITE or UPDATE says. */
interface Acceptance {
  readonly toTag: string;
  /** `<sip:drachtio@address:port;transport=udp>` */
  readonly contact: string;
  /** Our session description (SDP). */
  readonly description: string;
  readonly extra: readonly Header[];
}

/** The 200 with our description. */
export function acceptance(request: SipRequest, says: Acceptance): SipResponse {
  return responseTo(request, 200, {
    toTag: says.toTag,
    headers: [
      { name: 'Contact', value: says.contact },
      ...commonHeaders(),
      ...says.extra,
      { name: 'Content-Type', value: 'application/sdp' },
      { name: 'Content-Disposition', value: 'session' },
    ],
    body: Buffer.from(says.description),
  });
}

/** What the dialog of a call has come to when it ends. */
interface Goodbye {
  readonly localTag: string;
  readonly remoteTarget: string;
  readonly routes: readonly string[];
  readonly sequence: number;
  readonly cause: HangupCause;
}

/** The BYE of the called side, in the dialog that `invite` began. */
export function byeRequest(invite: SipRequest, goodbye: Goodbye): SipRequest {
  const { localTag, remoteTarget, routes, sequence, cause } = goodbye;
  const to = header(invite, 'To') ?? '';
  return {
    kind: 'request',
    method: 'BYE',
    uri: remoteTarget,
    headers: [
      { name: 'Max-Forwards', value: '70' },
      ...routes.map((value) => ({ name: 'Route', value })),
      { name: 'From', value: tagOf(to) === undefined ? `${to};tag=${localTag}` : to },
      { name: 'To', value: header(invite, 'From') ?? '' },
      { name: 'Call-ID', value: header(invite, 'Call-ID') ?? '' },
      { name: 'CSeq', value: `${sequence} BYE` },
      { name: 'User-Agent', value: USER_AGENT },
      { name: 'Allow', value: ALLOW },
      { name: 'Supported', value: SUPPORTED },
      reasonHeader(cause),
    ],
    body: Buffer.alloc(0),
  };
}

/** Why a call ends, by its number in Q.850 and FreeSWITCH's name (RFC 3326). */
export function reasonHeader(cause: HangupCause): Header {
  return { name: 'Reason', value: `Q.850;cause=${causeNumber(cause)};text="${cause}"` };
}

/** What this profile says of itself in every response. */
function commonHeaders(): Header[] {
  return [
    { name: 'User-Agent', value: USER_AGENT },
    { name: 'Accept', value: 'application/sdp' },
    { name: 'Allow', value: ALLOW },
    { name: 'Supported', value: SUPPORTED },
  ];
}
