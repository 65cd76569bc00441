import type { SipResponse } from '../../../protocol/sip/message.ts';
import type { SignallingTimers } from '../options.ts';
import type { Clock } from '../runtime.ts';

const MAX_WAITING = 16;

interface ReliableProvisionalsOptions {
  readonly clock: Clock;
  readonly timers: SignallingTimers;
  /** Puts a response on the wire. */
  readonly send: (response: SipResponse) => void;
  /** No PRACK came in 64 * T1 (RFC 3262 section 3): the INVITE is lost. */
  readonly failed: () => void;
}

/**
 * The reliable provisional responses of one INVITE (RFC 3262): each is repeated until its PRACK; one at a time. What
 * comes meanwhile, a final 2xx included, waits for that PRACK.
 */
export class ReliableProvisionals {
  readonly #options: ReliableProvisionalsOptions;
  readonly #waiting: (() => void)[] = [];
  #unacknowledged: number | undefined;
  #lastSequence: number;
  #stopRepeat: () => void = () => undefined;
  #stopWait: () => void = () => undefined;

  /** `firstSequence`: the RSeq number before the first. */
  constructor(firstSequence: number, options: ReliableProvisionalsOptions) {
    this.#lastSequence = firstSequence;
    this.#options = options;
  }

  /** The RSeq number for the next response; they go up by one (RFC 3262 section 3). */
  nextSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  /** Are as many responses waiting as may? */
  get full(): boolean {
    return this.#waiting.length >= MAX_WAITING;
  }

  /** Sends a provisional response with this RSeq number, now or after the PRACK of the one before. */
  send(response: SipResponse, sequence: number): void {
    if (this.#unacknowledged === undefined) this.#start(response, sequence);
    else this.#waiting.push(() => this.#start(response, sequence));
  }

  /** Sends a 2xx, now or after the PRACK that is awaited; `sent` is called when it went out. */
  sendSuccess(response: SipResponse, sent: () => void): void {
    const send = (): void => {
      this.#options.send(response);
      sent();
    };
    if (this.#unacknowledged === undefined) send();
    else this.#waiting.push(send);
  }

  /** Takes the number of a PRACK; false if nothing awaits it. */
  acknowledge(sequence: number): boolean {
    if (this.#unacknowledged !== sequence) return false;
    this.stop();
    this.#unacknowledged = undefined;
    this.#waiting.shift()?.();
    return true;
  }

  stop(): void {
    this.#stopRepeat();
    this.#stopWait();
  }

  #start(response: SipResponse, sequence: number): void {
    const { clock, timers, send, failed } = this.#options;
    this.#unacknowledged = sequence;
    send(response);
    this.#repeatAfter(timers.t1Ms, response);
    this.#stopWait = clock.after(timers.transactionMs, () => {
      this.stop();
      failed();
    });
  }

  #repeatAfter(delayMs: number, response: SipResponse): void {
    this.#stopRepeat = this.#options.clock.after(delayMs, () => {
      this.#options.send(response);
      this.#repeatAfter(delayMs * 2, response);
    });
  }
}
