import { randomUUID } from 'node:crypto';
import { chooseChallenge } from '../../protocol/digest/challenge.ts';
import { answerChallenge, formatCredentials } from '../../protocol/digest/credentials.ts';
import { buildOffer } from '../../protocol/sdp/build.ts';
import { parseAddress } from '../../protocol/sip/address.ts';
import { header, headers } from '../../protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../protocol/sip/message.ts';
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
import { dialogOfAnswer, dialogOfInvite, fromHeader, requestIn } from './dialog.ts';
import { IncomingPhoneCall } from './incoming-call.ts';
import { applyRemote, type CallPort, localSession, PhoneCall } from './phone-call.ts';
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

/** The server refused a request of ours. */
class PhoneRefused extends Error {
  readonly status: number;

  constructor(method: string, status: number) {
    super(`${method} was answered with ${status}`);
    this.name = 'PhoneRefused';
    this.status = status;
  }
}

/**
 * A small SIP telephone with its own sockets, for the demo: registers, calls, answers, presses
 * keys, speaks one tone and recognises others. UDP and G.711 only.
 */
export class SoftPhone {
  readonly #options: SoftPhoneOptions;
  readonly #transports: Transports;
  readonly #layer: TransactionLayer;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #ringing = new Map<ServerTransaction, IncomingPhoneCall>();
  #sequence = 0;
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
    const request = this.#request('REGISTER', `sip:${server.address}`, aor, aor, [
      { name: 'Contact', value: `<${this.#contact()}>` },
      { name: 'Expires', value: '3600' },
    ]);
    const { response } = await this.#exchange(request);
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
      const invite = this.#request(
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
      const { request, response } = await this.#exchange(invite);
      if (response.status >= 300) throw new PhoneRefused('INVITE', response.status);
      applyRemote(session, response.body);
      const dialog = dialogOfAnswer(request, response);
      this.#layer.sendStateless(requestIn(dialog, 'ACK', this.#sequence), server);
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
        this.#layer.send(request, this.#options.server, {
          response: () => undefined,
          timeout: () => undefined,
          transportError: () => undefined,
        });
      },
      nextSequence: () => {
        this.#sequence += 1;
        return this.#sequence;
      },
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

  #request(
    method: string,
    uri: string,
    from: string,
    to: string,
    extra: readonly Header[],
    body: Buffer = Buffer.alloc(0),
  ): SipRequest {
    this.#sequence += 1;
    const tag = randomUUID().slice(0, 8);
    const headers = [
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: fromHeader('', from, tag) },
      { name: 'To', value: `<${to}>` },
      { name: 'Call-ID', value: randomUUID() },
      { name: 'CSeq', value: `${this.#sequence} ${method}` },
      ...extra,
    ];
    return { kind: 'request', method, uri, headers, body };
  }

  /** Sends, and answers one challenge (RFC 3261 section 22). */
  async #exchange(request: SipRequest): Promise<{ request: SipRequest; response: SipResponse }> {
    const response = await this.#send(request);
    const { secret, user } = this.#options;
    const challenges = [
      ...headers(response, 'WWW-Authenticate'),
      ...headers(response, 'Proxy-Authenticate'),
    ];
    const challenge = chooseChallenge(challenges);
    if (challenge === undefined || secret === undefined) return { request, response };
    const { method, uri } = request;
    const credentials = answerChallenge(
      challenge,
      { username: user, password: secret },
      { method, uri },
      { clientNonce: randomUUID(), count: 1 },
    );
    this.#sequence += 1;
    const name = response.status === 401 ? 'Authorization' : 'Proxy-Authorization';
    const again: SipRequest = {
      ...request,
      headers: [
        ...request.headers.map((field) =>
          field.name === 'CSeq' ? { ...field, value: `${this.#sequence} ${method}` } : field,
        ),
        { name, value: formatCredentials(credentials) },
      ],
    };
    return { request: again, response: await this.#send(again) };
  }

  #send(request: SipRequest): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      this.#layer.send(request, this.#options.server, {
        response: ({ message }) => {
          if (message.status >= 200) resolve(message);
        },
        timeout: () => {
          reject(new PhoneRefused(request.method, 408));
        },
        transportError: reject,
      });
    });
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
