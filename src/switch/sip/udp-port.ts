import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { TransportError } from './errors.ts';
import type { Hop } from './hop.ts';

/** Who hears of a UDP port. */
export interface UdpHandlers {
  datagram(bytes: Buffer, source: Hop, local: Hop): void;
  error(error: TransportError): void;
}

/** One bound UDP socket. */
export class UdpPort {
  readonly bound: Hop;
  readonly #socket: Socket;

  private constructor(socket: Socket, handlers: UdpHandlers) {
    const { address, port } = socket.address();
    this.bound = { protocol: 'udp', address, port };
    this.#socket = socket;
    socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
      const source: Hop = { protocol: 'udp', address: from.address, port: from.port };
      handlers.datagram(bytes, source, this.bound);
    });
    socket.on('error', (error) => {
      handlers.error(new TransportError(this.bound, error.message, error));
    });
  }

  /** Binds; port 0 takes a free one. Rejects with the system's error. */
  static async open(address: string, port: number, handlers: UdpHandlers): Promise<UdpPort> {
    const socket = createSocket({
      type: isIPv6(address) ? 'udp6' : 'udp4',
      ipv6Only: isIPv6(address),
    });
    socket.bind({ address, port });
    await once(socket, 'listening');
    return new UdpPort(socket, handlers);
  }

  send(bytes: Buffer, target: Hop, failed: (error: TransportError) => void): void {
    this.#socket.send(bytes, target.port, target.address, (error) => {
      if (error !== null) failed(new TransportError(target, error.message, error));
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
