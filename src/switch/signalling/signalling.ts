import type { Command, ProxyCommand, RequestCommand } from '../../protocol/drachtio/command.ts';
import { tagOf } from '../../protocol/sip/address.ts';
import { header } from '../../protocol/sip/headers.ts';
import type { SipRequest } from '../../protocol/sip/message.ts';
import type { Received } from '../sip/hop.ts';
import type { ServerTransaction, TransactionUser } from '../sip/transactions.ts';
import { type CommandOrigin, replyNok, replyOk } from './control/application-link.ts';
import type { Client } from './control/clients.ts';
import { type Dialog, dialogIdOf } from './dialog/dialog.ts';
import { hasGoodRoutes } from './dialog/dialog-requests.ts';
import { takeAck, takeInDialogRequest } from './dialog/in-dialog-requests.ts';
import { sendInsideDialog } from './dialog/inside-requests.ts';
import type { Environment } from './environment.ts';
import { takeCancel } from './incoming/cancels.ts';
import { refuse, takeNewRequest } from './incoming/new-requests.ts';
import { respond } from './incoming/responses.ts';
import { cancelInvite } from './outgoing/cancel-commands.ts';
import { sendOutsideDialog } from './outgoing/outside-requests.ts';
import { isRoutedByUs } from './proxy/proxied-message.ts';
import { ProxiedRequest } from './proxy/proxied-request.ts';
import { ProxyForwarding } from './proxy/proxy-forwarding.ts';

/** Sorts what comes in: requests of the network to dialogs, proxies and applications; commands to what carries them out. */
export class Signalling implements TransactionUser {
  readonly #environment: Environment;
  readonly #forwarding: ProxyForwarding;
  /** Requests being proxied, by the id of their server transaction. */
  readonly #proxied = new Map<string, ProxiedRequest>();

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#forwarding = new ProxyForwarding(environment);
  }

  request(transaction: ServerTransaction): void {
    const { message } = transaction.received;
    const dialog = this.#dialogOf(message);
    if (dialog !== undefined) takeInDialogRequest(dialog, transaction, this.#environment);
    else if (!hasGoodRoutes(message)) refuse(transaction, 400, this.#environment);
    else if (this.#isMerged(message)) refuse(transaction, 491, this.#environment);
    else if (this.#isForForwarding(message)) this.#forwarding.forward(transaction);
    else takeNewRequest(transaction, this.#environment);
  }

  ack(received: Received<SipRequest>): void {
    const dialog = this.#dialogOf(received.message);
    if (dialog !== undefined) takeAck(dialog, received, this.#environment);
    else if (hasGoodRoutes(received.message) && this.#isForForwarding(received.message))
      this.#forwarding.forwardAck(received);
  }

  cancel(cancel: ServerTransaction, invite: ServerTransaction | undefined): void {
    const incoming = invite && this.#environment.incoming.byTransaction(invite.id);
    const proxied = invite && this.#proxied.get(invite.id);
    if (incoming !== undefined) takeCancel(cancel, incoming, this.#environment);
    else if (proxied !== undefined) proxied.cancel(cancel);
    else if (invite === undefined || !this.#forwarding.cancel(cancel, invite))
      refuse(cancel, 481, this.#environment);
  }

  /** Carries out an application's command; `authenticate` is the connection's own business. */
  command(client: Client, command: Exclude<Command, { type: 'authenticate' }>): void {
    const origin = { client, messageId: command.messageId };
    const { clients } = this.#environment;
    switch (command.type) {
      case 'ping':
        replyOk(origin, ['pong']);
        return;
      case 'route':
        if (clients.addRoute(client, command.verb)) replyOk(origin);
        else replyNok(origin, 'Route request includes unsupported verb');
        return;
      case 'remove_route':
        clients.removeRoutes(client);
        replyOk(origin);
        return;
      case 'response':
        respond(origin, command, this.#environment);
        return;
      case 'request':
        this.#send(origin, command);
        return;
      case 'proxy':
        this.#proxy(origin, command);
    }
  }

  /**
   * An application is gone. The callers it left waiting are told nothing, as drachtio-server does it; after a while
   * their requests are forgotten.
   */
  lost(client: Client): void {
    const { incoming, dialogs, clock, timers } = this.#environment;
    for (const request of incoming.of(client)) {
      const { dialog, transaction } = request;
      if (request.kind !== 'initial' || (dialog?.status ?? 0) >= 200) continue;
      request.stopTimer();
      request.stopTimer = clock.after(timers.applicationMs, () => {
        incoming.remove(request);
        if (dialog !== undefined) dialogs.remove(dialog);
        transaction.terminate();
      });
    }
  }

  /** Stops what still runs by timers of its own. */
  close(): void {
    for (const proxied of this.#proxied.values()) proxied.stop();
    this.#proxied.clear();
  }

  #send(origin: CommandOrigin, command: RequestCommand): void {
    if (command.dialogId !== '') {
      sendInsideDialog(origin, command, command.dialogId, this.#environment);
    } else if (command.transactionId !== '') cancelInvite(origin, command, this.#environment);
    else sendOutsideDialog(origin, command, this.#environment);
  }

  #proxy(origin: CommandOrigin, command: ProxyCommand): void {
    const incoming = this.#environment.incoming.byId(command.transactionId);
    if (incoming === undefined || incoming.kind !== 'initial' || incoming.dialog !== undefined) {
      replyNok(origin, `Unknown transaction id: ${command.transactionId}`);
      return;
    }
    if (this.#proxied.size >= this.#environment.limits.proxies) {
      replyNok(origin, 'error proxying request to ');
      return;
    }
    const { transaction } = incoming;
    this.#environment.incoming.remove(incoming);
    const proxied = new ProxiedRequest(origin, command, transaction, this.#environment, () =>
      this.#proxied.delete(transaction.id),
    );
    this.#proxied.set(transaction.id, proxied);
    proxied.start();
  }

  /** Is this a request in a dialog in whose route we are by Record-Route? */
  #isForForwarding(request: SipRequest): boolean {
    return (
      tagOf(header(request, 'To') ?? '') !== undefined &&
      isRoutedByUs(request, this.#environment.listeners)
    );
  }

  /** Did this INVITE come before by another way (RFC 3261 section 8.2.2.2), and was answered? */
  #isMerged(request: SipRequest): boolean {
    if (request.method !== 'INVITE' || tagOf(header(request, 'To') ?? '') !== undefined)
      return false;
    const fromTag = tagOf(header(request, 'From') ?? '') ?? '';
    const dialog = this.#environment.dialogs.byId(
      dialogIdOf(header(request, 'Call-ID') ?? '', fromTag),
    );
    return dialog?.role === 'uas' && dialog.status >= 200;
  }

  #dialogOf(request: SipRequest): Dialog | undefined {
    const toTag = tagOf(header(request, 'To') ?? '');
    if (toTag === undefined) return undefined;
    const fromTag = tagOf(header(request, 'From') ?? '') ?? '';
    return this.#environment.dialogs.match(header(request, 'Call-ID') ?? '', toTag, fromTag);
  }
}
