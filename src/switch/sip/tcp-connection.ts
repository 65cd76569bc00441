import type { Socket } from 'node:net';
import type { SipLimits } from '../../protocol/sip/limits.ts';
import { SipStreamReader, type StreamItem } from '../../protocol/sip/stream.ts';
import { TransportError } from './errors.ts';
import type { Hop } from './hop.ts';

/** Limits of one connection. */
export interface ConnectionLimits {
  readonly sip: SipLimits;
  /** Closed after so long without a byte in either direction. */
  readonly idleMs: number;
  /** Closed when the peer leaves more than this unread. */
  readonly writeQueueBytes: number;
}

/** Who hears of a connection. */
export interface ConnectionHandlers {
  item(item: Exclude<StreamItem, { kind: 'ping' }>, connection: TcpConnection): void;
  /** It is gone; `error` unless it was closed in peace. */
  closed(connection: TcpConnection, error: TransportError | undefined): void;
}

const LINGER_MS = 1000;

/** One TCP connection, accepted or opened by us, cut into messages. */
export class TcpConnection {
  readonly remote: Hop;
  /** The port we listen on, which is the one peers know us by. */
  readonly local: Hop;
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  #error: TransportError | undefined;
  /** Those waiting to hear that what they sent could not be. */
  readonly #unsent = new Set<(error: TransportError) => void>();

  constructor(
    socket: Socket,
    ends: { readonly remote: Hop; readonly local: Hop },
    limits: ConnectionLimits,
    handlers: ConnectionHandlers,
  ) {
    this.remote = ends.remote;
    this.local = ends.local;
    this.#socket = socket;
    this.#limits = limits;
    const reader = new SipStreamReader(limits.sip);
    socket.setNoDelay(true);
    socket.setTimeout(limits.idleMs, () => this.#fail('idle for too long'));
    socket.on('data', (chunk: Buffer) => {
      for (const item of reader.push(chunk)) {
        if (item.kind === 'ping') socket.write('\r\n');
        else handlers.item(item, this);
        if (item.kind === 'error' && item.fatal) this.#hangUp();
      }
    });
    socket.on('error', (error) => {
      this.#error ??= new TransportError(this.remote, error.message, error);
    });
    socket.on('close', () => {
      const error = this.#error ?? new TransportError(this.remote, 'connection closed');
      for (const failed of this.#unsent) failed(error);
      this.#unsent.clear();
      handlers.closed(this, this.#error);
    });
  }

  /** Can it still take a message? */
  get writable(): boolean {
    return this.#socket.writable;
  }

  send(bytes: Buffer, failed: (error: TransportError) => void): void {
    if (this.#socket.writableLength + bytes.length > this.#limits.writeQueueBytes) {
      this.#fail('peer does not read');
    }
    this.#unsent.add(failed);
    this.#socket.write(bytes, (error) => {
      if (!error) this.#unsent.delete(failed);
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Ends our side, and the connection a moment later, so that the peer can still read why. */
  #hangUp(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  #fail(reason: string): void {
    this.#error ??= new TransportError(this.remote, reason);
    this.#socket.destroy();
  }
}
