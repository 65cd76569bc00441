import { parseCommand } from '../../../src/protocol/drachtio/command.ts';
import { buildEvent } from '../../../src/protocol/drachtio/event.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../../src/protocol/sip/parse.ts';
import { serializeSipMessage } from '../../../src/protocol/sip/serialize.ts';
import {
  assembleSignalling,
  type SignallingAssembly,
} from '../../../src/switch/signalling/assembly.ts';
import type { Client, OutgoingEvent } from '../../../src/switch/signalling/control/clients.ts';
import type { SignallingOptions } from '../../../src/switch/signalling/options.ts';
import type { Clock, LogEntry } from '../../../src/switch/signalling/runtime.ts';
import type { Hop, Received } from '../../../src/switch/sip/hop.ts';
import { withSource } from '../../../src/switch/sip/routing.ts';
import type { Transports } from '../../../src/switch/sip/transports.ts';

/** A clock that stands still until it is told to go on. */
class ManualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  constructor(startMs = Date.UTC(2026, 10, 22, 9, 56, 4)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers still to come. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and everything happen that is due, in order. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const due = [...this.#timers]
        .filter(({ atMs }) => atMs <= endMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#nowMs = due.atMs;
      due.run();
    }
    this.#nowMs = endMs;
  }
}

/** An application that notes the frames it is sent. */
export class FakeClient implements Client {
  readonly tags = new Set<string>();
  connected = true;
  readonly frames: Buffer[] = [];

  send(event: OutgoingEvent): void {
    if (this.connected) this.frames.push(buildEvent({ ...event, messageId: 'server-message' }));
  }
}

interface SentSip {
  readonly port: number;
  readonly bytes: Buffer;
  readonly atMs: number;
}

/** The signalling server without sockets: messages go in and come out by calls, time by hand. */
export class Stage {
  readonly clock = new ManualClock();
  readonly sent: SentSip[] = [];
  readonly log: LogEntry[] = [];
  readonly assembly: SignallingAssembly;
  readonly local: Hop = { protocol: 'udp', address: '127.0.0.1', port: 5060 };

  constructor(options: Partial<SignallingOptions> = {}) {
    this.assembly = assembleSignalling(this.#transports(), {
      sip: [this.local],
      clock: this.clock,
      log: (entry) => this.log.push(entry),
      ...options,
    });
  }

  client(): FakeClient {
    const client = new FakeClient();
    this.assembly.environment.clients.add(client);
    return client;
  }

  /** The application's connection is lost. */
  lose(client: FakeClient): void {
    client.connected = false;
    this.assembly.environment.clients.remove(client);
    this.assembly.signalling.lost(client);
  }

  /** The application sends a payload. */
  command(client: Client, payload: Buffer | string): void {
    const command = parseCommand(Buffer.from(payload));
    if (command.type === 'authenticate')
      throw new Error('authentication is the control port’s business');
    this.assembly.signalling.command(client, command);
  }

  /** A peer sends a datagram. */
  receive(bytes: Buffer | string, fromPort: number): void {
    const raw = Buffer.from(bytes);
    const source: Hop = { ...this.local, port: fromPort };
    const message = parseSipMessage(raw);
    const known: SipMessage =
      message.kind === 'request' ? withSource(message, source, 'always') : message;
    const received: Received = { message: known, bytes: raw.length, source, local: this.local };
    this.assembly.environment.transactions.receive(received);
  }

  /** How much the server holds. */
  held(): Readonly<Record<string, number>> {
    const { dialogs, incoming, outgoing, transactions } = this.assembly.environment;
    return {
      dialogs: dialogs.size,
      incoming: incoming.size,
      outgoing: outgoing.size,
      ...transactions.counts(),
      timers: this.clock.pending,
    };
  }

  /** Takes what was sent to a port since the last time. */
  take(port: number): string[] {
    const taken = this.sent.filter((sent) => sent.port === port);
    for (const sent of taken) this.sent.splice(this.sent.indexOf(sent), 1);
    return taken.map(({ bytes }) => bytes.toString());
  }

  #transports(): Transports {
    const send = (message: SipMessage, target: Hop): void => {
      this.sent.push({
        port: target.port,
        bytes: serializeSipMessage(message),
        atMs: this.clock.nowMs(),
      });
    };
    return {
      bound: [this.local],
      localFor: () => ({ host: '127.0.0.1', port: 5060 }),
      send,
      respond: (response: SipResponse, received: Received<SipRequest>) =>
        send(response, received.source),
      counts: () => ({ received: 0, sent: 0, malformed: 0, connections: 0, connectionsRefused: 0 }),
      close: () => Promise.resolve(),
    };
  }
}
