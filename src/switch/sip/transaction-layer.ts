import { prependHeader } from '../../protocol/sip/headers.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { responseTo } from '../../protocol/sip/response.ts';
import { BRANCH_COOKIE, formatVia } from '../../protocol/sip/via.ts';
import {
  type ClientEnvironment,
  InviteClientTransaction,
  OtherClientTransaction,
} from './client-transaction.ts';
import type { Clock, SipTimers } from './clock.ts';
import { TransactionError } from './errors.ts';
import type { Hop, Received } from './hop.ts';
import { clientKey, serverKey } from './matching.ts';
import { viaFrom } from './routing.ts';
import {
  InviteServerTransaction,
  OtherServerTransaction,
  type ServerEnvironment,
} from './server-transaction.ts';
import type { ClientListener, ClientTransaction, TransactionUser } from './transactions.ts';
import type { Transports } from './transports.ts';

export interface TransactionLayerOptions {
  readonly transports: Transports;
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly user: TransactionUser;
  /** Fresh UUIDs. */
  readonly ids: () => string;
  /** Server transactions at once; more requests get 503. 20,000 when absent. */
  readonly maxServerTransactions?: number;
}

interface SendOptions {
  /** The branch of our Via, with its cookie; a fresh one when absent. */
  readonly branch?: string;
}

/** RFC 3261 section 17 with RFC 6026: who sent what, who answers what, and its repetition. */
export interface TransactionLayer {
  /** Takes what the transports received. */
  receive(received: Received): void;
  /** Sends a request, ACK excepted, with our Via on top. Throws TransactionError if its branch is in use, and as `Transports.send`. */
  send(
    request: SipRequest,
    target: Hop,
    listener: ClientListener,
    options?: SendOptions,
  ): ClientTransaction;
  /**
   * Sends without a transaction: the ACK of a 2xx, with our Via on top, or a forwarded response, as it
   * is. Returns what was sent. Failures show only in the transports' `onError`. Throws as `Transports.send`.
   */
  sendStateless<M extends SipMessage>(message: M, target: Hop, options?: SendOptions): M;
  /** Transactions at this moment. */
  counts(): { readonly client: number; readonly server: number };
  /** Ends every transaction without a word to its user, and closes the transports. */
  close(): Promise<void>;
}

export function createTransactionLayer(options: TransactionLayerOptions): TransactionLayer {
  return new Layer(options);
}

type AnyServerTransaction = InviteServerTransaction | OtherServerTransaction;
type AnyClientTransaction = InviteClientTransaction | OtherClientTransaction;

class Layer implements TransactionLayer {
  readonly #options: TransactionLayerOptions;
  readonly #servers = new Map<string, AnyServerTransaction>();
  readonly #clients = new Map<string, AnyClientTransaction>();

  constructor(options: TransactionLayerOptions) {
    this.#options = options;
  }

  receive(received: Received): void {
    if (isResponse(received)) this.#clients.get(clientKey(received.message))?.receive(received);
    else if (isRequest(received)) this.#receiveRequest(received);
  }

  send(
    request: SipRequest,
    target: Hop,
    listener: ClientListener,
    options: SendOptions = {},
  ): ClientTransaction {
    if (request.method === 'ACK') throw new TransactionError('an ACK has no transaction');
    return this.#start(this.#withVia(request, target, options), target, listener);
  }

  sendStateless<M extends SipMessage>(message: M, target: Hop, options: SendOptions = {}): M {
    const sent = message.kind === 'request' ? this.#withVia(message, target, options) : message;
    this.#options.transports.send(sent, target, () => undefined);
    return sent;
  }

  counts(): { readonly client: number; readonly server: number } {
    return { client: this.#clients.size, server: this.#servers.size };
  }

  async close(): Promise<void> {
    for (const transaction of [...this.#servers.values(), ...this.#clients.values()]) {
      transaction.terminate();
    }
    await this.#options.transports.close();
  }

  #withVia<M extends SipMessage>(message: M, target: Hop, options: SendOptions): M {
    const local = this.#options.transports.localFor(target);
    const branch = options.branch ?? `${BRANCH_COOKIE}${this.#options.ids()}`;
    return prependHeader(message, 'Via', formatVia(viaFrom(local, target.protocol, branch)));
  }

  #start(request: SipRequest, target: Hop, listener: ClientListener): AnyClientTransaction {
    const key = clientKey(request);
    if (this.#clients.has(key)) throw new TransactionError('branch is in use');
    const environment: ClientEnvironment = {
      clock: this.#options.clock,
      timers: this.#options.timers,
      send: (message, hop, failed) => this.#options.transports.send(message, hop, failed),
      startCancel: (cancel, hop) => this.#start(cancel, hop, NOBODY),
      ended: () => this.#clients.delete(key),
    };
    const sending = { id: this.#options.ids(), request, target };
    const transaction =
      request.method === 'INVITE'
        ? new InviteClientTransaction(sending, listener, environment)
        : new OtherClientTransaction(sending, listener, environment);
    this.#clients.set(key, transaction);
    try {
      transaction.start();
    } catch (error) {
      transaction.terminate();
      throw error;
    }
    return transaction;
  }

  #receiveRequest(received: Received<SipRequest>): void {
    const { method } = received.message;
    const key = serverKey(received.message);
    const known = this.#servers.get(key);
    if (method === 'ACK') {
      const forUser = known instanceof InviteServerTransaction ? known.acknowledged() : true;
      if (forUser) this.#options.user.ack(received);
    } else if (known !== undefined) known.repeated();
    else this.#newRequest(received, key);
  }

  #newRequest(received: Received<SipRequest>, key: string): void {
    const request = received.message;
    if (this.#servers.size >= (this.#options.maxServerTransactions ?? 20_000)) {
      const busy = responseTo(request, 503, { toTag: this.#options.ids() });
      this.#options.transports.respond(busy, received, () => undefined);
      return;
    }
    const environment: ServerEnvironment = {
      clock: this.#options.clock,
      timers: this.#options.timers,
      send: (response, to, failed) => this.#options.transports.respond(response, to, failed),
      ended: () => this.#servers.delete(key),
    };
    const id = this.#options.ids();
    if (request.method === 'INVITE') {
      const transaction = new InviteServerTransaction(id, received, environment);
      this.#servers.set(key, transaction);
      transaction.startTrying(responseTo(request, 100));
      this.#options.user.request(transaction);
      return;
    }
    const transaction = new OtherServerTransaction(id, received, environment);
    this.#servers.set(key, transaction);
    transaction.startExpiry();
    if (request.method !== 'CANCEL') this.#options.user.request(transaction);
    else {
      const invite = this.#servers.get(serverKey(request, 'INVITE'));
      this.#options.user.cancel(transaction, invite);
    }
  }
}

/** Listens for a CANCEL: only what becomes of the INVITE matters. */
const NOBODY: ClientListener = {
  response: () => undefined,
  timeout: () => undefined,
  transportError: () => undefined,
};

function isRequest(received: Received): received is Received<SipRequest> {
  return received.message.kind === 'request';
}

function isResponse(received: Received): received is Received<SipResponse> {
  return received.message.kind === 'response';
}
