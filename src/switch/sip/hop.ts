import type { SipMessage } from '../../protocol/sip/message.ts';

/** One end of a transport. `address` is an IP address without brackets. */
export interface Hop {
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
}

/** A message as it came in. A request's topmost Via already says where it came from (received, rport). */
export interface Received<M extends SipMessage = SipMessage> {
  readonly message: M;
  /** Length on the wire. */
  readonly bytes: number;
  readonly source: Hop;
  readonly local: Hop;
}

/** `udp/127.0.0.1:5060`, for logs and as a key. */
export function formatHop(hop: Hop): string {
  return `${hop.protocol}/${formatAddress(hop.address)}:${hop.port}`;
}

/** An IP address as a URI or Via has it: IPv6 in square brackets. */
export function formatAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
