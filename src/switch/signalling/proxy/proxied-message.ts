import { parseAddress } from '../../../protocol/sip/address.ts';
import {
  appendHeader,
  header,
  headerList,
  prependHeader,
  withHeader,
  withoutHeader,
} from '../../../protocol/sip/headers.ts';
import type { Header, SipRequest } from '../../../protocol/sip/message.ts';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { parseSipUri } from '../../../protocol/sip/uri.ts';
import { applicationHeaders, ordered, without } from '../header-rules.ts';
import { advertisedHostPort, type Listener, type Listeners, ownUri } from '../network/listeners.ts';

/** A request as it goes on to a target of a proxy, but for our Via (RFC 3261 section 16.6). */
export function proxiedRequest(
  request: SipRequest,
  target: { readonly uri: string; readonly listener: Listener },
  options: {
    readonly recordRoute: boolean;
    readonly given: readonly Header[];
    readonly listeners: Listeners;
  },
): SipRequest {
  const { listener } = target;
  let forwarded = withMaxForwards(request);
  if (options.listeners.isOwn(request.uri)) forwarded = { ...forwarded, uri: target.uri };
  forwarded = withoutFirstRoute(forwarded);
  const own = applicationHeaders(options.given, advertisedHostPort(listener));
  for (const { name, value } of without(own, 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards')) {
    forwarded = withHeader(forwarded, name, value);
  }
  if (options.recordRoute) forwarded = withRecordRoute(forwarded, `<${ownUri(listener)};lr>`);
  return { ...forwarded, headers: ordered(forwarded.headers) };
}

/** REGISTER gets a Path (RFC 3327) where other requests get a Record-Route. */
function withRecordRoute(request: SipRequest, value: string): SipRequest {
  if (request.method !== 'REGISTER') return prependHeader(request, 'Record-Route', value);
  return appendHeader(prependHeader(request, 'Path', value), 'Require', 'path');
}

function withMaxForwards(request: SipRequest): SipRequest {
  const given = header(request, 'Max-Forwards');
  return withHeader(
    request,
    'Max-Forwards',
    given === undefined ? '70' : String(Number(given) - 1),
  );
}

/** The request without its topmost Route; others stay in their order. */
export function withoutFirstRoute(request: SipRequest): SipRequest {
  const routes = headerList(request, 'Route');
  if (routes.length === 0) return request;
  const bare = withoutHeader(request, 'Route');
  const rest = routes.slice(1).map((value) => ({ name: 'Route', value }));
  return { ...bare, headers: [...rest, ...bare.headers] };
}

/** Is the topmost Route a loose route to ourselves? Then the request is ours to forward. */
export function isRoutedByUs(request: SipRequest, listeners: Listeners): boolean {
  const [route] = headerList(request, 'Route');
  if (route === undefined) return false;
  try {
    const { host, parameters } = parseSipUri(parseAddress(route).uri);
    return parameters.has('lr') && listeners.isOwnHost(host);
  } catch (error) {
    if (error instanceof SipParseError) return false;
    throw error;
  }
}

/** Where a request goes next: its topmost Route, else its Request-URI. */
export function nextHopUri(request: SipRequest): string {
  const [route] = headerList(request, 'Route');
  return route === undefined ? request.uri : parseAddress(route).uri;
}
