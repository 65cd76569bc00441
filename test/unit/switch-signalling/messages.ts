import { fresh } from './names.ts';

/** A request of a peer, as text; what is not given is made up. */
export interface Written {
  readonly method: string;
  readonly callId: string;
  readonly sequence: number;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly branch?: string;
  readonly uri?: string;
  readonly fields?: readonly string[];
  readonly body?: string;
  readonly port?: number;
}

/** Writes a peer's request. */
export function writeRequest(request: Written): string {
  const {
    method,
    callId,
    sequence,
    fromTag = 'caller',
    toTag,
    branch = fresh('z9hG4bKpeer'),
  } = request;
  const { uri = 'sip:1000@127.0.0.1:5060', fields = [], body = '', port = 5070 } = request;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=${branch}`,
    'Max-Forwards: 70',
    `From: <sip:caller@127.0.0.1:${port}>;tag=${fromTag}`,
    `To: <sip:1000@127.0.0.1:5060>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} ${method}`,
    `Contact: <sip:caller@127.0.0.1:${port}>`,
    ...fields,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** Writes the response of a peer to a request that the server sent, as text. */
export function writeResponse(
  request: string,
  status: number,
  toTag: string,
  fields: readonly string[] = [],
): string {
  const copied = request.split('\r\n').filter((line) => /^(via|from|call-id|cseq):/i.test(line));
  const to = request.split('\r\n').find((line) => /^to:/i.test(line)) ?? '';
  const tagged = /;tag=/.test(to) ? to : `${to};tag=${toTag}`;
  return [
    `SIP/2.0 ${status} Whatever`,
    ...copied,
    tagged,
    ...fields,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** The value of a header in a message as text. */
export function field(message: string | undefined, name: string): string | undefined {
  const line = (message ?? '')
    .split('\r\n')
    .find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim();
}

/** The start lines of messages. */
export function starts(messages: readonly string[]): string[] {
  return messages.map((message) => message.split('\r\n')[0] ?? '');
}
