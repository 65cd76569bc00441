import type { SipResponse } from '../../../protocol/sip/message.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import type { Client } from '../control/clients.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { ReliableProvisionals } from './reliable-provisionals.ts';

/** A request of the network that an application has been given to answer. */
export interface IncomingRequest {
  /** As the application knows it. */
  readonly transactionId: string;
  readonly transaction: ServerTransaction;
  readonly client: Client;
  /** `initial`: it came outside of any dialog. `in-dialog`: inside one, `dialog` then says which. */
  readonly kind: 'initial' | 'in-dialog';
  /** Made by the application's first answer to an INVITE or SUBSCRIBE. */
  dialog: Dialog | undefined;
  /** What was last sent; none while only 100 was. */
  lastResponse: SipResponse | undefined;
  /** Sending of reliable provisional responses, once there was one. */
  reliable: ReliableProvisionals | undefined;
  /** An UPDATE of the caller during the INVITE; it goes by the INVITE's transaction id. */
  update: ServerTransaction | undefined;
  /** Stops whatever timer limits its life. */
  stopTimer: () => void;
}

/** The requests which applications have still to answer, and INVITEs until their ACK. */
export class IncomingTable {
  readonly #byId = new Map<string, IncomingRequest>();
  readonly #byTransaction = new Map<string, IncomingRequest>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byId.size;
  }

  get full(): boolean {
    return this.#byId.size >= this.#limit;
  }

  add(request: IncomingRequest): void {
    this.#byId.set(request.transactionId, request);
    this.#byTransaction.set(request.transaction.id, request);
  }

  byId(transactionId: string): IncomingRequest | undefined {
    return this.#byId.get(transactionId);
  }

  /** By the id that the transaction layer gave. */
  byTransaction(id: string): IncomingRequest | undefined {
    return this.#byTransaction.get(id);
  }

  /** Those that a client was given. */
  of(client: Client): IncomingRequest[] {
    return [...this.#byId.values()].filter((request) => request.client === client);
  }

  /** Forgets a request and stops its timers; no harm if it is gone. */
  remove(request: IncomingRequest): void {
    request.stopTimer();
    request.reliable?.stop();
    this.#byId.delete(request.transactionId);
    this.#byTransaction.delete(request.transaction.id);
  }

  clear(): void {
    for (const request of this.#byId.values()) this.remove(request);
  }
}
