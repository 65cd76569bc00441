import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { headers } from '../../../src/protocol/sip/headers.ts';
import type {
  Header,
  SipMessage,
  SipRequest,
  SipResponse,
} from '../../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../../src/protocol/sip/parse.ts';
import { responseTo } from '../../../src/protocol/sip/response.ts';
import { serializeSipMessage } from '../../../src/protocol/sip/serialize.ts';

/** A body of SDP, as good as any: the signalling server does not read it. */
export const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\r\n');

const NO_BODY = Buffer.alloc(0);
const ANSWER_WITHIN_MS = 10_000;
let counter = 0;

/** A name nobody used before in this run. */
export function fresh(prefix: string): string {
  counter += 1;
  return `${prefix}${process.pid}x${counter}`;
}

type Expectation<M extends SipMessage> = {
  readonly test: (message: SipMessage) => message is M;
  readonly resolve: (message: M) => void;
};

/** A SIP phone by hand: what it sends is written by the test, what comes is waited for. */
export class SipPeer {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  /** Everything that came, in order, whether or not somebody waited for it. */
  readonly received: SipMessage[] = [];
  readonly #unread: SipMessage[] = [];
  readonly #expectations: Expectation<SipMessage>[] = [];
  readonly #write: (bytes: Buffer) => void;
  readonly #close: () => void;

  private constructor(
    protocol: 'udp' | 'tcp',
    port: number,
    write: (bytes: Buffer) => void,
    close: () => void,
  ) {
    this.protocol = protocol;
    this.port = port;
    this.#write = write;
    this.#close = close;
  }

  /** A peer that sends to this server by UDP. */
  static async udp(server: { readonly port: number }): Promise<SipPeer> {
    const socket: Socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const peer = new SipPeer(
      'udp',
      socket.address().port,
      (bytes) => socket.send(bytes, server.port, '127.0.0.1'),
      () => socket.close(),
    );
    socket.on('message', (bytes) => peer.#take(parseSipMessage(bytes)));
    return peer;
  }

  /** A peer that keeps a TCP connection to this server. Messages must come one to a read, as they do on loopback. */
  static async tcp(server: { readonly port: number }): Promise<SipPeer> {
    const socket: TcpSocket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const peer = new SipPeer(
      'tcp',
      socket.localPort ?? 0,
      (bytes) => socket.write(bytes),
      () => socket.destroy(),
    );
    let pending: Buffer = NO_BODY;
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let length = wholeLength(pending); length > 0; length = wholeLength(pending)) {
        peer.#take(parseSipMessage(pending.subarray(0, length)));
        pending = pending.subarray(length);
      }
    });
    return peer;
  }

  get contact(): string {
    return `<sip:peer@127.0.0.1:${this.port}${this.protocol === 'tcp' ? ';transport=tcp' : ''}>`;
  }

  close(): void {
    this.#close();
  }

  send(message: SipMessage): void {
    this.#write(serializeSipMessage(message));
  }

  sendRaw(bytes: Buffer | string): void {
    this.#write(Buffer.from(bytes));
  }

  /** The next request of this method, from those that came unread. */
  request(method: string): Promise<SipRequest> {
    return this.#next(
      `${method} request`,
      (message): message is SipRequest => message.kind === 'request' && message.method === method,
    );
  }

  /** The next response with this status, to this method if given. */
  response(status: number, method?: string): Promise<SipResponse> {
    return this.#next(
      `${status} response`,
      (message): message is SipResponse =>
        message.kind === 'response' &&
        message.status === status &&
        (method === undefined || (headers(message, 'CSeq')[0] ?? '').endsWith(` ${method}`)),
    );
  }

  /** Answers a request. */
  answer(
    request: SipRequest,
    status: number,
    options: { tag?: string; fields?: Header[]; body?: string } = {},
  ): void {
    const { tag, fields = [], body = '' } = options;
    const type = body === '' ? [] : [{ name: 'Content-Type', value: 'application/sdp' }];
    const contact =
      request.method === 'INVITE' && status > 100 && status < 300
        ? [{ name: 'Contact', value: this.contact }]
        : [];
    this.send(
      responseTo(request, status, {
        ...(tag === undefined ? {} : { toTag: tag }),
        headers: [...contact, ...fields, ...type],
        body: Buffer.from(body),
      }),
    );
  }

  #take(message: SipMessage): void {
    this.received.push(message);
    const index = this.#expectations.findIndex(({ test }) => test(message));
    const [expectation] = index < 0 ? [] : this.#expectations.splice(index, 1);
    if (expectation === undefined) this.#unread.push(message);
    else expectation.resolve(message);
  }

  #next<M extends SipMessage>(
    what: string,
    test: (message: SipMessage) => message is M,
  ): Promise<M> {
    const index = this.#unread.findIndex(test);
    if (index >= 0) {
      const [message] = this.#unread.splice(index, 1);
      if (message !== undefined && test(message)) return Promise.resolve(message);
    }
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        const seen = this.received.map((message) =>
          message.kind === 'request' ? message.method : message.status,
        );
        reject(new Error(`no ${what} came; there came ${seen.join(', ') || 'nothing'}`));
      }, ANSWER_WITHIN_MS);
      const settle = (message: SipMessage): void => {
        clearTimeout(deadline);
        if (test(message)) resolve(message);
      };
      this.#expectations.push({ test, resolve: settle });
    });
  }
}

/** The length of the first message in a stream, 0 while it is not whole. */
function wholeLength(bytes: Buffer): number {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = /^Content-Length: *(\d+)/im.exec(bytes.toString('latin1', 0, head))?.[1] ?? '0';
  const total = head + 4 + Number(length);
  return bytes.length >= total ? total : 0;
}
