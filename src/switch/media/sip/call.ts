import { parseAddress } from '../../../protocol/sip/address.ts';
import { parseCSeq } from '../../../protocol/sip/cseq.ts';
import { header, headerList } from '../../../protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import type { SipTimers } from '../../sip/clock.ts';
import type { Hop } from '../../sip/hop.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import type { Channel, ChannelSignalling } from '../channel/channel.ts';
import { ORIGINS } from '../events/origins.ts';
import { causeToSipStatus, type HangupCause } from '../hangup-cause.ts';
import { repeatAnswer } from './answer-repeat.ts';
import type { CallMedia } from './call-media.ts';
import { type RemoteMedia, readRemote } from './description.ts';
import { receiveInfo } from './info.ts';
import { setDialogVariables } from './invite-variables.ts';
import { acceptance, byeRequest, reasonHeader, reply } from './messages.ts';
import { dialogTarget } from './peer-address.ts';

/** What a call needs of the profile it came in by. */
export interface CallTransport {
  readonly timers: SipTimers;
  /** `<sip:drachtio@address:port;transport=udp>` */
  contactFor(user: string): string;
  send(request: SipRequest, target: Hop, ended: () => void): void;
  after(delayMs: number, action: () => void): () => void;
  forget(call: SipCall): void;
}

/** An INVITE that was answered with 200 and waits for its ACK. */
interface Unacknowledged {
  readonly sequence: number;
  /** Whether the ACK has to bring the answer to our offer. */
  readonly awaitsAnswer: boolean;
  readonly stop: () => void;
}

/**
 * The SIP dialog of a call, always as the called side.
 *
 *     early -> answered -> confirmed -> ended
 *
 * `answered` is 200 sent and not acknowledged: it is repeated until it is (RFC 3261 section 13.3.1.4).
 */
export class SipCall implements ChannelSignalling {
  readonly id: string;
  readonly localTag: string;
  channel: Channel | undefined;
  media: CallMedia | undefined;
  /** Runs once when a call without an offer has got its answer by ACK. */
  onAgreed: (() => void) | undefined;
  /** The answer to the offer of the INVITE, until it is sent. */
  pendingAnswer: string | undefined;
  readonly #transport: CallTransport;
  readonly #invite: ServerTransaction;
  readonly #source: Hop;
  readonly #routes: readonly string[];
  #remoteTarget: string;
  #remoteSequence: number;
  #localSequence: number;
  #unacknowledged: Unacknowledged | undefined;
  #answered = false;
  #ended = false;

  constructor(
    transport: CallTransport,
    invite: ServerTransaction,
    localTag: string,
    localSequence: number,
  ) {
    const request = invite.received.message;
    this.#transport = transport;
    this.#invite = invite;
    this.#source = invite.received.source;
    this.localTag = localTag;
    this.id = callKey(header(request, 'Call-ID') ?? '', localTag);
    this.#routes = headerList(request, 'Record-Route');
    this.#remoteTarget = parseAddress(headerList(request, 'Contact')[0] ?? '').uri;
    this.#remoteSequence = parseCSeq(header(request, 'CSeq') ?? '').sequence;
    this.#localSequence = localSequence;
  }

