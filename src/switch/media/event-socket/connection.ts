import type { Socket } from 'node:net';
import { type EslCommand, readCommand } from '../../../protocol/esl/command.ts';
import { EslFrameError } from '../../../protocol/esl/errors.ts';
import type { EslEvent } from '../../../protocol/esl/event.ts';
import type { EventName } from '../../../protocol/esl/event-names.ts';
import { EslFrameReader } from '../../../protocol/esl/frame.ts';
import { disconnectNotice, type EventFormat, eventFrame } from '../../../protocol/esl/reply.ts';
import type { Channel } from '../channel/channel.ts';
import type { MediaContext } from '../context.ts';
import { answerCommand } from './commands.ts';
import { Subscription } from './subscription.ts';

export interface ConnectionOptions {
  readonly context: MediaContext;
  readonly socket: Socket;
  /** The call this connection controls, when it is an outbound one. */
  readonly channel?: Channel;
  /** Undefined when no password is asked for, as on outbound connections. */
  readonly secret?: string;
  /** Whether it may do more than control its call. */
  readonly full: boolean;
  readonly async: boolean;
}

/**
 * One client of the event socket, in either direction. Commands are answered strictly in their order,
 * because clients match answers by order alone.
 */
export class EventSocketConnection {
  readonly context: MediaContext;
  readonly secret: string | undefined;
  readonly full: boolean;
  readonly async: boolean;
  readonly subscription = new Subscription();
  readonly connected: Promise<void>;
  channel: Channel | undefined;
  authenticated: boolean;
  format: EventFormat = 'plain';
  /** Seconds to stay after the call's end, -1 for ever; undefined not at all. */
  lingerSeconds: number | undefined;
  lingering = false;
  markConnected: () => void = () => undefined;
  readonly #socket: Socket;
  readonly #reader = new EslFrameReader();
  readonly #unsubscribe: () => void;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.context = options.context;
    this.channel = options.channel;
    this.secret = options.secret;
    this.authenticated = options.secret === undefined;
    this.full = options.full;
    this.async = options.async;
    this.#socket = options.socket;
    this.connected = new Promise((resolve) => {
      this.markConnected = resolve;
    });
    this.#unsubscribe = this.context.bus.subscribe({
      wants: (name: EventName, subclass) => this.subscription.wants(name, subclass),
      deliver: (event: EslEvent) => this.#deliver(event),
    });
    this.#attach();
  }

  #attach(): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('close', () => this.#ended());
    socket.on('error', () => this.#ended());
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return;
    try {
      for (const frame of this.#reader.push(chunk)) this.#queue(readCommand(frame));
    } catch (error) {
      const reason = error instanceof EslFrameError ? error.fault : 'internal error';
      this.context.log({
        level: 'warn',
        message: 'event socket client cut off',
        detail: { reason },
      });
      this.close();
    }
  }

  #queue(command: EslCommand): void {
    // A client that sends on without reading answers would otherwise fill memory.
    if (++this.#waiting > this.context.limits.queuedCommands) {
      this.context.log({
        level: 'warn',
        message: 'event socket client cut off',
        detail: { reason: 'too many commands' },
      });
      this.close();
      return;
    }
    this.#work = this.#work.then(() => this.#answer(command));
  }

  async #answer(command: EslCommand): Promise<void> {
    this.#waiting--;
    if (this.#closed) return;
    try {
      await answerCommand(this, command);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.context.log({
        level: 'error',
        message: 'event socket command failed',
        detail: { command: command.kind, reason },
      });
      this.close();
    }
  }

  #deliver(event: EslEvent): void {
    if (this.#closed || !this.subscription.passes(event)) return;
    this.write(eventFrame(event, this.format));
    if (this.#socket.writableLength > this.context.limits.clientBacklogBytes) {
      this.context.log({
        level: 'warn',
        message: 'event socket client cut off',
        detail: { reason: 'does not read' },
      });
      this.destroy();
    }
  }

  write(text: string): void {
    if (!this.#closed) this.#socket.write(text);
  }

  /** Says goodbye and ends the connection. */
  close(): void {
    if (this.#closed) return;
    this.#socket.end(disconnectNotice(this.channel?.uuid));
    this.#ended();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
    this.#ended();
  }

  onClosed(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    this.markConnected();
  }
}
