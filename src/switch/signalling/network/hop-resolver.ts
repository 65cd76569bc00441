import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { parseSipUri, type SipUri } from '../../../protocol/sip/uri.ts';
import type { Hop } from '../../sip/hop.ts';
import type { Listener, Listeners } from './listeners.ts';

/** Where a request is sent, and by which listener. */
export interface Way {
  readonly hop: Hop;
  readonly listener: Listener;
}

/** `transport`: no listener of the wanted protocol. `address`: no such host, or no SIP URI. */
export type WayFailure = 'transport' | 'address';

/**
 * Finds the hop of a SIP URI: its `maddr` or host, its port or 5060, its `transport` or UDP. Calls back at once for
 * an IP address, after a look-up for a name.
 */
export function findWay(
  uri: string,
  listeners: Listeners,
  found: (way: Way | WayFailure) => void,
): void {
  const target = readUri(uri);
  if (target === undefined) {
    found('address');
    return;
  }
  const listener = listeners.toward(target);
  if (listener === undefined) {
    found('transport');
    return;
  }
  const host = (target.parameters.get('maddr') ?? target.host).replace(/^\[|\]$/g, '');
  const port = target.port ?? 5060;
  const { protocol } = listener;
  if (isIP(host) !== 0) {
    found({ hop: { protocol, address: host, port }, listener });
    return;
  }
  const family = isIP(listener.address) === 6 ? 6 : 4;
  lookup(host, { family }, (error, address) => {
    found(error === null ? { hop: { protocol, address, port }, listener } : 'address');
  });
}

function readUri(uri: string): SipUri | undefined {
  try {
    return parseSipUri(uri);
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}
