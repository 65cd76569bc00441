import type { SipRequest } from '../../../protocol/sip/message.ts';
import type { Hop } from '../../sip/hop.ts';
import type { ClientTransaction } from '../../sip/transactions.ts';
import type { Client } from '../control/clients.ts';
import type { IncomingRequest } from '../incoming/incoming-table.ts';
import type { Listener } from '../network/listeners.ts';

/** Which end of the initial request this server was. */
export type DialogRole = 'uas' | 'uac';

/** A dialog (RFC 3261 section 12), early or confirmed, made by INVITE or SUBSCRIBE. */
export interface Dialog {
  /** `<Call-ID>;from-tag=<From tag of the initial request>`, whichever end made it. */
  readonly id: string;
  readonly role: DialogRole;
  readonly method: 'INVITE' | 'SUBSCRIBE';
  readonly callId: string;
  readonly localTag: string;
  /** From or To of requests that are sent, with its tag. */
  readonly local: string;
  /** The other end's, with its tag as soon as it has one. */
  remote: string;
  remoteTag: string | undefined;
  /** The transaction id of the initial request, as the application knows it. */
  readonly transactionId: string;
  readonly client: Client;
  readonly listener: Listener;
  /** The value of Contact in requests of ours. */
  localContact: string;
  /** URI of the other end's Contact; none if it sent no Contact. */
  remoteTarget: string | undefined;
  /** Route values for requests of ours, in order. */
  routeSet: readonly string[];
  /** Where to send, against what route set and target say: the other end is behind a NAT, or on this connection. */
  fixedHop: Hop | undefined;
  /** CSeq number of the last request we sent. */
  localSequence: number;
  /** Status of the last response to the initial request. */
  status: number;
  /** Set up: answered with 2xx, or by a reliable provisional response. */
  established: boolean;
  /** Requests of the other end which the application has still to answer. */
  readonly unanswered: Set<string>;
  /** The INVITE of the other end that was answered with 2xx and awaits its ACK. */
  answered: IncomingRequest | undefined;
  /** Our INVITE inside the dialog that has no final response yet. */
  reinvite: ClientTransaction | undefined;
  /** CSeq number of our INVITE that was answered with 200 and awaits the application's ACK. */
  unacknowledgedSequence: number | undefined;
  /** The ACK of our last INVITE, to be sent again when the 200 comes again. */
  sentAck: { readonly request: SipRequest; readonly hop: Hop } | undefined;
  /** The application cancelled its INVITE and the 200 came all the same: BYE follows the ACK. */
  byeAfterAck: boolean;
  /** The last SDP we sent, for refreshes by the session timer. */
  localSdp: Buffer;
  /** Ends the session timer, if one runs (RFC 4028). */
  stopSessionTimer: (() => void) | undefined;
  sessionExpiresSeconds: number;
}

/** The name of a dialog for applications. */
export function dialogIdOf(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

/** All dialogs, found by the name that applications use and by the tags of requests. */
export class DialogTable {
  readonly #byId = new Map<string, Dialog>();
  readonly #byCallId = new Map<string, Set<Dialog>>();
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** Is there no room, even after dialogs whose application is gone were dropped? */
  get full(): boolean {
    if (this.#size < this.#limit) return false;
    for (const dialogs of this.#byCallId.values()) {
      for (const dialog of dialogs) if (!dialog.client.connected) this.remove(dialog);
    }
    return this.#size >= this.#limit;
  }

  /** Makes a dialog known to requests of the network; to applications once it is `establish`ed. */
  add(dialog: Dialog): void {
    const others = this.#byCallId.get(dialog.callId);
    if (others === undefined) this.#byCallId.set(dialog.callId, new Set([dialog]));
    else others.add(dialog);
    this.#size++;
  }

  establish(dialog: Dialog): void {
    dialog.established = true;
    this.#byId.set(dialog.id, dialog);
  }

  /** Those that applications know, in no order. */
  established(): readonly Dialog[] {
    return [...this.#byId.values()];
  }

  /** Removes a dialog and ends its session timer; no harm if it is gone. */
  remove(dialog: Dialog): void {
    dialog.stopSessionTimer?.();
    dialog.stopSessionTimer = undefined;
    if (this.#byId.get(dialog.id) === dialog) this.#byId.delete(dialog.id);
    const others = this.#byCallId.get(dialog.callId);
    if (others === undefined || !others.delete(dialog)) return;
    if (others.size === 0) this.#byCallId.delete(dialog.callId);
    this.#size--;
  }

  byId(id: string): Dialog | undefined {
    return this.#byId.get(id);
  }

  /** The dialog that a request of the network belongs to (RFC 3261 section 12.2.2). */
  match(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    for (const dialog of this.#byCallId.get(callId) ?? []) {
      const sameRemote = dialog.remoteTag === undefined || dialog.remoteTag === remoteTag;
      if (dialog.localTag === localTag && sameRemote) return dialog;
    }
    return undefined;
  }

  /** Forgets everything. */
  clear(): void {
    for (const dialogs of this.#byCallId.values())
      for (const dialog of dialogs) dialog.stopSessionTimer?.();
    this.#byId.clear();
    this.#byCallId.clear();
    this.#size = 0;
  }
}
