import { randomUUID } from 'node:crypto';
import { chooseChallenge } from '../../protocol/digest/challenge.ts';
import { answerChallenge, formatCredentials } from '../../protocol/digest/credentials.ts';
import { headers } from '../../protocol/sip/headers.ts';
import type { Header, SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import type { Hop } from '../../switch/sip/hop.ts';
import type { TransactionLayer } from '../../switch/sip/transaction-layer.ts';
import { fromHeader } from './dialog.ts';

/** The server refused a request of ours. */
export class PhoneRefused extends Error {
  readonly status: number;

  constructor(method: string, status: number) {
    super(`${method} was answered with ${status}`);
    this.name = 'PhoneRefused';
    this.status = status;
  }
}

/** Whose requests they are, and where they go. */
interface Account {
  readonly user: string;
  /** Password, for what the server challenges. */
  readonly secret?: string;
  readonly server: Hop;
}

/** The requests of one phone: numbered in one row, sent to its server, one challenge answered. */
export class PhoneRequests {
  readonly #layer: TransactionLayer;
  readonly #account: Account;
  #sequence = 0;

  constructor(layer: TransactionLayer, account: Account) {
    this.#layer = layer;
    this.#account = account;
  }

  /** CSeq of the request written last. */
  get latestSequence(): number {
    return this.#sequence;
  }

  /** CSeq of a further request. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** A request outside of any dialog. */
  outside(
    method: string,
    uri: string,
    from: string,
    to: string,
    extra: readonly Header[],
    body: Buffer = Buffer.alloc(0),
  ): SipRequest {
    const tag = randomUUID().slice(0, 8);
    const fields = [
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: fromHeader('', from, tag) },
      { name: 'To', value: `<${to}>` },
      { name: 'Call-ID', value: randomUUID() },
      { name: 'CSeq', value: `${this.nextSequence()} ${method}` },
      ...extra,
    ];
    return { kind: 'request', method, uri, headers: fields, body };
  }

  /**
   * Sends, and answers one challenge (RFC 3261 section 22); gives the request answered and its final response.
   * Rejects with PhoneRefused when none comes.
   */
  async exchange(request: SipRequest): Promise<{ request: SipRequest; response: SipResponse }> {
    const response = await this.#sendForResponse(request);
    const { secret, user } = this.#account;
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
    const cseq = `${this.nextSequence()} ${method}`;
    const name = response.status === 401 ? 'Authorization' : 'Proxy-Authorization';
    const again: SipRequest = {
      ...request,
      headers: [
        ...request.headers.map((field) =>
          field.name === 'CSeq' ? { ...field, value: cseq } : field,
        ),
        { name, value: formatCredentials(credentials) },
      ],
    };
    return { request: again, response: await this.#sendForResponse(again) };
  }

  /** Sends a request whose response nobody waits for. */
  send(request: SipRequest): void {
    this.#layer.send(request, this.#account.server, {
      response: () => undefined,
      timeout: () => undefined,
      transportError: () => undefined,
    });
  }

  #sendForResponse(request: SipRequest): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      this.#layer.send(request, this.#account.server, {
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
}
