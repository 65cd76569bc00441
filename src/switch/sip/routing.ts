import type { SipMessage, SipRequest } from '../../protocol/sip/message.ts';
import { SipParseError } from '../../protocol/sip/parse-error.ts';
import type { Via } from '../../protocol/sip/via.ts';
import { replaceTopVia, topVia } from '../../protocol/sip/via-stack.ts';
import { formatAddress, type Hop } from './hop.ts';

/** Whether the source port is written into Via only when asked for (RFC 3581), or always, as drachtio-server does. */
export type RportMode = 'asked' | 'always';

const DEFAULT_SIP_PORT = 5060;

/** The request with `received` and `rport` in its topmost Via (RFC 3261 section 18.2.1, RFC 3581 section 4). */
export function withSource(request: SipRequest, source: Hop, mode: RportMode): SipRequest {
  const via = topVia(request);
  const parameters = new Map(via.parameters);
  parameters.delete('received'); // whoever sent it must not choose where we answer
  if (via.host !== formatAddress(source.address)) parameters.set('received', source.address);
  if (mode === 'always' || source.protocol === 'tcp' || parameters.has('rport')) {
    parameters.set('rport', String(source.port));
  }
  return replaceTopVia(request, { ...via, parameters });
}

/**
 * Where a response to a request from `source` goes when no connection leads back to it (RFC 3261
 * section 18.2.2): its address; the port it sent from if Via has `rport`, else the port of Via.
 */
export function responseTarget(message: SipMessage, source: Hop): Hop {
  const via = topVia(message);
  const rport = via.parameters.get('rport');
  if (source.protocol === 'udp' && rport !== undefined) return source;
  return { ...source, port: via.port ?? DEFAULT_SIP_PORT };
}

/** As `responseTarget`, for what may be malformed: then straight back to where it came from. */
export function refusalTarget(message: SipMessage, source: Hop): Hop {
  try {
    return responseTarget(message, source);
  } catch (error) {
    if (error instanceof SipParseError) return source;
    throw error;
  }
}

/** The Via of a request we send. `rport` asks the peer to answer where we sent from (RFC 3581). */
export function viaFrom(
  local: { readonly host: string; readonly port: number },
  protocol: Hop['protocol'],
  branch: string,
): Via {
  return {
    transport: protocol.toUpperCase(),
    host: local.host,
    ...(local.port === DEFAULT_SIP_PORT ? {} : { port: local.port }),
    parameters: new Map([
      ['rport', ''],
      ['branch', branch],
    ]),
  };
}
