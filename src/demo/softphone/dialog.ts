import { formatAddress, parseAddress, withTag } from '../../protocol/sip/address.ts';
import { header } from '../../protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../protocol/sip/message.ts';

/** What a phone remembers of a call's dialog (RFC 3261 section 12), to write requests in it. */
export interface Dialog {
  readonly callId: string;
  /** From of our requests, with our tag. */
  readonly local: string;
  /** To of our requests, with the other side's tag. */
  readonly remote: string;
  /** Where the other side wants requests: its Contact. */
  readonly target: string;
}

/** The dialog of a call that we made, from the 2xx. */
export function dialogOfAnswer(invite: SipRequest, answer: SipResponse): Dialog {
  return {
    callId: header(invite, 'Call-ID') ?? '',
    local: header(invite, 'From') ?? '',
    remote: header(answer, 'To') ?? '',
    target: contactOf(answer) ?? invite.uri,
  };
}

/** The dialog of a call that we take, under the tag that we answer with. */
export function dialogOfInvite(invite: SipRequest, toTag: string): Dialog {
  return {
    callId: header(invite, 'Call-ID') ?? '',
    local: withTag(header(invite, 'To') ?? '', toTag),
    remote: header(invite, 'From') ?? '',
    target: contactOf(invite) ?? parseAddress(header(invite, 'From') ?? '').uri,
  };
}

/** A request in the dialog. */
export function requestIn(
  dialog: Dialog,
  method: string,
  sequence: number,
  extra: readonly Header[] = [],
  body: Buffer = Buffer.alloc(0),
): SipRequest {
  return {
    kind: 'request',
    method,
    uri: dialog.target,
    headers: [
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: dialog.local },
      { name: 'To', value: dialog.remote },
      { name: 'Call-ID', value: dialog.callId },
      { name: 'CSeq', value: `${sequence} ${method}` },
      ...extra,
    ],
    body,
  };
}

/** `"name" <uri>;tag=…`, as a From header. */
export function fromHeader(displayName: string, uri: string, tag: string): string {
  return formatAddress({ displayName, uri, parameters: new Map([['tag', tag]]) });
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const contact = header(message, 'Contact');
  return contact === undefined ? undefined : parseAddress(contact).uri;
}
