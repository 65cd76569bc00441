import { isIP } from 'node:net';
import { parseAddress } from '../../../protocol/sip/address.ts';
import { parseSipUri } from '../../../protocol/sip/uri.ts';
import type { Hop } from '../../sip/hop.ts';

const DEFAULT_SIP_PORT = 5060;

/**
 * Where a request within a dialog goes: to the first Route, else to the far end's Contact. A host name is not
 * looked up, because this profile only talks to its own signalling server: then back to where the INVITE came from.
 */
export function dialogTarget(remoteTarget: string, routes: readonly string[], source: Hop): Hop {
  const first = routes[0];
  const uri = parseSipUri(first === undefined ? remoteTarget : parseAddress(first).uri);
  if (isIP(uri.host) === 0) return source;
  const protocol = uri.parameters.get('transport')?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  return { protocol, address: uri.host, port: uri.port ?? DEFAULT_SIP_PORT };
}
