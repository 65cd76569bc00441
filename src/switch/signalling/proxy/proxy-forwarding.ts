import type { SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { withoutTopVia } from '../../../protocol/sip/via-stack.ts';
import type { Received } from '../../sip/hop.ts';
import type {
  ClientListener,
  ClientTransaction,
  ServerTransaction,
} from '../../sip/transactions.ts';
import { tryRespond, trySend, trySendStateless } from '../attempts.ts';
import type { Environment } from '../environment.ts';
import { refuse } from '../incoming/new-requests.ts';
import { findWay } from '../network/hop-resolver.ts';
import { nextHopUri, withoutFirstRoute } from './proxied-message.ts';

/** Forwards requests inside dialogs in whose route the server put itself by Record-Route. */
export class ProxyForwarding {
  readonly #environment: Environment;
  /** INVITEs under way, by the id of their server transaction, so that a CANCEL can follow. */
  readonly #invites = new Map<string, ClientTransaction>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Forwards a request whose topmost Route is ours. */
  forward(transaction: ServerTransaction): void {
    const environment = this.#environment;
    const request = transaction.received.message;
    const forwarded = withoutFirstRoute(request);
    if (request.method === 'BYE') environment.records.stop('network', 'normal-release', request);
    findWay(nextHopUri(forwarded), environment.listeners, (way) => {
      if (typeof way === 'string') {
        refuse(transaction, 404, environment);
        return;
      }
      const sent = trySend(forwarded, way.hop, this.#listener(transaction), environment);
      if (sent === undefined) refuse(transaction, 503, environment);
      else if (request.method === 'INVITE') this.#invites.set(transaction.id, sent);
      if (sent !== undefined && request.method === 'BYE') {
        environment.records.stop('application', 'normal-release', sent.request);
      }
    });
  }

  /** Forwards the ACK of a 2xx whose topmost Route is ours. */
  forwardAck(received: Received<SipRequest>): void {
    const environment = this.#environment;
    const forwarded = withoutFirstRoute(received.message);
    findWay(nextHopUri(forwarded), environment.listeners, (way) => {
      if (typeof way !== 'string') trySendStateless(forwarded, way.hop, environment);
    });
  }

  /** Cancels a forwarded INVITE; false if this is none. */
  cancel(cancel: ServerTransaction, invite: ServerTransaction): boolean {
    const sent = this.#invites.get(invite.id);
    if (sent === undefined) return false;
    tryRespond(cancel, responseTo(cancel.received.message, 200), this.#environment);
    sent.cancel();
    return true;
  }

  #listener(transaction: ServerTransaction): ClientListener {
    const environment = this.#environment;
    const end = (status: 408 | 503): void => {
      this.#invites.delete(transaction.id);
      // No 408 to anything but INVITE: it would come too late (RFC 4320 section 4.2).
      if (transaction.received.message.method === 'INVITE' || status !== 408)
        refuse(transaction, status, environment);
      else transaction.terminate();
    };
    return {
      response: ({ message }: Received<SipResponse>) => {
        if (message.status === 100) return;
        if (message.status >= 200) this.#invites.delete(transaction.id);
        if (transaction.state !== 'terminated')
          tryRespond(transaction, withoutTopVia(message), environment);
      },
      timeout: () => end(408),
      transportError: () => end(503),
    };
  }
}
