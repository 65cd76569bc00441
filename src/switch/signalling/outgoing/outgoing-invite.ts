import { parseAddress, tagOf } from '../../../protocol/sip/address.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { SipResponse } from '../../../protocol/sip/message.ts';
import type { Received } from '../../sip/hop.ts';
import type { ClientListener, ClientTransaction } from '../../sip/transactions.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { hostOf } from '../dialog/dialog-creation.ts';
import { contactUri, repeatAck, routeValues } from '../dialog/dialog-requests.ts';
import { sessionExpiresOf, startSessionTimer } from '../dialog/session-timer.ts';
import type { Environment } from '../environment.ts';
import type { Way } from '../network/hop-resolver.ts';
import { isPrivateAddress } from '../network/listeners.ts';
import { tellMadeUpResponse, tellResponse } from './outgoing-responses.ts';

/** An application's INVITE or SUBSCRIBE outside of a dialog, from its sending to its final response. */
export class OutgoingInvite implements ClientListener {
  readonly #dialog: Dialog;
  readonly #way: Way;
  readonly #environment: Environment;
  /** CSeq number of the request; a PRACK has a later one. */
  readonly #sequence: number;
  #transaction: ClientTransaction | undefined;
  #known = false;

  constructor(dialog: Dialog, way: Way, environment: Environment) {
    this.#dialog = dialog;
    this.#way = way;
    this.#environment = environment;
    this.#sequence = dialog.localSequence;
  }

  /** The request went out by this transaction. */
  sent(transaction: ClientTransaction): void {
    this.#transaction = transaction;
    const { client, transactionId, method } = this.#dialog;
    this.#environment.outgoing.add({
      transactionId,
      client,
      method,
      transaction,
      dialog: this.#dialog,
      cancelled: false,
    });
  }

  response(received: Received<SipResponse>): void {
    const { status } = received.message;
    const dialog = this.#dialog;
    if (status === 100) return;
    if (dialog.status >= 200) {
      // The 200 again: our ACK was lost, or the application's has not come yet.
      repeatAck(dialog, this.#environment);
      return;
    }
    dialog.status = status;
    if (status < 200) this.#provisional(received);
    else if (status < 300) this.#success(received);
    else this.#failure(received.message);
    tellResponse(this.#told(), received, this.#environment);
    this.#record(received.message);
  }

  timeout(): void {
    this.#madeUp(408);
  }

  transportError(): void {
    this.#madeUp(503);
  }

  #told(): {
    readonly client: Dialog['client'];
    readonly transactionId: string;
    readonly dialogId: string;
  } {
    const { client, transactionId, id } = this.#dialog;
    return { client, transactionId, dialogId: id };
  }

  #madeUp(status: 408 | 503): void {
    const request = this.#transaction?.request;
    if (request === undefined || this.#dialog.status >= 200) return;
    const sent = { request, protocol: this.#way.hop.protocol, status };
    const response = tellMadeUpResponse(this.#told(), sent, this.#environment);
    this.#failure(response);
    this.#record(response);
  }

  /** Only a reliable provisional response makes the dialog known (RFC 3262). */
  #provisional(received: Received<SipResponse>): void {
    if (header(received.message, 'RSeq') !== undefined) this.#establish(received);
  }

  #success(received: Received<SipResponse>): void {
    const dialog = this.#dialog;
    const { outgoing } = this.#environment;
    dialog.byeAfterAck = outgoing.byId(dialog.transactionId)?.cancelled ?? false;
    outgoing.remove(dialog.transactionId);
    this.#establish(received);
    if (dialog.method !== 'INVITE') return;
    dialog.unacknowledgedSequence = this.#sequence;
    const agreed = sessionExpiresOf(received.message);
    if (agreed === undefined) return;
    startSessionTimer(
      dialog,
      agreed.seconds,
      agreed.refresher === 'uas' ? 'them' : 'us',
      this.#environment,
    );
  }

  #failure(response: SipResponse): void {
    this.#dialog.status = response.status;
    this.#environment.outgoing.remove(this.#dialog.transactionId);
    this.#environment.dialogs.remove(this.#dialog);
  }

  #establish(received: Received<SipResponse>): void {
    const dialog = this.#dialog;
    const response = received.message;
    const to = header(response, 'To') ?? dialog.remote;
    dialog.remote = to;
    dialog.remoteTag = tagOf(to) ?? '';
    dialog.remoteTarget = contactUri(response) ?? dialog.remoteTarget;
    dialog.routeSet = routeValues(response, 'Record-Route').toReversed();
    dialog.fixedHop = this.#fixedHop(received);
    if (!this.#known) this.#environment.dialogs.add(dialog);
    this.#known = true;
    this.#environment.dialogs.establish(dialog);
  }

  /** Over TCP the connection is kept; over UDP a peer behind a NAT is reached where it answered from. */
  #fixedHop(received: Received<SipResponse>): Dialog['fixedHop'] {
    const { source } = received;
    if (source.protocol === 'tcp') return source;
    const [route] = this.#dialog.routeSet;
    const { remoteTarget } = this.#dialog;
    if (route !== undefined)
      return isPrivateAddress(hostOf(parseAddress(route).uri)) ? source : undefined;
    return remoteTarget !== undefined && hostOf(remoteTarget) !== source.address
      ? source
      : undefined;
  }

  #record(response: SipResponse): void {
    if (this.#dialog.method !== 'INVITE' || response.status < 200) return;
    if (response.status < 300) this.#environment.records.start('network', 'uac', response);
    else this.#environment.records.refused('network', response);
  }
}
