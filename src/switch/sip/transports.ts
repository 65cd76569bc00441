import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DEFAULT_SIP_LIMITS, type SipLimits } from '../../protocol/sip/limits.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { parseSipMessage } from '../../protocol/sip/parse.ts';
import { SipParseError } from '../../protocol/sip/parse-error.ts';
import { refusalOf } from '../../protocol/sip/response.ts';
import { serializeSipMessage } from '../../protocol/sip/serialize.ts';
import { PortInUseError, TransportError } from './errors.ts';
import { formatAddress, type Hop, type Received } from './hop.ts';
import { type RportMode, refusalTarget, responseTarget, withSource } from './routing.ts';
import { TcpPort } from './tcp-port.ts';
import { UdpPort } from './udp-port.ts';

/** An address to listen on. */
interface ListenOn extends Hop {
  /** What peers are told in Via in place of `address`: the outside of a NAT, or a host name. */
  readonly advertise?: string;
}

interface TransportLimits {
  readonly sip: SipLimits;
  /** TCP connections of one listening port. */
  readonly connections: number;
  /** A TCP connection is closed after so long without a byte. */
  readonly idleMs: number;
  readonly connectMs: number;
  /** What may wait to be read by one TCP peer. */
  readonly writeQueueBytes: number;
}

const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  sip: DEFAULT_SIP_LIMITS,
  connections: 2000,
  idleMs: 10 * 60_000,
  connectMs: 5000,
  writeQueueBytes: 512 * 1024,
};

export interface TransportsOptions {
  readonly listen: readonly ListenOn[];
  readonly limits?: Partial<TransportLimits>;
  /** `asked` when absent. */
  readonly rport?: RportMode;
  /** A well-formed message came. */
  onMessage(received: Received): void;
  /** Something was malformed, a connection broke, a handler threw; for the log. Never holds a message's content. */
  onError(error: TransportError): void;
}

/** What happened since the start; `connections` is how many are open now. */
interface TransportCounts {
  readonly received: number;
  readonly sent: number;
  /** Answered with 400 or 505 where possible. */
  readonly malformed: number;
  readonly connections: number;
  readonly connectionsRefused: number;
}

/** The listening sockets of a SIP element. */
export interface Transports {
  /** What is listened on, with the ports really taken, in the order asked for. */
  readonly bound: readonly Hop[];
  /** The host and port peers are to use for us when we send to `target`. Throws TransportError without such a transport. */
  localFor(target: Hop): { readonly host: string; readonly port: number };
  /** Sends a message; `failed` is called later, at most once. Throws TransportError, SipSerializeError. */
  send(message: SipMessage, target: Hop, failed: (error: TransportError) => void): void;
  /** Sends a response the way its request came (RFC 3261 section 18.2.2). Throws as `send` does. */
  respond(
    response: SipResponse,
    received: Received<SipRequest>,
    failed: (error: TransportError) => void,
  ): void;
  counts(): TransportCounts;
  close(): Promise<void>;
}

/** Binds every address, or none. Rejects with PortInUseError or, for any other cause, TransportError. */
export async function createTransports(options: TransportsOptions): Promise<Transports> {
  const transports = new SocketTransports(options);
  try {
    for (const listen of options.listen) await transports.open(listen);
  } catch (error) {
    await transports.close();
    throw error;
  }
  return transports;
}

interface OpenPort {
  readonly port: UdpPort | TcpPort;
  readonly advertise: string | undefined;
}

class SocketTransports implements Transports {
  readonly #options: TransportsOptions;
  readonly #limits: TransportLimits;
  readonly #ports: OpenPort[] = [];
  readonly #counts = { received: 0, sent: 0, malformed: 0, connectionsRefused: 0 };

