import { header } from '../../../../src/protocol/sip/headers.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../../../src/protocol/sip/message.ts';
import { type ResponseOptions, responseTo } from '../../../../src/protocol/sip/response.ts';
import { DEFAULT_SIP_TIMERS } from '../../../../src/switch/sip/clock.ts';
import { TransportError } from '../../../../src/switch/sip/errors.ts';
import type { Hop, Received } from '../../../../src/switch/sip/hop.ts';
import { createTransactionLayer } from '../../../../src/switch/sip/transaction-layer.ts';
import type {
  ClientListener,
  ServerTransaction,
  TransactionUser,
} from '../../../../src/switch/sip/transactions.ts';
import type { Transports } from '../../../../src/switch/sip/transports.ts';
import { FakeClock } from './fake-clock.ts';

interface Sent {
  readonly atMs: number;
  readonly message: SipMessage;
  readonly failed: (error: TransportError) => void;
}

/** A transaction layer with nothing real around it: a clock to turn, a wire to read, a user that notes what it hears. */
export function bench(protocol: Hop['protocol'], options: { maxServerTransactions?: number } = {}) {
  const clock = new FakeClock();
  const peer: Hop = { protocol, address: '127.0.0.1', port: 5070 };
  const local: Hop = { protocol, address: '127.0.0.1', port: 5060 };
  const sent: Sent[] = [];
  const requests: ServerTransaction[] = [];
  const acks: SipRequest[] = [];
  const cancels: { cancel: ServerTransaction; invite: ServerTransaction | undefined }[] = [];
  const write = (message: SipMessage, failed: Sent['failed']): void => {
    sent.push({ atMs: clock.nowMs, message, failed });
  };
  const transports: Transports = {
    bound: [local],
    localFor: () => ({ host: local.address, port: local.port }),
    send: (message, _target, failed) => write(message, failed),
    respond: (response, _received, failed) => write(response, failed),
    counts: () => ({ received: 0, sent: 0, malformed: 0, connections: 0, connectionsRefused: 0 }),
    close: () => Promise.resolve(),
  };
  const user: TransactionUser = {
    request: (transaction) => requests.push(transaction),
    ack: ({ message }) => acks.push(message),
    cancel: (cancel, invite) => cancels.push({ cancel, invite }),
  };
  let lastId = 0;
  const ids = (): string => `id${(lastId += 1)}`;
  const timers = DEFAULT_SIP_TIMERS;
  const layer = createTransactionLayer({ transports, clock, timers, user, ids, ...options });
  const receive = (message: SipMessage): void => {
    layer.receive({ message, bytes: 0, source: peer, local });
  };
  return { clock, peer, sent, requests, acks, cancels, layer, receive, ...reading(sent) };
}

function reading(sent: readonly Sent[]) {
  const name = ({ message }: Sent): string =>
    message.kind === 'request' ? message.method : String(message.status);
  return {
    /** What went out, each as its method or status. */
    names: (): string[] => sent.map(name),
    /** When each message of this name went out. */
    times: (wanted: string): number[] =>
      sent.filter((one) => name(one) === wanted).map(({ atMs }) => atMs),
  };
}

/** A request as a peer sends it, or, without Via, as we do. */
export function request(
  method: string,
  changes: Readonly<Record<string, string>> = {},
): SipRequest {
  const fields: Record<string, string> = {
    Via: 'SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKpeer',
    From: '<sip:a@127.0.0.1>;tag=a',
    To: '<sip:b@127.0.0.1>',
    'Call-ID': 'call',
    CSeq: `1 ${method}`,
    ...changes,
  };
  const headers = Object.entries(fields).map(([name, value]) => ({ name, value }));
  return { kind: 'request', method, uri: 'sip:b@127.0.0.1', headers, body: Buffer.alloc(0) };
}

/** A request of ours before the layer puts its Via on it. */
export function ownRequest(method: string): SipRequest {
  const whole = request(method);
  return { ...whole, headers: whole.headers.filter(({ name }) => name !== 'Via') };
}

export function answer(
  to: SipRequest,
  status: number,
  options: ResponseOptions = { toTag: 'b' },
): SipResponse {
  return responseTo(to, status, options);
}

/** A listener that notes what it is told, each as a status or a word. */
export function notes(): { readonly heard: string[]; readonly listener: ClientListener } {
  const heard: string[] = [];
  return {
    heard,
    listener: {
      response: ({ message }: Received<SipResponse>) => heard.push(String(message.status)),
      timeout: () => heard.push('timeout'),
      transportError: () => heard.push('transport error'),
    },
  };
}

export function cseqOf(message: SipMessage | undefined): string | undefined {
  return message && header(message, 'CSeq');
}
