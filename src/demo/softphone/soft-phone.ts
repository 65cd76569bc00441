import { randomUUID } from 'node:crypto';
import { buildOffer } from '../../protocol/sdp/build.ts';
import { parseAddress } from '../../protocol/sip/address.ts';
import { header } from '../../protocol/sip/headers.ts';
import type { SipRequest } from '../../protocol/sip/message.ts';
import { responseTo } from '../../protocol/sip/response.ts';
import { parseSipUri } from '../../protocol/sip/uri.ts';
import { randomRtpIds } from '../../switch/rtp/ids.ts';
import { openRtpSession } from '../../switch/rtp/session.ts';
import type { MediaClock, RtpPorts, RtpSession } from '../../switch/rtp/types.ts';
import { DEFAULT_SIP_TIMERS, systemClock } from '../../switch/sip/clock.ts';
import type { Hop, Received } from '../../switch/sip/hop.ts';
import {
  createTransactionLayer,
  type TransactionLayer,
} from '../../switch/sip/transaction-layer.ts';
import type { ServerTransaction } from '../../switch/sip/transactions.ts';
import { createTransports, type Transports } from '../../switch/sip/transports.ts';
import { dialogOfAnswer, dialogOfInvite, requestIn } from './dialog.ts';
import { IncomingPhoneCall } from './incoming-call.ts';
import { applyRemote, type CallPort, localSession, PhoneCall } from './phone-call.ts';
import { PhoneRefused, PhoneRequests } from './requests.ts';
import type { VoiceSettings } from './voice.ts';

/** What a phone is. */
export interface SoftPhoneOptions extends VoiceSettings {
  /** SIP user: an agent's id, or a telephone number. */
  readonly user: string;
  /** Password of the account, for phones that register. */
  readonly secret?: string;
  /** The server that calls go to. */
  readonly server: Hop;
  /** Where the phone listens; port 0 is any. */
  readonly listen: Hop;
  readonly clock: MediaClock;
  readonly rtpPorts: RtpPorts;
}

/**
 * A small SIP telephone with its own sockets, for the demo: registers, calls, answers, presses
 * keys, speaks one tone and recognises others. UDP and G.711 only.
 */
