import { formatHop, type Hop } from './hop.ts';

/** An address to listen on is taken by another program. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly protocol: Hop['protocol'];
  readonly address: string;
  readonly port: number;

  constructor(hop: Hop) {
    super(`${formatHop(hop)} is in use by another program`);
    this.protocol = hop.protocol;
    this.address = hop.address;
    this.port = hop.port;
  }
}

/** What could not be sent to or read from a hop, and why. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly hop: Hop;

  constructor(hop: Hop, reason: string, cause?: unknown) {
    super(`${formatHop(hop)}: ${reason}`, { cause });
    this.hop = hop;
  }
}

/** A move a transaction does not allow, such as a second final response: a mistake of its user. */
export class TransactionError extends Error {
  override readonly name = 'TransactionError';
}