  /** Answers the INVITE with our description: the offer's answer, or an offer. */
  accept(description: string, awaitsAnswer: boolean): void {
    this.#answered = true;
    this.#accept(this.#invite, description, awaitsAnswer, [
      { name: 'Allow-Events', value: 'talk, hold, conference, refer' },
    ]);
    const { channel } = this;
    if (channel === undefined) return;
    if (!awaitsAnswer) this.#tellEarlyMedia(channel);
    channel.answered = true;
    channel.profile.times.answeredMs = channel.context.clock.nowMs();
    channel.variables.set('endpoint_disposition', 'ANSWER');
    channel.announce('CHANNEL_ANSWER', ORIGINS.answer);
    channel.setCallState('ACTIVE');
  }

  /** With an offer in hand, FreeSWITCH's media stands before its 200 goes out. */
  #tellEarlyMedia(channel: Channel): void {
    channel.earlyMedia = true;
    channel.profile.times.progressMediaMs = channel.context.clock.nowMs();
    channel.announce('CHANNEL_PROGRESS_MEDIA', ORIGINS.progressMedia);
    channel.setCallState('EARLY');
  }

  /** Answers the INVITE when the dialplan says so, with what `pendingAnswer` holds. */
  answer(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    const description = this.pendingAnswer;
    this.pendingAnswer = undefined;
    if (description !== undefined) this.accept(description, false);
    return Promise.resolve(this.#answered);
  }

  /** Refuses the INVITE. */
  refuse(status: number, cause?: HangupCause): void {
    this.#ended = true;
    this.#transport.forget(this);
    if (this.#invite.state === 'completed' || this.#invite.state === 'terminated') return;
    this.#reply(this.#invite, status, cause === undefined ? [] : [reasonHeader(cause)]);
  }

  /** A request of the far end within the dialog. */
  request(transaction: ServerTransaction): void {
    const request = transaction.received.message;
    const { sequence } = parseCSeq(header(request, 'CSeq') ?? '');
    if (sequence < this.#remoteSequence) {
      this.#reply(transaction, 500);
      return;
    }
    this.#remoteSequence = sequence;
    switch (request.method) {
      case 'BYE':
        this.#bye(transaction);
        return;
      case 'INVITE':
      case 'UPDATE':
        this.#reinvite(transaction);
        return;
      case 'INFO':
        this.#reply(transaction, receiveInfo(this.channel, request));
        return;
      case 'OPTIONS':
      case 'MESSAGE':
      case 'NOTIFY':
        this.#reply(transaction, 200);
        return;
      default:
        this.#reply(transaction, 405);
    }
  }

  /** The ACK of one of our 200s. */
  acknowledge(ack: SipRequest): void {
    const { sequence } = parseCSeq(header(ack, 'CSeq') ?? '');
    const waiting = this.#unacknowledged;
    if (waiting === undefined || waiting.sequence !== sequence) return;
    waiting.stop();
    this.#unacknowledged = undefined;
    if (this.channel !== undefined) setDialogVariables(this.channel, ack);
    if (!waiting.awaitsAnswer) return;
    const remote = ack.body.length === 0 ? undefined : readRemote(ack.body);
    if (remote === undefined) {
      this.channel?.hangup('INCOMPATIBLE_DESTINATION');
      return;
    }
    this.#follow(remote, ack.body.toString());
  }

  #follow(remote: RemoteMedia, body: string): void {
    this.media?.agree(remote, body);
    this.onAgreed?.();
    this.onAgreed = undefined;
  }

  /** The far end took its INVITE back before an answer. */
  cancel(): void {
    if (this.#answered || this.#ended) return;
    this.refuse(487);
    this.channel?.hangup('ORIGINATOR_CANCEL');
  }

  /** Ends the call from our side: a final response or BYE. Called by the channel. */
  hangup(cause: HangupCause): void {
    if (this.#ended) return;
    if (!this.#answered) {
      this.refuse(causeToSipStatus(cause), cause);
      return;
    }
    this.#end();
    const bye = byeRequest(this.#invite.received.message, {
      localTag: this.localTag,
      remoteTarget: this.#remoteTarget,
      routes: this.#routes,
      sequence: ++this.#localSequence,
      cause,
    });
    const target = dialogTarget(this.#remoteTarget, this.#routes, this.#source);
    this.#transport.send(bye, target, () => undefined);
  }

  #bye(transaction: ServerTransaction): void {
    this.#reply(transaction, 200);
    if (this.#ended) return;
    this.#end();
    this.channel?.hangup('NORMAL_CLEARING');
  }

  #end(): void {
    this.#ended = true;
    this.#unacknowledged?.stop();
    this.#unacknowledged = undefined;
    this.#transport.forget(this);
  }

  #reinvite(transaction: ServerTransaction): void {
    const request = transaction.received.message;
    const { media } = this;
    if (media === undefined) return this.#reply(transaction, 488);
    if (request.method === 'INVITE' && this.#unacknowledged !== undefined)
      return this.#reply(transaction, 491);
    const contact = headerList(request, 'Contact')[0];
    if (contact !== undefined) this.#remoteTarget = parseAddress(contact).uri;
    if (request.body.length === 0) {
      if (request.method === 'UPDATE') this.#reply(transaction, 200);
      else this.#accept(transaction, media.offer(), true, []);
      return;
    }
    const remote = readRemote(request.body);
    if (remote === undefined)
      return this.#reply(transaction, 488, [reasonHeader('INCOMPATIBLE_DESTINATION')]);
    const description = media.answer(remote, request.body.toString());
    if (request.method === 'UPDATE')
      transaction.respond(this.#accepted(transaction, description, []));
    else this.#accept(transaction, description, false, []);
  }

  /** Sends 200 and repeats it until it is acknowledged; without that the call ends. */
  #accept(
    transaction: ServerTransaction,
    description: string,
    awaitsAnswer: boolean,
    extra: readonly Header[],
  ): void {
    const response = this.#accepted(transaction, description, extra);
    const { sequence } = parseCSeq(header(transaction.received.message, 'CSeq') ?? '');
    transaction.respond(response);
    this.#unacknowledged = { sequence, awaitsAnswer, stop: this.#repeat(transaction, response) };
  }

  #accepted(
    transaction: ServerTransaction,
    description: string,
    extra: readonly Header[],
  ): SipResponse {
    const contact = this.#transport.contactFor('drachtio');
    const { message } = transaction.received;
    return acceptance(message, { toTag: this.localTag, contact, description, extra });
  }

  #repeat(transaction: ServerTransaction, response: SipResponse): () => void {
    return repeatAnswer(transaction, response, this.#transport, () => {
      this.channel?.hangup('RECOVERY_ON_TIMER_EXPIRE');
    });
  }

  #reply(transaction: ServerTransaction, status: number, extra: readonly Header[] = []): void {
    reply(transaction, status, this.localTag, extra);
  }
}

/** By which a request finds its call: Call-ID and our tag. */
export function callKey(callId: string, localTag: string): string {
  return `${callId};${localTag}`;
}
