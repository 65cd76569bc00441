import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseAddress, tagOf, withTag } from '../../src/protocol/sip/address.ts';
import { header, withHeader } from '../../src/protocol/sip/headers.ts';
import type {
  Header,
  SipMessage,
  SipRequest,
  SipResponse,
} from '../../src/protocol/sip/message.ts';
import { parseSipMessage } from '../../src/protocol/sip/parse.ts';
import { responseTo } from '../../src/protocol/sip/response.ts';
import { serializeSipMessage } from '../../src/protocol/sip/serialize.ts';
import { Inbox } from './waiting.ts';

export type Fields = Readonly<Record<string, string>>;

/** A SIP phone on loopback (UDP) that does only what a test tells it, but answers BYE by itself. */
export class SipPhone {
  readonly user: string;
  readonly address: string;
  readonly port: number;
  /** INVITEs that came and are no re-INVITEs. */
  readonly calls = new Inbox<PhoneCall>();
  readonly #socket: Socket;
  readonly #server: { readonly host: string; readonly port: number };
  readonly #byCallId = new Map<string, PhoneCall>();

  private constructor(user: string, socket: Socket, server: { host: string; port: number }) {
    this.user = user;
    this.#socket = socket;
    this.#server = server;
    this.address = socket.address().address;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#receive(bytes));
  }

  /** `server`: `host:port` that requests go to. */
  static async open(server: string, user: string, address = '127.0.0.1'): Promise<SipPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    const [host = '', port = ''] = server.split(':');
    return new SipPhone(user, socket, { host, port: Number(port) });
  }

  get uri(): string {
    return `sip:${this.user}@${this.address}:${this.port}`;
  }

  get server(): string {
    return `${this.#server.host}:${this.#server.port}`;
  }

  /** Sends INVITE to `user` at the server; undefined `sdp` is a late offer. */
  invite(user: string, sdp: string | undefined, fields: Fields = {}): PhoneCall {
    const call = this.begin(`sip:${user}@${this.server}`, fields);
    call.request('INVITE', sdp, fields);
    return call;
  }

  /** A dialog to be, for requests of any method. */
  begin(target: string, fields: Fields = {}): PhoneCall {
    const call = new PhoneCall(this, {
      callId: token(),
      target,
      local: fields['From'] ?? `<${this.uri}>;tag=${token()}`,
      remote: fields['To'] ?? `<${target}>`,
    });
    this.#byCallId.set(call.callId, call);
    return call;
  }

  send(message: SipMessage): void {
    this.sendBytes(serializeSipMessage(message));
  }

  sendBytes(bytes: Buffer | string): void {
    this.#socket.send(bytes, this.#server.port, this.#server.host);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(bytes: Buffer): void {
    const message = parseSipMessage(bytes);
    const callId = header(message, 'Call-ID') ?? '';
    let call = this.#byCallId.get(callId);
    if (call === undefined) {
      if (message.kind === 'response' || message.method !== 'INVITE') return;
      call = PhoneCall.received(this, message, callId);
      this.#byCallId.set(callId, call);
      call.receive(message);
      this.calls.put(call);
      return;
    }
    call.receive(message);
  }
}

interface DialogStart {
  readonly callId: string;
  readonly target: string;
  readonly local: string;
  readonly remote: string;
}

/** One Call-ID of a phone. */
export class PhoneCall {
  readonly callId: string;
  /** The INVITE that came first, for a call that was received. */
  readonly requests = new Inbox<SipRequest>();
  readonly responses = new Inbox<SipResponse>();
  /** Everything that came, in order. */
  readonly log: SipMessage[] = [];
  local: string;
  remote: string;
  target: string;
  #cseq = Math.floor(Math.random() * 10_000);
  readonly #phone: SipPhone;
  readonly #seen = new Set<string>();
  readonly #sent = new Map<number, SipRequest>();

  constructor(phone: SipPhone, start: DialogStart) {
    this.#phone = phone;
    this.callId = start.callId;
    this.target = start.target;
    this.local = start.local;
    this.remote = start.remote;
  }

  static received(phone: SipPhone, invite: SipRequest, callId: string): PhoneCall {
    const contact = header(invite, 'Contact');
    return new PhoneCall(phone, {
      callId,
      target: contact === undefined ? invite.uri : parseAddress(contact).uri,
      local: withTag(header(invite, 'To') ?? '', token()),
      remote: header(invite, 'From') ?? '',
    });
  }

  get bye(): Promise<SipRequest> {
    return this.requests.take('BYE', ({ method }) => method === 'BYE', 40_000);
  }

  /** Sends a request. @returns it, as sent */
  request(method: string, body?: string, fields: Fields = {}): SipRequest {
    this.#cseq += 1;
    return this.#send(method, this.#cseq, body, fields);
  }

