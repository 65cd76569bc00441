import type { ResponseCommand } from '../../../protocol/drachtio/command.ts';
import { headers } from '../../../protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { reasonPhrase } from '../../../protocol/sip/status.ts';
import { applicationHeaders, contentType, find, ordered, without } from '../header-rules.ts';
import { advertisedHostPort, type Listener } from '../network/listeners.ts';

/** The application's headers for a response. Those that name the transaction are the request's, whatever it gave. */
export function givenHeaders(command: ResponseCommand, listener: Listener): Header[] {
  const given = applicationHeaders(command.sip.headers, advertisedHostPort(listener));
  const own = without(given, 'From', 'To', 'Call-ID', 'CSeq');
  return [...own, ...contentType(command.sip.body, own, 'optional')];
}

/** The tag that the application wants in To, if it wrote one. */
export function givenToTag(command: ResponseCommand): string | undefined {
  return /;\s*tag=([^;>\s,]+)/.exec(find(command.sip.headers, 'To') ?? '')?.[1];
}

/** The response as it goes on the wire, its fields in the stack's order. */
export function buildResponse(
  command: ResponseCommand,
  request: SipRequest,
  toTag: string,
  fields: readonly Header[],
): SipResponse {
  const { status } = command;
  const reason = command.reason === '' ? reasonPhrase(status) : command.reason;
  const tagged = status > 100 ? { toTag } : {};
  const response = responseTo(request, status, {
    reason,
    ...tagged,
    headers: fields,
    body: command.sip.body,
  });
  return { ...response, headers: ordered(response.headers) };
}

/** Does the application ask for this provisional response to be sent reliably (RFC 3262)? */
export function wantsReliable(command: ResponseCommand, request: SipRequest): boolean {
  const provisional = command.status > 100 && command.status < 200 && request.method === 'INVITE';
  return provisional && /100rel/i.test(find(command.sip.headers, 'Require') ?? '');
}

/** May a provisional response to this INVITE be reliable? */
export function allowsReliable(request: SipRequest): boolean {
  return [...headers(request, 'Supported'), ...headers(request, 'Require')].some((value) =>
    /100rel/i.test(value),
  );
}
