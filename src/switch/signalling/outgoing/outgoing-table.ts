import type { ClientTransaction } from '../../sip/transactions.ts';
import type { Client } from '../control/clients.ts';
import type { Dialog } from '../dialog/dialog.ts';

/** A request of an application that has no final response yet. */
export interface OutgoingRequest {
  /** As the application knows it. */
  readonly transactionId: string;
  readonly client: Client;
  readonly method: string;
  readonly transaction: ClientTransaction;
  readonly dialog: Dialog | undefined;
  /** The application cancelled it. */
  cancelled: boolean;
}

/** The requests that applications have sent and whose final responses they wait for. */
export class OutgoingTable {
  readonly #byId = new Map<string, OutgoingRequest>();
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

  add(request: OutgoingRequest): void {
    this.#byId.set(request.transactionId, request);
  }

  byId(transactionId: string): OutgoingRequest | undefined {
    return this.#byId.get(transactionId);
  }

  remove(transactionId: string): void {
    this.#byId.delete(transactionId);
  }

  clear(): void {
    this.#byId.clear();
  }
}
