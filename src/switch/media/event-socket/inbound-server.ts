import { createServer, type Server, type Socket } from 'node:net';
import { AUTH_REQUEST, RUDE_REJECTION } from '../../../protocol/esl/reply.ts';
import type { MediaContext } from '../context.ts';
import { EventSocketConnection } from './connection.ts';

export interface InboundServerOptions {
  readonly context: MediaContext;
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly secret: string;
  /** Addresses that may connect; undefined for all that reach the port. */
  readonly allow?: readonly string[];
}

export interface InboundServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A client that has not shown its password after so long is cut off. */
const AUTH_TIMEOUT_MS = 15_000;

/** Listens for programs that control the server. Rejects with the system's error when the port is taken. */
export async function listenInbound(options: InboundServerOptions): Promise<InboundServer> {
  const connections = new Set<EventSocketConnection>();
  const server = createServer((socket) => accept(options, socket, connections));
  const port = await listen(server, options);
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const connection of connections) connection.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

function listen(server: Server, options: InboundServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : options.port);
    });
  });
}

function accept(
  options: InboundServerOptions,
  socket: Socket,
  connections: Set<EventSocketConnection>,
): void {
  const { context, allow } = options;
  const remote = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (
    (allow !== undefined && !allow.includes(remote)) ||
    connections.size >= context.limits.connections
  ) {
    socket.on('error', () => socket.destroy());
    socket.end(RUDE_REJECTION);
    context.log({ level: 'warn', message: 'event socket client refused' });
    return;
  }
  const connection = new EventSocketConnection({
    context,
    socket,
    secret: options.secret,
    full: true,
    async: false,
  });
  connections.add(connection);
  const timer = setTimeout(() => {
    if (!connection.authenticated) connection.close();
  }, AUTH_TIMEOUT_MS);
  connection.onClosed(() => {
    clearTimeout(timer);
    connections.delete(connection);
  });
  connection.write(AUTH_REQUEST);
}
