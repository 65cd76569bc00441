import { ackOfRefusal, cancelOf } from '../../protocol/sip/follow-up.ts';
import type { Header, SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { type Clock, lifetimeMs, type SipTimers } from './clock.ts';
import type { Hop, Received } from './hop.ts';
import { TimerSet } from './timer-set.ts';
import type { ClientListener, ClientTransaction } from './transactions.ts';

/** What a client transaction needs from its layer. */
export interface ClientEnvironment {
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** Puts a request on the wire; a failure is told later by `failed`. */
  send(request: SipRequest, target: Hop, failed: (error: Error) => void): void;
  /** Runs a CANCEL as a transaction of its own, whose outcome nobody waits for. */
  startCancel(request: SipRequest, target: Hop): void;
  /** The transaction is over: forget it. */
  ended(transaction: ClientTransaction): void;
}

/** What both kinds of client transaction share: sending, giving up, the end. */
abstract class BaseClientTransaction implements ClientTransaction {
  readonly id: string;
  readonly request: SipRequest;
  readonly target: Hop;
  protected readonly environment: ClientEnvironment;
  protected readonly listener: ClientListener;
  protected readonly timers: TimerSet;
  protected readonly reliable: boolean;
  #terminated = false;

  constructor(
    sending: { readonly id: string; readonly request: SipRequest; readonly target: Hop },
    listener: ClientListener,
    environment: ClientEnvironment,
  ) {
    this.id = sending.id;
    this.request = sending.request;
    this.target = sending.target;
    this.listener = listener;
    this.environment = environment;
    this.timers = new TimerSet(environment.clock);
    this.reliable = sending.target.protocol !== 'udp';
  }

  /** Sends the request for the first time. */
  abstract start(): void;

  abstract cancel(extraHeaders?: readonly Header[]): void;

  /** A response that matches came. */
  abstract receive(received: Received<SipResponse>): void;

  /** Stops all timers; nothing more is sent or told. */
  terminate(): void {
    if (this.#terminated) return;
    this.#terminated = true;
    this.timers.stopAll();
    this.environment.ended(this);
  }

  protected sendRequest(request: SipRequest): void {
    this.environment.send(request, this.target, (error) => {
      if (this.#terminated) return;
      this.terminate();
      this.listener.transportError(error);
    });
  }

  protected giveUp(): void {
    this.terminate();
    this.listener.timeout();
  }
}

/**
 * INVITE (RFC 3261 section 17.1.1 with RFC 6026 section 7.2):
 * ```
 * calling (A repeats) ─1xx▶ proceeding ─2xx▶ accepted ─M▶ terminated
 *    │ └────────────────────────┴─300-699▶ completed (ACK sent) ─D▶ terminated
 *    └─B▶ terminated
 * ```
 */
export class InviteClientTransaction extends BaseClientTransaction {
  #state: 'calling' | 'proceeding' | 'accepted' | 'completed' = 'calling';
  #cancelHeaders: readonly Header[] | undefined;
  #ack: SipRequest | undefined;

  override start(): void {
    const { timers } = this.environment;
    this.timers.start('B', lifetimeMs(timers), () => this.giveUp());
    if (!this.reliable) {
      this.timers.startBackOff(
        'A',
        timers.inviteT1Ms ?? timers.t1Ms,
        Number.POSITIVE_INFINITY,
        () => this.sendRequest(this.request),
      );
    }
    this.sendRequest(this.request);
  }

  override cancel(extraHeaders: readonly Header[] = []): void {
    if (this.#cancelHeaders !== undefined) return;
    this.#cancelHeaders = extraHeaders;
    if (this.#state === 'proceeding') this.#sendCancel();
  }

  override receive(received: Received<SipResponse>): void {
    const { status } = received.message;
    if (this.#state === 'completed') {
      if (status >= 300 && this.#ack !== undefined) this.sendRequest(this.#ack);
      return;
    }
    if (this.#state === 'accepted') {
      if (status >= 200 && status < 300) this.listener.response(received);
      return;
    }
    if (status < 200) this.#proceed();
    else if (status < 300) this.#accept();
    else this.#complete(received.message);
    this.listener.response(received);
  }

  #proceed(): void {
    const first = this.#state === 'calling';
    this.#state = 'proceeding';
    if (!first) return;
    this.timers.stop('A');
    this.timers.stop('B');
    if (this.#cancelHeaders !== undefined) this.#sendCancel();
  }

  #accept(): void {
    this.#state = 'accepted';
    this.timers.stopAll();
    this.timers.start('M', lifetimeMs(this.environment.timers), () => this.terminate());
  }

  #complete(response: SipResponse): void {
    this.#state = 'completed';
    this.timers.stopAll();
    this.#ack = ackOfRefusal(this.request, response);
    this.sendRequest(this.#ack);
    if (this.reliable) this.terminate();
    else {
      // Timer D: at least 32 s over UDP, so that every repetition is acknowledged.
      this.timers.start('D', lifetimeMs(this.environment.timers), () => this.terminate());
    }
  }

  #sendCancel(): void {
    this.environment.startCancel(cancelOf(this.request, this.#cancelHeaders), this.target);
    this.timers.start('cancelled', lifetimeMs(this.environment.timers), () => this.giveUp());
  }
}

/**
 * Any other request (RFC 3261 section 17.1.2):
 * ```
 * trying (E repeats) ─1xx▶ proceeding (E repeats at T2) ─200-699▶ completed ─K▶ terminated
 *    └───────────────────────┴─F▶ terminated
 * ```
 */
export class OtherClientTransaction extends BaseClientTransaction {
  #state: 'trying' | 'proceeding' | 'completed' = 'trying';

  override start(): void {
    const { timers } = this.environment;
    this.timers.start('F', lifetimeMs(timers), () => this.giveUp());
    this.#repeatAfter(timers.t1Ms);
    this.sendRequest(this.request);
  }

  override cancel(): void {
    // RFC 3261 section 9.1: only an INVITE is worth cancelling.
  }

  override receive(received: Received<SipResponse>): void {
    if (this.#state === 'completed') return;
    if (received.message.status < 200) {
      if (this.#state === 'trying') this.#repeatAfter(this.environment.timers.t2Ms);
      this.#state = 'proceeding';
    } else {
      this.#state = 'completed';
      this.timers.stopAll();
      if (this.reliable) this.terminate();
      else this.timers.start('K', this.environment.timers.t4Ms, () => this.terminate());
    }
    this.listener.response(received);
  }

  #repeatAfter(delayMs: number): void {
    if (this.reliable) return;
    const { t2Ms } = this.environment.timers;
    this.timers.startBackOff('E', delayMs, t2Ms, () => this.sendRequest(this.request));
  }
}
