import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { header, prependHeader } from '../../src/protocol/sip/headers.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../src/protocol/sip/parse.ts';
import { responseTo } from '../../src/protocol/sip/response.ts';
import { serializeSipMessage } from '../../src/protocol/sip/serialize.ts';
import { BRANCH_COOKIE, formatVia } from '../../src/protocol/sip/via.ts';
import { topVia, withoutTopVia } from '../../src/protocol/sip/via-stack.ts';
import { userOf } from '../../src/telephony/numbers.ts';
import { Inbox } from './waiting.ts';

const LOOPBACK = '127.0.0.1';

/** An INVITE as it came from the server. */
export interface CarriedCall {
  readonly number: string;
  readonly invite: SipRequest;
  /** Monotonic. */
  readonly atMs: number;
}

/**
 * The carrier's side of the trunk: a stateless proxy (RFC 3261 section 16.11) that takes each call to
 * whoever answers that number, and keeps a record of the INVITEs. It stays out of the dialogs.
 */
export class Carrier {
  /** New calls that nobody has waited for yet. */
  readonly calls = new Inbox<CarriedCall>();
  readonly port: number;
  readonly #socket: Socket;
  readonly #subscribers = new Map<string, number>();
  readonly #branches = new Set<string>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#receive(parseSipMessage(bytes)));
  }

  static async open(): Promise<Carrier> {
    const socket = createSocket('udp4').bind(0, LOOPBACK);
    await once(socket, 'listening');
    return new Carrier(socket);
  }

  /** From now on calls to `number` (as in the request URI) go to this UDP port of loopback. */
  connect(number: string, port: number): void {
    this.#subscribers.set(number, port);
  }

  /** The next call to `number`. */
  call(number: string, patienceMs?: number): Promise<CarriedCall> {
    const fits = (call: CarriedCall) => call.number === number;
    return this.calls.take('a call on the trunk', fits, patienceMs);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: SipMessage): void {
    if (message.kind === 'response') this.#sendBack(message);
    else this.#forward(message);
  }

  #forward(request: SipRequest): void {
    const number = userOf(request.uri) ?? '';
    const branch = topVia(request).parameters.get('branch') ?? '';
    if (request.method === 'INVITE' && !this.#branches.has(branch)) {
      this.#branches.add(branch);
      this.calls.put({ number, invite: request, atMs: performance.now() });
    }
    const port = this.#subscribers.get(number);
    if (port === undefined) {
      if (request.method !== 'ACK') this.#sendBack(responseTo(request, 404, { toTag: 'carrier' }));
      return;
    }
    const via = formatVia({
      transport: 'UDP',
      host: LOOPBACK,
      port: this.port,
      parameters: new Map([['branch', branchAfter(branch)]]),
    });
    this.#send(prependHeader(request, 'Via', via), port);
  }

  #sendBack(response: SipResponse): void {
    const ours = topVia(response).port === this.port;
    const back = ours ? withoutTopVia(response) : response;
    if (header(back, 'Via') === undefined) return;
    const { port = 5060 } = topVia(back);
    this.#send(back, port);
  }

  #send(message: SipMessage, port: number): void {
    this.#socket.send(serializeSipMessage(message), port, LOOPBACK);
  }
}

/** The same for an INVITE, its CANCEL and its ACK, which carry the same branch. */
function branchAfter(branch: string): string {
  return `${BRANCH_COOKIE}${createHash('sha256').update(branch).digest('hex').slice(0, 16)}`;
}
