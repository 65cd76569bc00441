import {
  formatTime,
  type MessageMeta,
  sentRequestFields,
  sentResponseFields,
} from '../../../protocol/drachtio/event.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../../protocol/sip/message.ts';
import { serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import type { Received } from '../../sip/hop.ts';
import type { Way } from '../network/hop-resolver.ts';
import type { Clock } from '../runtime.ts';
import type { Client } from './clients.ts';

/** How a command ended for the application that gave it. */
export interface CommandOrigin {
  readonly client: Client;
  readonly messageId: string;
}

/** Meta data of a message that came in. */
export function receivedMeta(received: Received, clock: Clock): MessageMeta {
  const { protocol, address, port } = received.source;
  return meta('network', received.bytes, protocol, address, port, clock);
}

/** Meta data of a request that was sent: over UDP where from, over TCP where to, as drachtio-server tells it. */
export function sentRequestMeta(bytes: number, way: Way, clock: Clock): MessageMeta {
  const { protocol, address, port } = way.hop.protocol === 'udp' ? way.listener : way.hop;
  return meta('application', bytes, protocol, address, port, clock);
}

function meta(
  source: MessageMeta['source'],
  bytes: number,
  protocol: string,
  address: string,
  port: number,
  clock: Clock,
): MessageMeta {
  return { source, bytes, protocol, address, port: String(port), time: formatTime(clock.nowMs()) };
}

/** Refuses a command: `NOK|reason`. */
export function replyNok(origin: CommandOrigin, reason: string): void {
  origin.client.send({
    type: 'response',
    inReplyTo: origin.messageId,
    outcome: 'NOK',
    fields: [reason],
  });
}

/** Accepts a command, with what belongs to it. */
export function replyOk(origin: CommandOrigin, fields: readonly string[] = [], sip?: Buffer): void {
  const reply = { type: 'response', inReplyTo: origin.messageId, outcome: 'OK', fields } as const;
  origin.client.send(sip === undefined ? reply : { ...reply, sip });
}

/** Shows the application the request that was sent for it. */
export function replySentRequest(
  origin: CommandOrigin,
  sent: { readonly request: SipRequest; readonly way: Way; readonly transactionId: string },
  clock: Clock,
): void {
  const sip = serializeSipMessage(sent.request);
  replyOk(
    origin,
    sentRequestFields(sentRequestMeta(sip.length, sent.way, clock), sent.transactionId),
    sip,
  );
}

/**
 * Shows the application the response that was sent for it. drachtio-server leaves the protocol empty once a
 * request other than INVITE has its final response.
 */
export function replySentResponse(
  origin: CommandOrigin,
  sent: {
    readonly response: SipResponse;
    readonly received: Received<SipRequest>;
    readonly transactionId: string;
    readonly dialogId: string;
  },
  clock: Clock,
): void {
  const sip = serializeSipMessage(sent.response);
  const { message, source } = sent.received;
  const over = message.method !== 'INVITE' && sent.response.status >= 200;
  const told = meta(
    'application',
    sip.length,
    over ? '' : source.protocol,
    source.address,
    source.port,
    clock,
  );
  replyOk(origin, sentResponseFields(told, sent.transactionId, sent.dialogId), sip);
}

/** Gives the application a message of the network. */
export function tell(
  client: Client,
  message: SipMessage,
  told: { readonly meta: MessageMeta; readonly transactionId: string; readonly dialogId: string },
): void {
  client.send({ type: 'sip', sip: serializeSipMessage(message), ...told });
}