export class SoftPhone {
  readonly #options: SoftPhoneOptions;
  readonly #transports: Transports;
  readonly #layer: TransactionLayer;
  readonly #requests: PhoneRequests;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #ringing = new Map<ServerTransaction, IncomingPhoneCall>();
  #onCall: (call: IncomingPhoneCall) => void = (call) => {
    call.reject(480);
  };

  private constructor(options: SoftPhoneOptions, transports: Transports) {
    this.#options = options;
    this.#transports = transports;
    this.#layer = createTransactionLayer({
      transports,
      clock: systemClock,
      timers: DEFAULT_SIP_TIMERS,
      ids: randomUUID,
      user: {
        request: (transaction) => {
          this.#take(transaction);
        },
        // The call is up with our 200 already.
        ack: () => undefined,
        cancel: (transaction, invite) => {
          this.#cancelled(transaction, invite);
        },
      },
    });
    this.#requests = new PhoneRequests(this.#layer, options);
  }

  /** Opens the phone's socket. Rejects with PortInUseError. */
  static async open(options: SoftPhoneOptions): Promise<SoftPhone> {
    const opened: { phone?: SoftPhone } = {};
    const transports = await createTransports({
      listen: [options.listen],
      onMessage: (received) => opened.phone?.receive(received),
      onError: () => undefined,
    });
    opened.phone = new SoftPhone(options, transports);
    return opened.phone;
  }

  private receive(received: Received): void {
    this.#layer.receive(received);
  }

  /** Who is told of calls that come in. */
  onCall(listener: (call: IncomingPhoneCall) => void): void {
    this.#onCall = listener;
  }

  /** Registers for an hour. Rejects with PhoneRefused. */
  async register(): Promise<void> {
    const { user, server } = this.#options;
    const aor = `sip:${user}@${server.address}`;
    const request = this.#requests.outside('REGISTER', `sip:${server.address}`, aor, aor, [
      { name: 'Contact', value: `<${this.#contact()}>` },
      { name: 'Expires', value: '3600' },
    ]);
    const { response } = await this.#requests.exchange(request);
    if (response.status !== 200) throw new PhoneRefused('REGISTER', response.status);
  }

  /** Calls a number and waits for the answer. Rejects with PhoneRefused. */
  async call(dialled: string): Promise<PhoneCall> {
    const { user, server } = this.#options;
    const session = await this.#openSound();
    try {
      const local = localSession(session, 1);
      const uri = `sip:${dialled}@${server.address}:${server.port}`;
      const from = `sip:${user}@${server.address}`;
      const invite = this.#requests.outside(
        'INVITE',
        uri,
        from,
        uri,
        [
          { name: 'Contact', value: `<${this.#contact()}>` },
          { name: 'Content-Type', value: 'application/sdp' },
        ],
        Buffer.from(buildOffer(local)),
      );
      const { request, response } = await this.#requests.exchange(invite);
      if (response.status >= 300) throw new PhoneRefused('INVITE', response.status);
      applyRemote(session, response.body);
      const dialog = dialogOfAnswer(request, response);
      this.#layer.sendStateless(requestIn(dialog, 'ACK', this.#requests.latestSequence), server);
      return this.#keep(new PhoneCall(this.#callPort(), dialog, session, this.#sound()));
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Hangs up everything and closes the socket. */
  async close(): Promise<void> {
    for (const call of this.#calls.values()) call.hangUp();
    await this.#layer.close();
  }

  #keep(call: PhoneCall): PhoneCall {
    this.#calls.set(call.callId, call);
    void call.ended.then(() => this.#calls.delete(call.callId));
    return call;
  }

  #callPort(): CallPort {
    return {
      contact: this.#contact(),
      send: (request: SipRequest) => {
        this.#requests.send(request);
      },
      nextSequence: () => this.#requests.nextSequence(),
    };
  }

  #sound() {
    const { clock, voiceHz, prompts, onSound } = this.#options;
    return { clock, voiceHz, prompts, onSound };
  }

  async #openSound(): Promise<RtpSession> {
    const { clock, rtpPorts: ports } = this.#options;
    return await openRtpSession({ ports, clock, ids: randomRtpIds });
  }

  #contact(): string {
    const { host, port } = this.#transports.localFor(this.#options.server);
    return `sip:${this.#options.user}@${host}:${port}`;
  }

  #take(transaction: ServerTransaction): void {
    const { message } = transaction.received;
    const call = this.#calls.get(header(message, 'Call-ID') ?? '');
    if (call !== undefined) {
      call.take(transaction);
      return;
    }
    if (message.method !== 'INVITE') {
      const status = message.method === 'OPTIONS' ? 200 : 481;
      transaction.respond(responseTo(message, status, { toTag: randomUUID().slice(0, 8) }));
      return;
    }
    this.#ring(transaction);
  }

  #ring(transaction: ServerTransaction): void {
    const { message } = transaction.received;
    const toTag = randomUUID().slice(0, 8);
    const caller = parseSipUri(parseAddress(header(message, 'From') ?? '').uri).user ?? '';
    const incoming = new IncomingPhoneCall(transaction, caller, toTag, {
      contact: this.#contact(),
      openSound: () => this.#openSound(),
      talk: (session) =>
        this.#keep(
          new PhoneCall(this.#callPort(), dialogOfInvite(message, toTag), session, this.#sound()),
        ),
      over: () => {
        this.#ringing.delete(transaction);
      },
    });
    this.#ringing.set(transaction, incoming);
    incoming.ring();
    this.#onCall(incoming);
  }

  #cancelled(transaction: ServerTransaction, invite: ServerTransaction | undefined): void {
    const status = invite === undefined ? 481 : 200;
    transaction.respond(responseTo(transaction.received.message, status));
    if (invite !== undefined) this.#ringing.get(invite)?.cancelled();
  }
}
