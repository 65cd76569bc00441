import { tagOf } from '../../../protocol/sip/address.ts';
import { header, headerList } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { DEFAULT_SIP_TIMERS, type SipTimers, systemClock } from '../../sip/clock.ts';
import type { Hop, Received } from '../../sip/hop.ts';
import { createTransactionLayer, type TransactionLayer } from '../../sip/transaction-layer.ts';
import type { ServerTransaction, TransactionUser } from '../../sip/transactions.ts';
import { createTransports, type Transports } from '../../sip/transports.ts';
import type { MediaContext } from '../context.ts';
import { hasExtension } from '../dialplan.ts';
import { beginCall } from './begin-call.ts';
import { type CallTransport, callKey, SipCall } from './call.ts';
import { reply } from './messages.ts';
import { USER_AGENT } from './product.ts';

export interface SipProfileOptions {
  /** `drachtio_mrf` */
  readonly name: string;
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Told to peers in Contact and SDP in place of `address`. */
  readonly advertise?: string;
  readonly timers?: SipTimers;
}

/** FreeSWITCH's SIP profile for drachtio-fsmrf: takes calls, sends BYE, and nothing else of its own. */
export class SipProfile implements TransactionUser, CallTransport {
  readonly name: string;
  readonly timers: SipTimers;
  readonly mediaAddress: string;
  readonly #context: MediaContext;
  readonly #calls = new Map<string, SipCall>();
  readonly #byInvite = new Map<string, SipCall>();
  #transports: Transports | undefined;
  #layer: TransactionLayer | undefined;
  #sequence = 100_000_000 + Math.floor(Math.random() * 100_000_000);

  private constructor(context: MediaContext, options: SipProfileOptions) {
    this.#context = context;
    this.name = options.name;
    this.timers = options.timers ?? DEFAULT_SIP_TIMERS;
    this.mediaAddress = options.advertise ?? options.address;
  }

  /** Opens the profile on UDP and TCP. Rejects with PortInUseError. */
  static async open(context: MediaContext, options: SipProfileOptions): Promise<SipProfile> {
    const profile = new SipProfile(context, options);
    profile.#transports = await openTransports(options, {
      onMessage: (received) => profile.#layer?.receive(received),
      onError: (error) =>
        context.log({ level: 'warn', message: 'SIP transport', detail: { reason: error.message } }),
    });
    profile.#layer = createTransactionLayer({
      transports: profile.#transports,
      clock: systemClock,
      timers: profile.timers,
      user: profile,
      ids: () => context.ids.uuid(),
    });
    return profile;
  }

  get local(): Hop {
    const bound = this.#transports?.bound[0];
    if (bound === undefined) throw new Error('the SIP profile is closed');
    return bound;
  }

  get size(): number {
    return this.#calls.size;
  }

  request(transaction: ServerTransaction): void {
    try {
      this.#route(transaction);
    } catch (error) {
      const status = error instanceof SipParseError ? error.status : 500;
      if (status === 500) this.#logFault('SIP request', error);
      reply(transaction, status, this.#context.ids.token());
    }
  }

  #route(transaction: ServerTransaction): void {
    const request = transaction.received.message;
    const tag = tagOf(header(request, 'To') ?? '');
    if (tag !== undefined) {
      const call = this.#calls.get(callKey(header(request, 'Call-ID') ?? '', tag));
      if (call === undefined) reply(transaction, 481, undefined);
      else call.request(transaction);
      return;
    }
    switch (request.method) {
      case 'INVITE':
        this.#invite(transaction);
        return;
      case 'OPTIONS':
        reply(transaction, 200, this.#context.ids.token());
        return;
      case 'BYE':
      case 'INFO':
      case 'UPDATE':
      case 'PRACK':
        reply(transaction, 481, this.#context.ids.token());
        return;
      default:
        reply(transaction, 405, this.#context.ids.token());
    }
  }

  #invite(transaction: ServerTransaction): void {
    const request = transaction.received.message;
    const tag = this.#context.ids.token();
    if (headerList(request, 'Contact').length !== 1) {
      reply(transaction, 400, tag);
      return;
    }
    const call = new SipCall(this, transaction, tag, ++this.#sequence);
    if (this.#context.channels.size >= this.#context.limits.sessions) {
      call.refuse(503, 'SWITCH_CONGESTION');
      return;
    }
    if (request.body.length > 0) transaction.respond(trying(request));
    this.#calls.set(call.id, call);
    this.#byInvite.set(transaction.id, call);
    if (!hasExtension(header(request, 'User-Agent') ?? '')) {
      call.refuse(403, 'CALL_REJECTED');
      return;
    }
    beginCall(this.#context, this, call, transaction).catch((error: unknown) => {
      this.#logFault('call cannot begin', error);
      call.refuse(500, 'NORMAL_TEMPORARY_FAILURE');
    });
  }

  ack(received: Received<SipRequest>): void {
    const request = received.message;
    try {
      const tag = tagOf(header(request, 'To') ?? '') ?? '';
      this.#calls.get(callKey(header(request, 'Call-ID') ?? '', tag))?.acknowledge(request);
    } catch (error) {
      this.#logFault('ACK', error);
    }
  }

  cancel(transaction: ServerTransaction, invite: ServerTransaction | undefined): void {
    reply(transaction, invite === undefined ? 481 : 200, this.#context.ids.token());
    if (invite !== undefined) this.#byInvite.get(invite.id)?.cancel();
  }

  contactFor(user: string): string {
    const { port } = this.local;
    return `<sip:${user}@${this.mediaAddress}:${port};transport=udp>`;
  }

  send(request: SipRequest, target: Hop, ended: () => void): void {
    try {
      this.#layer?.send(request, target, {
        response: ({ message }) => {
          if (message.status >= 200) ended();
        },
        timeout: ended,
        transportError: ended,
      });
    } catch (error) {
      this.#logFault('SIP request not sent', error);
      ended();
    }
  }

  readonly after = (delayMs: number, action: () => void): (() => void) =>
    systemClock.after(delayMs, action);

  forget(call: SipCall): void {
    this.#calls.delete(call.id);
    for (const [id, other] of this.#byInvite) if (other === call) this.#byInvite.delete(id);
  }

  async close(): Promise<void> {
    await this.#layer?.close();
  }

  #logFault(message: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.log({ level: 'error', message, detail: { reason } });
  }
}

/** UDP and TCP on the same port, also when the system chooses it. */
async function openTransports(
  options: SipProfileOptions,
  handlers: Pick<Parameters<typeof createTransports>[0], 'onMessage' | 'onError'>,
): Promise<Transports> {
  const { address, port, advertise } = options;
  const hop = (protocol: Hop['protocol']) => ({
    protocol,
    address,
    port,
    ...(advertise === undefined ? {} : { advertise }),
  });
  return createTransports({
    listen: [hop('udp'), ...(port === 0 ? [] : [hop('tcp')])],
    ...handlers,
  });
}

function trying(request: SipRequest) {
  return responseTo(request, 100, { headers: [{ name: 'User-Agent', value: USER_AGENT }] });
}
