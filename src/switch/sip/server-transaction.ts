import type { SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { type Clock, lifetimeMs, type SipTimers } from './clock.ts';
import { TransactionError } from './errors.ts';
import type { Received } from './hop.ts';
import { TimerSet } from './timer-set.ts';
import type { ServerState, ServerTransaction } from './transactions.ts';

/** What a server transaction needs from its layer. */
export interface ServerEnvironment {
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** Puts a response on the wire; a failure is told later by `failed`. */
  send(response: SipResponse, received: Received<SipRequest>, failed: () => void): void;
  /** The transaction is over: forget it. */
  ended(transaction: ServerTransaction): void;
}

/** What both kinds of server transaction share: the last response, its repetition, the end. */
abstract class BaseServerTransaction implements ServerTransaction {
  readonly id: string;
  readonly received: Received<SipRequest>;
  protected readonly environment: ServerEnvironment;
  protected readonly timers: TimerSet;
  protected readonly reliable: boolean;
  #state: ServerState = 'trying';
  #last: SipResponse | undefined;

  constructor(id: string, received: Received<SipRequest>, environment: ServerEnvironment) {
    this.id = id;
    this.received = received;
    this.environment = environment;
    this.timers = new TimerSet(environment.clock);
    this.reliable = received.source.protocol !== 'udp';
  }

  get state(): ServerState {
    return this.#state;
  }

  abstract respond(response: SipResponse): void;

  /** The request came once more: the peer missed our response. */
  repeated(): void {
    if (this.#state !== 'accepted') this.sendAgain();
  }

  /** Stops all timers; nothing more is sent. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.timers.stopAll();
    this.environment.ended(this);
  }

  protected moveTo(state: Exclude<ServerState, 'terminated'>): void {
    this.#state = state;
  }

  protected sendNew(response: SipResponse): void {
    this.#last = response;
    this.sendAgain();
  }

  protected sendAgain(): void {
    if (this.#last === undefined || this.#state === 'terminated') return;
    this.environment.send(this.#last, this.received, () => this.terminate());
  }

  /** Ended before a final response, because the peer is gone: what its user says now is lost, not wrong. */
  protected get abandoned(): boolean {
    return this.#state === 'terminated' && (this.#last === undefined || this.#last.status < 200);
  }

  protected refuse(response: SipResponse): TransactionError {
    const { method } = this.received.message;
    return new TransactionError(`${response.status} to ${method} in state ${this.#state}`);
  }
}

/**
 * INVITE (RFC 3261 section 17.2.1 with RFC 6026 section 7.1):
 * ```
 * trying ─1xx▶ proceeding ─2xx▶ accepted ─L▶ terminated
 *    └──────────────┴─300-699▶ completed (G repeats) ─ACK▶ confirmed ─I▶ terminated
 *                                  └─H▶ terminated
 * ```
 * `confirmed` shows as `completed`.
 */
export class InviteServerTransaction extends BaseServerTransaction {
  #confirmed = false;

  /** Tells the peer to stop repeating itself if nobody answers within 200 ms. */
  startTrying(trying: SipResponse): void {
    this.timers.start('trying', 200, () => this.respond(trying));
  }

  override respond(response: SipResponse): void {
    if (this.abandoned) return;
    const repeatedSuccess = this.state === 'accepted' && isSuccess(response);
    if (this.state !== 'trying' && this.state !== 'proceeding' && !repeatedSuccess) {
      throw this.refuse(response);
    }
    const from = this.state;
    this.timers.stop('trying');
    this.moveTo(
      response.status < 200 ? 'proceeding' : isSuccess(response) ? 'accepted' : 'completed',
    );
    this.sendNew(response);
    if (from === 'accepted' || response.status < 200) return;
    const { timers } = this.environment;
    const endMs = lifetimeMs(timers);
    if (isSuccess(response)) {
      this.timers.start('L', endMs, () => this.terminate());
      return;
    }
    this.timers.start('H', endMs, () => this.terminate());
    if (!this.reliable) {
      this.timers.startBackOff('G', timers.t1Ms, timers.t2Ms, () => this.sendAgain());
    }
  }

  override repeated(): void {
    if (!this.#confirmed) super.repeated();
  }

  /** An ACK of this INVITE came. True if it is of a 2xx and so for the user, false if it is absorbed. */
  acknowledged(): boolean {
    if (this.state === 'accepted') return true;
    if (this.state !== 'completed' || this.#confirmed) return false;
    this.#confirmed = true;
    this.timers.stopAll();
    if (this.reliable) this.terminate();
    else this.timers.start('I', this.environment.timers.t4Ms, () => this.terminate());
    return false;
  }
}

/**
 * Any other request (RFC 3261 section 17.2.2):
 * `trying ─1xx▶ proceeding ─200-699▶ completed ─J▶ terminated`
 */
export class OtherServerTransaction extends BaseServerTransaction {
  /** The peer gives up after timer F, so does this: RFC 4320 wants no answer later than that. */
  startExpiry(): void {
    this.timers.start('F', lifetimeMs(this.environment.timers), () => this.terminate());
  }

  override respond(response: SipResponse): void {
    if (this.abandoned) return;
    if (this.state !== 'trying' && this.state !== 'proceeding') throw this.refuse(response);
    this.moveTo(response.status < 200 ? 'proceeding' : 'completed');
    this.sendNew(response);
    if (response.status < 200) return;
    this.timers.stop('F');
    if (this.reliable) this.terminate();
    else this.timers.start('J', lifetimeMs(this.environment.timers), () => this.terminate());
  }
}

function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
