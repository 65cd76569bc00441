import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { TransportError } from './errors.ts';
import { formatHop, type Hop } from './hop.ts';
import { type ConnectionHandlers, type ConnectionLimits, TcpConnection } from './tcp-connection.ts';

/** Limits of a listening TCP port and its connections. */
export interface TcpLimits extends ConnectionLimits {
  /** Accepted and opened ones together. */
  readonly connections: number;
  readonly connectMs: number;
}

/** Who hears of a TCP port. */
export interface TcpHandlers {
  item: ConnectionHandlers['item'];
  error(error: TransportError): void;
  /** A connection was turned away because there are too many. */
  refused(): void;
}

/** One listening TCP port, and every connection made to it or from it, known by the peer's hop. */
export class TcpPort {
  readonly bound: Hop;
  readonly #server: Server;
  readonly #limits: TcpLimits;
  readonly #handlers: TcpHandlers;
  readonly #connections = new Map<string, TcpConnection>();

  private constructor(server: Server, bound: Hop, limits: TcpLimits, handlers: TcpHandlers) {
    this.bound = bound;
    this.#server = server;
    this.#limits = limits;
    this.#handlers = handlers;
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => {
      handlers.error(new TransportError(bound, error.message, error));
    });
  }

  /** Listens; port 0 takes a free one. Rejects with the system's error. */
  static async open(
    address: string,
    port: number,
    limits: TcpLimits,
    handlers: TcpHandlers,
  ): Promise<TcpPort> {
    const server = createServer();
    server.listen({ host: address, port, ipv6Only: true });
    await once(server, 'listening');
    const at = server.address();
    const boundPort = at !== null && typeof at === 'object' ? at.port : port;
    return new TcpPort(server, { protocol: 'tcp', address, port: boundPort }, limits, handlers);
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Is there a connection to this hop that still takes messages? */
  isConnected(target: Hop): boolean {
    return this.#connections.get(formatHop(target))?.writable === true;
  }

  /** Sends on the connection to this hop, opening one if there is none. */
  send(bytes: Buffer, target: Hop, failed: (error: TransportError) => void): void {
    const known = this.#connections.get(formatHop(target));
    if (known?.writable === true) {
      known.send(bytes, failed);
      return;
    }
    if (this.#connections.size >= this.#limits.connections) {
      this.#handlers.refused();
      queueMicrotask(() => failed(new TransportError(target, 'too many connections')));
      return;
    }
    this.#open(target).send(bytes, failed);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#connections.values()) connection.destroy();
    await closed;
  }

  #open(target: Hop): TcpConnection {
    const socket = connect({ host: target.address, port: target.port });
    const deadline = setTimeout(() => {
      socket.destroy(new Error('no connection in time'));
    }, this.#limits.connectMs);
    socket.once('connect', () => clearTimeout(deadline));
    socket.once('close', () => clearTimeout(deadline));
    return this.#adopt(socket, target);
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined) {
      socket.destroy(); // gone before it was looked at
    } else if (this.#connections.size >= this.#limits.connections) {
      this.#handlers.refused();
      socket.destroy();
    } else this.#adopt(socket, { protocol: 'tcp', address, port });
  }

  #adopt(socket: Socket, remote: Hop): TcpConnection {
    const key = formatHop(remote);
    const connection = new TcpConnection(socket, { remote, local: this.bound }, this.#limits, {
      item: this.#handlers.item,
      closed: (gone, error) => {
        if (this.#connections.get(key) === gone) this.#connections.delete(key);
        if (error !== undefined) this.#handlers.error(error);
      },
    });
    this.#connections.set(key, connection);
    return connection;
  }
}
