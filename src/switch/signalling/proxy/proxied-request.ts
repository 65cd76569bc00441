import type { ProxyCommand } from '../../../protocol/drachtio/command.ts';
import { proxiedFields } from '../../../protocol/drachtio/event.ts';
import { parseAddressList } from '../../../protocol/sip/address.ts';
import { header, headers } from '../../../protocol/sip/headers.ts';
import type { SipResponse } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import { withoutTopVia } from '../../../protocol/sip/via-stack.ts';
import type { Received } from '../../sip/hop.ts';
import type { ClientListener, ServerTransaction } from '../../sip/transactions.ts';
import { tryRespond, trySend } from '../attempts.ts';
import {
  type CommandOrigin,
  receivedMeta,
  replyNok,
  replyOk,
} from '../control/application-link.ts';
import type { Environment } from '../environment.ts';
import { refuse } from '../incoming/new-requests.ts';
import { findWay, type Way } from '../network/hop-resolver.ts';
import { proxiedRequest } from './proxied-message.ts';
import { bestRefusal, newTarget, type ProxyTarget, parseTimeoutMs } from './proxy-target.ts';

const MAX_TARGETS = 200;

/** A request on its way through the server to one or more targets (RFC 3261 section 16). */
export class ProxiedRequest {
  readonly #origin: CommandOrigin;
  readonly #command: ProxyCommand;
  readonly #transaction: ServerTransaction;
  readonly #environment: Environment;
  readonly #ended: () => void;
  readonly #targets: ProxyTarget[];
  /** False once a final response went upstream: no further target is tried. */
  #searching = true;
  #told = false;

  /** `ended` is called once, when the caller has its final response. */
  constructor(
    origin: CommandOrigin,
    command: ProxyCommand,
    transaction: ServerTransaction,
    environment: Environment,
    ended: () => void,
  ) {
    this.#origin = origin;
    this.#command = command;
    this.#transaction = transaction;
    this.#environment = environment;
    this.#ended = ended;
    this.#targets = command.targets.map(newTarget);
  }

