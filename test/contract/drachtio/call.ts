import { tagOf } from '../../../src/protocol/sip/address.ts';
import { header } from '../../../src/protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../../src/protocol/sip/message.ts';
import { fresh, type SipPeer } from './peer.ts';

/** A call that a peer places: its requests, as the caller writes them. */
export class PeerCall {
  readonly peer: SipPeer;
  readonly callId = `${fresh('call')}@127.0.0.1`;
  readonly fromTag = fresh('from');
  readonly uri: string;
  sequence = 1;
  maxForwards = 70;
  toTag: string | undefined;
  /** Where requests inside the dialog go: the Contact of the answer. */
  target: string;
  routes: readonly string[] = [];
  #inviteBranch = fresh('z9hG4bKcaller');

  constructor(peer: SipPeer, serverPort: number, user = '1000') {
    this.peer = peer;
    const transport = peer.protocol === 'tcp' ? ';transport=tcp' : '';
    this.uri = `sip:${user}@127.0.0.1:${serverPort}${transport}`;
    this.target = this.uri;
  }

  /** Sends an INVITE, the first or one inside the dialog. */
  invite(options: { fields?: readonly Header[]; body?: string } = {}): SipRequest {
    const branch = fresh('z9hG4bKcaller');
    this.#inviteBranch = branch;
    const fields = [{ name: 'Contact', value: this.peer.contact }, ...(options.fields ?? [])];
    return this.send('INVITE', { fields, body: options.body ?? '', branch });
  }

  /** Acknowledges a 2xx, or with `refusal` any other final response. */
  ack(kind: 'success' | 'refusal' = 'success'): void {
    const refused = kind === 'refusal';
    this.#write('ACK', this.sequence, {
      branch: refused ? this.#inviteBranch : fresh('z9hG4bKack'),
      uri: refused ? this.uri : this.target,
    });
  }

  cancel(): void {
    this.#write('CANCEL', this.sequence, {
      branch: this.#inviteBranch,
      uri: this.uri,
      toTag: null,
    });
  }

  /** Sends a request with the next CSeq number inside the call. */
  send(
    method: string,
    options: { fields?: readonly Header[]; body?: string; branch?: string } = {},
  ): SipRequest {
    if (method !== 'INVITE' || this.toTag !== undefined) this.sequence += 1;
    return this.#write(method, this.sequence, {
      ...options,
      branch: options.branch ?? fresh('z9hG4bKin'),
    });
  }

  /** Takes tag, target and routes from a response that makes the dialog. */
  learn(response: SipResponse): void {
    this.toTag = tagOf(header(response, 'To') ?? '');
    const contact = /<([^>]+)>/.exec(header(response, 'Contact') ?? '')?.[1];
    this.target = contact ?? this.target;
    this.routes = response.headers
      .filter(({ name }) => name.toLowerCase() === 'record-route')
      .map(({ value }) => value)
      .toReversed();
  }

  #write(
    method: string,
    sequence: number,
    options: {
      fields?: readonly Header[];
      body?: string;
      branch: string;
      uri?: string;
      toTag?: null;
    },
  ): SipRequest {
    const { fields = [], body = '', branch } = options;
    const tag = this.toTag === undefined || options.toTag === null ? '' : `;tag=${this.toTag}`;
    const typed = fields.some(({ name }) => name.toLowerCase() === 'content-type');
    const request: SipRequest = {
      kind: 'request',
      method,
      uri: options.uri ?? (this.toTag === undefined ? this.uri : this.target),
      headers: [
        {
          name: 'Via',
          value: `SIP/2.0/${this.peer.protocol.toUpperCase()} 127.0.0.1:${this.peer.port};branch=${branch}`,
        },
        ...this.routes.map((value) => ({ name: 'Route', value })),
        { name: 'Max-Forwards', value: String(this.maxForwards) },
        {
          name: 'From',
          value: `"caller" <sip:caller@127.0.0.1:${this.peer.port}>;tag=${this.fromTag}`,
        },
        { name: 'To', value: `<${this.uri}>${tag}` },
        { name: 'Call-ID', value: this.callId },
        { name: 'CSeq', value: `${sequence} ${method}` },
        ...fields,
        ...(body === '' || typed ? [] : [{ name: 'Content-Type', value: 'application/sdp' }]),
      ],
      body: Buffer.from(body),
    };
    this.peer.send(request);
    return request;
  }
}
