import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Command, CommandError, parseCommand } from '../../../protocol/drachtio/command.ts';
import { buildEvent, type ServerEvent } from '../../../protocol/drachtio/event.ts';
import {
  ControlFrameError,
  encodeFrame,
  FrameReader,
  MAX_COMMAND_BYTES,
} from '../../../protocol/drachtio/frame.ts';
import type { SignallingLimits } from '../options.ts';
import type { Ids, Log } from '../runtime.ts';
import type { Client, ClientRegistry, OutgoingEvent } from './clients.ts';

/** The control port is taken or cannot be bound. */
export class ControlPortError extends Error {
  override readonly name = 'ControlPortError';
  readonly address: string;
  readonly port: number;

  constructor(address: string, port: number, cause: unknown) {
    super(`control port tcp/${address}:${port} cannot be opened: ${describe(cause)}`, { cause });
    this.address = address;
    this.port = port;
  }
}

/** Compares in constant time, whatever the lengths. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

interface ControlServerDependencies {
  readonly secret: string;
  /** Carries out a command other than `authenticate`, which the connection sees to. */
  readonly onCommand: (client: Client, command: Exclude<Command, { type: 'authenticate' }>) => void;
  /** A client's connection is gone; it has no routes any more. */
  readonly onLost: (client: Client) => void;
  /** What the reply to a right secret says: host-ports, version, local host-ports. */
  readonly greeting: () => readonly string[];
  readonly clients: ClientRegistry;
  readonly limits: SignallingLimits;
  readonly ids: Ids;
  readonly log: Log;
}

/** The TCP port that applications connect to. */
export class ControlServer {
  readonly #dependencies: ControlServerDependencies;
  readonly #connections = new Set<ControlConnection>();
  readonly #server: Server;

  constructor(dependencies: ControlServerDependencies) {
    this.#dependencies = dependencies;
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** Opens the port. Throws ControlPortError. */
  async listen(address: string, port: number): Promise<void> {
    this.#server.listen(port, address);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw new ControlPortError(address, port, error);
    }
    this.#server.on('error', (error) =>
      this.#dependencies.log({
        level: 'error',
        event: 'control-server-error',
        detail: { message: error.message },
      }),
    );
  }

  get port(): number {
    const bound = this.#server.address();
    return bound === null || typeof bound === 'string' ? 0 : bound.port;
  }

  /** Closes the port and every connection. */
  async close(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    for (const connection of this.#connections) connection.disconnect();
    await closed;
  }

  #accept(socket: Socket): void {
    const { limits, log, clients } = this.#dependencies;
    if (this.#connections.size >= limits.clients) {
      log({
        level: 'warn',
        event: 'control-connection-refused',
        detail: { clients: this.#connections.size },
      });
      socket.destroy();
      return;
    }
    const connection = new ControlConnection(socket, this.#dependencies);
    this.#connections.add(connection);
    clients.add(connection);
    socket.on('close', () => {
      this.#connections.delete(connection);
      connection.lost();
      clients.remove(connection);
      this.#dependencies.onLost(connection);
    });
  }
}

/** One application's connection: frames in and out, authentication. */
class ControlConnection implements Client {
  readonly tags = new Set<string>();
  readonly #socket: Socket;
  readonly #dependencies: ControlServerDependencies;
  readonly #frames = new FrameReader(MAX_COMMAND_BYTES);
  #connected = true;

  constructor(socket: Socket, dependencies: ControlServerDependencies) {
    this.#socket = socket;
    this.#dependencies = dependencies;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) =>
      dependencies.log({
        level: 'debug',
        event: 'control-connection-error',
        detail: { message: error.message },
      }),
    );
  }

  get connected(): boolean {
    return this.#connected;
  }

  send(event: OutgoingEvent): void {
    if (!this.#connected) return;
    const { ids, limits, log } = this.#dependencies;
    const identified: ServerEvent = { ...event, messageId: ids.uuid() };
    try {
      this.#socket.write(encodeFrame(buildEvent(identified)));
    } catch (error) {
      if (!(error instanceof ControlFrameError)) throw error;
      log({ level: 'error', event: 'control-event-too-long', detail: { reason: error.message } });
    }
    if (this.#socket.writableLength > limits.clientBacklogBytes) {
      log({
        level: 'error',
        event: 'control-client-too-slow',
        detail: { bytes: this.#socket.writableLength },
      });
      this.disconnect();
    }
  }

  /** Cuts the connection at once. */
  disconnect(): void {
    this.lost();
    this.#socket.destroy();
  }

  lost(): void {
    this.#connected = false;
  }

  #read(chunk: Buffer): void {
    if (!this.#connected) return;
    try {
      for (const payload of this.#frames.push(chunk)) {
        if (!this.#connected) return;
        this.#obey(parseCommand(payload));
      }
    } catch (error) {
      if (error instanceof CommandError) this.#refuse(error.messageId, error.message);
      else if (error instanceof ControlFrameError) {
        this.#dependencies.log({
          level: 'warn',
          event: 'control-frame-refused',
          detail: { reason: error.message },
        });
        this.disconnect();
      } else throw error;
    }
  }

  #obey(command: Command): void {
    if (command.type !== 'authenticate') {
      this.#carryOut(command);
      return;
    }
    for (const tag of command.tags)
      if (this.tags.size < this.#dependencies.limits.routesPerClient) this.tags.add(tag);
    if (!sameSecret(command.secret, this.#dependencies.secret)) {
      this.#refuse(command.messageId, 'incorrect secret');
      return;
    }
    this.send({
      type: 'response',
      inReplyTo: command.messageId,
      outcome: 'OK',
      fields: this.#dependencies.greeting(),
    });
  }

  /** A mistake of ours in carrying out one command must not take everybody's calls down. */
  #carryOut(command: Exclude<Command, { type: 'authenticate' }>): void {
    try {
      this.#dependencies.onCommand(this, command);
    } catch (error) {
      const message = describe(error);
      this.#dependencies.log({
        level: 'error',
        event: 'control-command-failed',
        detail: { message },
      });
      const inReplyTo = command.messageId;
      this.send({ type: 'response', inReplyTo, outcome: 'NOK', fields: ['Internal server error'] });
    }
  }

  /** Says NO and hangs up, as drachtio-server does with what it cannot use. */
  #refuse(inReplyTo: string, reason: string): void {
    this.#dependencies.log({ level: 'warn', event: 'control-command-refused', detail: { reason } });
    this.send({ type: 'response', inReplyTo, outcome: 'NO', fields: [reason] });
    this.lost();
    this.#socket.end();
  }
}