  /** Sends to the first target, or to all. */
  start(): void {
    const { message } = this.#transaction.received;
    if (Number(header(message, 'Max-Forwards') ?? '70') <= 0) {
      replyNok(this.#origin, 'Rejected with 483 Too Many Hops due to Max-Forwards value of 0');
      this.#refuse(483);
      return;
    }
    this.#startNext();
    if (
      this.#targets.every((target) => target.state === 'done' && target.transaction === undefined)
    ) {
      replyNok(this.#origin, 'error proxying request to ');
      this.#told = true;
      if (this.#searching) this.#refuse(500);
    } else if (!this.#command.fullResponse) this.#tellDone();
  }

  /** The caller cancels: both it and the INVITE are answered here, and the targets cancelled. */
  cancel(cancel: ServerTransaction): void {
    const toTag = this.#environment.ids.token();
    tryRespond(cancel, responseTo(cancel.received.message, 200, { toTag }), this.#environment);
    const { message } = this.#transaction.received;
    this.#end(responseTo(message, 487, { toTag }));
    this.#cancelTargets();
    if (this.#targets.every((target) => target.state === 'done')) this.#tellDone();
  }

  /** Stops every timer, when the server closes. */
  stop(): void {
    for (const target of this.#targets) target.stopTimers();
  }

  #startNext(): void {
    const serial = this.#command.forking === 'serial';
    for (const target of this.#targets) {
      if (!this.#searching) return;
      if (target.state !== 'waiting') continue;
      target.state = 'calling';
      findWay(target.uri, this.#environment.listeners, (way) => {
        if (typeof way === 'string') target.state = 'done';
        else this.#send(target, way);
      });
      // A look-up of a name leaves it calling without a transaction yet.
      if (serial && !isDone(target)) return;
    }
  }

  #send(target: ProxyTarget, way: Way): void {
    const { message } = this.#transaction.received;
    const { environment } = { environment: this.#environment };
    const request = proxiedRequest(
      message,
      { uri: target.uri, listener: way.listener },
      {
        recordRoute: this.#command.remainInDialog,
        given: this.#command.sip.headers,
        listeners: environment.listeners,
      },
    );
    const transaction = trySend(request, way.hop, this.#listener(target), environment);
    if (transaction === undefined) {
      target.state = 'done';
      return;
    }
    target.transaction = transaction;
    if (message.method === 'INVITE')
      environment.records.attempt('application', transaction.request);
    this.#startTimers(target);
  }

  #startTimers(target: ProxyTarget): void {
    const { clock, timers } = this.#environment;
    const invite = this.#transaction.received.message.method === 'INVITE';
    const provisionalMs = parseTimeoutMs(this.#command.provisionalTimeout);
    const finalMs =
      parseTimeoutMs(this.#command.finalTimeout) ?? (invite ? timers.proxyInviteMs : undefined);
    const giveUp = (): void => {
      target.transaction?.cancel();
      this.#targetOver(target);
    };
    const stops = [
      provisionalMs === undefined
        ? () => undefined
        : clock.after(provisionalMs, () => {
            if (target.state === 'calling') giveUp();
          }),
      finalMs === undefined ? () => undefined : clock.after(finalMs, giveUp),
    ];
    target.stopTimers = () => {
      for (const stop of stops) stop();
    };
  }

  #listener(target: ProxyTarget): ClientListener {
    return {
      response: (received) => this.#response(target, received),
      timeout: () => this.#targetOver(target),
      transportError: () => this.#targetOver(target),
    };
  }

  #response(target: ProxyTarget, received: Received<SipResponse>): void {
    const { status } = received.message;
    if (target.state === 'calling') target.state = 'proceeding';
    if (status === 100) return;
    if (status < 200) {
      if (this.#searching) this.#forward(received.message);
    } else if (status < 300) this.#success(target, received);
    else this.#refusal(target, received);
  }

  #success(target: ProxyTarget, received: Received<SipResponse>): void {
    const repeated = !this.#searching;
    target.stopTimers();
    target.state = 'done';
    this.#forward(received.message);
    if (repeated) return;
    const { records } = this.#environment;
    const invite = this.#transaction.received.message.method === 'INVITE';
    if (invite) records.start('network', 'proxy-uac', received.message);
    this.#tellFinal(received);
    this.#searching = false;
    this.#cancelTargets();
    this.#tellDone();
    if (invite) records.start('application', 'proxy-uas', withoutTopVia(received.message));
    this.#ended();
  }

  #refusal(target: ProxyTarget, received: Received<SipResponse>): void {
    const { message } = received;
    if (target.state === 'done') return;
    target.refusal = received;
    if (this.#transaction.received.message.method === 'INVITE')
      this.#environment.records.refused('network', message);
    if (this.#command.followRedirects && message.status < 400) this.#addRedirects(target, message);
    this.#tellFinal(received);
    const challenged = message.status === 401 || message.status === 407;
    if (challenged && this.#searching) this.#finishWithBest();
    this.#targetOver(target);
  }

  /** The Contacts of a 3xx become the next targets. */
  #addRedirects(target: ProxyTarget, redirect: SipResponse): void {
    const uris = headers(redirect, 'Contact')
      .filter((value) => value !== '*')
      .flatMap((value) => parseAddressList(value).map(({ uri }) => uri));
    const room = MAX_TARGETS - this.#targets.length;
    const fresh = uris
      .filter((uri) => this.#targets.every((other) => other.uri !== uri))
      .slice(0, Math.max(room, 0));
    this.#targets.splice(this.#targets.indexOf(target) + 1, 0, ...fresh.map(newTarget));
  }

  /** A target refused, or did not answer in time. */
  #targetOver(target: ProxyTarget): void {
    if (target.state === 'done') return;
    target.stopTimers();
    target.state = 'done';
    this.#startNext();
    const open = this.#targets.some(({ state }) => state === 'calling' || state === 'proceeding');
    if (open) return;
    if (this.#searching) this.#finishWithBest();
    else this.#tellDone();
  }

  #finishWithBest(): void {
    const { message } = this.#transaction.received;
    const best = bestRefusal(this.#targets);
    const toTag = this.#environment.ids.token();
    if (best === undefined) this.#end(responseTo(message, 408, { toTag }));
    else this.#end(withoutTopVia(best), best.status === 487 ? 'call-canceled' : 'call-rejected');
    this.#cancelTargets();
    this.#tellDone();
  }

  #refuse(status: number): void {
    this.#searching = false;
    refuse(this.#transaction, status, this.#environment);
    this.#ended();
  }

  /** Sends the final response upstream. To drachtio-server, one of its own is always a rejection. */
  #end(response: SipResponse, reason: 'call-canceled' | 'call-rejected' = 'call-rejected'): void {
    if (!this.#searching) return;
    this.#searching = false;
    this.#forward(response, 'as it is');
    if (this.#transaction.received.message.method === 'INVITE') {
      this.#environment.records.stop('application', reason, response);
    }
    this.#ended();
  }

  #forward(response: SipResponse, form?: 'as it is'): void {
    if (this.#transaction.state === 'terminated') return;
    tryRespond(
      this.#transaction,
      form === undefined ? withoutTopVia(response) : response,
      this.#environment,
    );
  }

  /** From here on the transaction layer sees to it that a cancelled target ends. */
  #cancelTargets(): void {
    for (const target of this.#targets) {
      target.stopTimers();
      if (target.state === 'waiting') target.state = 'done';
      else if (target.state !== 'done') target.transaction?.cancel();
    }
  }

  /** Shows the application a target's final response, if it wants them. */
  #tellFinal(received: Received<SipResponse>): void {
    if (!this.#command.fullResponse || this.#told) return;
    const meta = receivedMeta(received, this.#environment.clock);
    replyOk(this.#origin, proxiedFields(meta), serializeSipMessage(received.message));
  }

  #tellDone(): void {
    if (this.#told) return;
    this.#told = true;
    replyOk(this.#origin, ['done']);
  }
}

function isDone(target: ProxyTarget): boolean {
  return target.state === 'done';
}