  /** Sends a request and waits for its final response. */
  async ask(method: string, body?: string, fields: Fields = {}): Promise<SipResponse> {
    const sent = this.request(method, body, fields);
    return this.final(sent);
  }

  /** The final response to `sent`, else to whatever came. */
  async final(sent?: SipRequest): Promise<SipResponse> {
    const wanted = sent && header(sent, 'CSeq');
    const response = await this.responses.take(
      'a final response',
      (candidate) => {
        const fits = wanted === undefined || header(candidate, 'CSeq') === wanted;
        return fits && candidate.status >= 200;
      },
      40_000,
    );
    if (response.status < 300) this.#learn(response);
    return response;
  }

  /** Acknowledges a 2xx, or with the INVITE's branch another final response. */
  ack(response: SipResponse, body?: string): void {
    const number = Number.parseInt(header(response, 'CSeq') ?? '0', 10);
    const invite = this.#sent.get(number);
    if (response.status < 300 || invite === undefined) {
      this.#learn(response);
      this.#send('ACK', number, body, {});
      return;
    }
    const via = header(invite, 'Via') ?? '';
    const to = header(response, 'To') ?? '';
    const ack = this.#compose('ACK', number, undefined, {}, via, invite.uri);
    this.#phone.send(withHeader(ack, 'To', to));
  }

  /** Withdraws the INVITE that was sent last. */
  cancel(): void {
    const invite = [...this.#sent.values()].filter(({ method }) => method === 'INVITE').at(-1);
    if (invite === undefined) throw new Error('nothing to cancel');
    const number = Number.parseInt(header(invite, 'CSeq') ?? '0', 10);
    const cancel = this.#compose(
      'CANCEL',
      number,
      undefined,
      {},
      header(invite, 'Via') ?? '',
      invite.uri,
    );
    this.#phone.send(withHeader(cancel, 'To', header(invite, 'To') ?? ''));
  }

  /** Answers a request that came. */
  reply(request: SipRequest, status: number, body?: string, fields: Fields = {}): void {
    const toTag = tagOf(this.local);
    const response = responseTo(request, status, {
      ...(toTag === undefined ? {} : { toTag }),
      headers: [{ name: 'Contact', value: `<${this.#phone.uri}>` }, ...toHeaders(fields, body)],
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    this.#phone.send(response);
  }

  receive(message: SipMessage): void {
    this.log.push(message);
    if (message.kind === 'response') {
      this.responses.put(message);
      return;
    }
    const id = `${header(message, 'CSeq') ?? ''} ${header(message, 'Via') ?? ''}`;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    if (message.method === 'BYE') this.reply(message, 200);
    if (message.method === 'CANCEL') this.reply(message, 200);
    this.requests.put(message);
  }

  #learn(response: SipResponse): void {
    const contact = header(response, 'Contact');
    if (contact !== undefined) this.target = parseAddress(contact).uri;
    this.remote = header(response, 'To') ?? this.remote;
  }

  #send(method: string, cseq: number, body: string | undefined, fields: Fields): SipRequest {
    const via = `SIP/2.0/UDP ${this.#phone.address}:${this.#phone.port};rport;branch=z9hG4bK${token()}`;
    const request = this.#compose(method, cseq, body, fields, via, this.target);
    if (method !== 'ACK') this.#sent.set(cseq, request);
    this.#phone.send(request);
    return request;
  }

  #compose(
    method: string,
    cseq: number,
    body: string | undefined,
    fields: Fields,
    via: string,
    uri: string,
  ): SipRequest {
    return {
      kind: 'request',
      method,
      uri,
      headers: [
        { name: 'Via', value: via },
        { name: 'Max-Forwards', value: '70' },
        { name: 'From', value: this.local },
        { name: 'To', value: this.remote },
        { name: 'Call-ID', value: this.callId },
        { name: 'CSeq', value: `${cseq} ${method}` },
        ...('Contact' in fields ? [] : [{ name: 'Contact', value: `<${this.#phone.uri}>` }]),
        ...toHeaders(fields, body),
      ],
      body: Buffer.from(body ?? ''),
    };
  }
}

function toHeaders(fields: Fields, body: string | undefined): Header[] {
  const headers = Object.entries(fields)
    .filter(([name]) => name !== 'From' && name !== 'To')
    .map(([name, value]) => ({ name, value }));
  const typed = headers.some(({ name }) => name.toLowerCase() === 'content-type');
  if (body !== undefined && !typed)
    headers.push({ name: 'Content-Type', value: 'application/sdp' });
  return headers;
}

function token(): string {
  return randomBytes(8).toString('hex');
}