  constructor(options: TransportsOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_TRANSPORT_LIMITS, ...options.limits };
  }

  get bound(): readonly Hop[] {
    return this.#ports.map(({ port }) => port.bound);
  }

  async open(listen: ListenOn): Promise<void> {
    try {
      const port =
        listen.protocol === 'udp' ? await this.#openUdp(listen) : await this.#openTcp(listen);
      this.#ports.push({ port, advertise: listen.advertise });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if ('code' in error && error.code === 'EADDRINUSE') throw new PortInUseError(listen);
      throw new TransportError(listen, error.message, error);
    }
  }

  localFor(target: Hop): { readonly host: string; readonly port: number } {
    const { port, advertise } = this.#portFor(target);
    const host = advertise ?? formatAddress(reachableAddress(port.bound.address, target));
    return { host, port: port.bound.port };
  }

  send(message: SipMessage, target: Hop, failed: (error: TransportError) => void): void {
    this.#write(this.#portFor(target).port, message, target, failed);
  }

  respond(
    response: SipResponse,
    received: Received<SipRequest>,
    failed: (error: TransportError) => void,
  ): void {
    const { source, local } = received;
    const { port } = this.#portFor(source, local);
    const connected = port instanceof TcpPort && port.isConnected(source);
    const target = connected ? source : responseTarget(received.message, source);
    this.#write(port, response, target, failed);
  }

  counts(): TransportCounts {
    let connections = 0;
    for (const { port } of this.#ports) {
      if (port instanceof TcpPort) connections += port.connectionCount;
    }
    return { ...this.#counts, connections };
  }

  async close(): Promise<void> {
    await Promise.all(this.#ports.splice(0).map(({ port }) => port.close()));
  }

  #openUdp({ address, port }: ListenOn): Promise<UdpPort> {
    return UdpPort.open(address, port, {
      datagram: (bytes, source, local) => this.#datagram(bytes, source, local),
      error: (error) => this.#options.onError(error),
    });
  }

  #openTcp({ address, port }: ListenOn): Promise<TcpPort> {
    return TcpPort.open(address, port, this.#limits, {
      item: (item, { remote, local }) => {
        if (item.kind === 'error') this.#malformed(item.error, remote, local);
        else this.#message(item.message, item.bytes, remote, local);
      },
      error: (error) => this.#options.onError(error),
      refused: () => {
        this.#counts.connectionsRefused += 1;
      },
    });
  }

  /** The port for a target: the very one it came to if that is known, else the first of its protocol and family. */
  #portFor(target: Hop, local?: Hop): OpenPort {
    const fitting = this.#ports.filter(
      ({ port: { bound } }) =>
        bound.protocol === target.protocol && isIPv6(bound.address) === isIPv6(target.address),
    );
    const exact = fitting.find(({ port: { bound } }) => bound === local);
    const port = exact ?? fitting[0];
    if (port === undefined) throw new TransportError(target, 'no transport of this kind is open');
    return port;
  }

  #write(
    port: UdpPort | TcpPort,
    message: SipMessage,
    target: Hop,
    failed: (error: TransportError) => void,
  ): void {
    port.send(serializeSipMessage(message), target, failed);
    this.#counts.sent += 1;
  }

  #datagram(bytes: Buffer, source: Hop, local: Hop): void {
    if (isKeepAlive(bytes)) return;
    try {
      this.#message(parseSipMessage(bytes, this.#limits.sip), bytes.length, source, local);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.#malformed(error, source, local);
    }
  }

  #message(message: SipMessage, bytes: number, source: Hop, local: Hop): void {
    this.#counts.received += 1;
    const known =
      message.kind === 'request'
        ? withSource(message, source, this.#options.rport ?? 'asked')
        : message;
    try {
      this.#options.onMessage({ message: known, bytes, source, local });
    } catch (error) {
      this.#options.onError(new TransportError(source, 'handling a message failed', error));
    }
  }

  #malformed(error: SipParseError, source: Hop, local: Hop): void {
    this.#counts.malformed += 1;
    const report = (cause: unknown): void =>
      this.#options.onError(new TransportError(source, `malformed: ${error.reason}`, cause));
    report(error);
    const response = refusalOf(error, randomBytes(8).toString('hex'));
    if (response === undefined) return;
    const { port } = this.#portFor(source, local);
    const connected = port instanceof TcpPort;
    const target = connected ? source : refusalTarget(response, source);
    // A peer that cannot be told has lost nothing it could use.
    if (!connected || port.isConnected(source)) this.#write(port, response, target, report);
  }
}

/** A peer that keeps its NAT binding open sends empty lines, zeros or a blank (RFC 5626 section 3.5.1). */
function isKeepAlive(bytes: Buffer): boolean {
  return bytes.length <= 4 && bytes.every((byte) => byte <= 0x20);
}

/** An address under which the target can reach a socket bound to every address. */
function reachableAddress(bound: string, target: Hop): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound;
  const family = isIPv6(bound) ? 'IPv6' : 'IPv4';
  if (target.address.startsWith('127.') || target.address === '::1') {
    return family === 'IPv6' ? '::1' : '127.0.0.1';
  }
  const candidates = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outside = candidates.find((entry) => !entry.internal && entry.family === family);
  return outside?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}
