import { buildAnswer } from '../../protocol/sdp/build.ts';
import { negotiateAudio } from '../../protocol/sdp/negotiate.ts';
import { parseSdp } from '../../protocol/sdp/session.ts';
import { header } from '../../protocol/sip/headers.ts';
import { responseTo } from '../../protocol/sip/response.ts';
import type { RtpSession } from '../../switch/rtp/types.ts';
import type { ServerTransaction } from '../../switch/sip/transactions.ts';
import { applyRemote, localSession, type PhoneCall } from './phone-call.ts';

/** What an incoming call needs of its phone. */
export interface RingingPhone {
  readonly contact: string;
  openSound(): Promise<RtpSession>;
  talk(session: RtpSession): PhoneCall;
  over(): void;
}

/** A call that rings. */
export class IncomingPhoneCall {
  /** User part of From: the number that the caller shows. */
  readonly caller: string;
  readonly #transaction: ServerTransaction;
  readonly #toTag: string;
  readonly #phone: RingingPhone;
  #open = true;

  constructor(transaction: ServerTransaction, caller: string, toTag: string, phone: RingingPhone) {
    this.#transaction = transaction;
    this.caller = caller;
    this.#toTag = toTag;
    this.#phone = phone;
  }

  /** Digits of the number that the caller dialled. */
  get called(): string {
    const user = /sip:([^@;>]*)@/u.exec(this.header('To') ?? '')?.[1] ?? '';
    return user.replaceAll(/\D/gu, '');
  }

  /** A header of the INVITE. */
  header(name: string): string | undefined {
    return header(this.#transaction.received.message, name);
  }

  ring(): void {
    this.#respond(180);
  }

  /** Picks up. Rejects if the caller offered no sound that we have, or went away. */
  async answer(): Promise<PhoneCall> {
    const offer = parseSdp(this.#transaction.received.message.body);
    const negotiation = negotiateAudio(offer);
    if (negotiation.kind === 'refused' || !this.#open) {
      this.reject(488);
      throw new Error('the call can not be answered');
    }
    const session = await this.#phone.openSound();
    const body = Buffer.from(buildAnswer(localSession(session, 1), offer, negotiation.choice));
    applyRemote(session, this.#transaction.received.message.body);
    const call = this.#phone.talk(session);
    this.#open = false;
    this.#transaction.respond(
      responseTo(this.#transaction.received.message, 200, {
        toTag: this.#toTag,
        headers: [
          { name: 'Contact', value: `<${this.#phone.contact}>` },
          { name: 'Content-Type', value: 'application/sdp' },
        ],
        body,
      }),
    );
    this.#phone.over();
    return call;
  }

  reject(status: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.#respond(status);
    this.#phone.over();
  }

  /** The caller gave up. */
  cancelled(): void {
    this.reject(487);
  }

  #respond(status: number): void {
    const { message } = this.#transaction.received;
    this.#transaction.respond(responseTo(message, status, { toTag: this.#toTag }));
  }
}
