import { joinPayload, splitPayload } from './sip-text.ts';

/** Where a SIP message came from and when, as the server tells it to an application. */
export interface MessageMeta {
  /** `network`: received. `application`: sent by the server, for the application or by itself. */
  readonly source: 'network' | 'application';
  /** Length on the wire. */
  readonly bytes: number;
  /** `udp`, `tcp`; empty in several cases (see the server's dialog code). */
  readonly protocol: string;
  readonly address: string;
  readonly port: string;
  /** UTC, as 09:56:04.664630. */
  readonly time: string;
}

/** What drachtio-server tells an application. `messageId` is the server's own and means nothing more. */
export type ServerEvent = ReplyEvent | SipEvent | CdrEvent;

/** The reply to a command: `fields` is what stands after the outcome. */
export interface ReplyEvent {
  readonly type: 'response';
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly outcome: 'OK' | 'NO' | 'NOK';
  readonly fields: readonly string[];
  readonly sip?: Buffer;
}

/** A request or response for the application. `local` (the listener's address) only for requests outside dialogs. */
export interface SipEvent {
  readonly type: 'sip';
  readonly messageId: string;
  readonly meta: MessageMeta;
  /** `unsolicited` for a BYE that the server made. */
  readonly transactionId: string;
  readonly dialogId: string;
  readonly local?: { readonly address: string; readonly port: string };
  readonly sip: Buffer;
}

/** A call detail record. `detail` is the role of a start record (`uas`), the reason of a stop record. */
export interface CdrEvent {
  readonly type: 'cdr';
  readonly messageId: string;
  readonly record: 'attempt' | 'start' | 'stop';
  readonly source: 'network' | 'application';
  readonly time: string;
  readonly detail?: string;
  readonly sip: Buffer;
}

/** A payload is not what a drachtio-server sends. */
export class ServerEventError extends Error {
  override readonly name = 'ServerEventError';
}

const SECONDS_A_DAY = 86_400;

/** A time of day as the server writes it, UTC with microseconds. `nowMs`: milliseconds since the epoch, with fractions. */
export function formatTime(nowMs: number): string {
  const totalMicroseconds = Math.floor(nowMs * 1000);
  const microseconds = totalMicroseconds % 1_000_000;
  const seconds = Math.floor(totalMicroseconds / 1_000_000) % SECONDS_A_DAY;
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':');
  return `${clock}.${String(microseconds).padStart(6, '0')}`;
}

/** A message's meta data as the six fields of a frame. */
function metaFields(meta: MessageMeta): string[] {
  return [meta.source, String(meta.bytes), meta.protocol, meta.address, meta.port, meta.time];
}

/** The fields of the reply to a request sent; the SIP as sent goes with it. */
export function sentRequestFields(meta: MessageMeta, transactionId: string): string[] {
  return [...metaFields(meta), transactionId, 'Msg sent:', ''];
}

/** The fields of the reply to a response sent; the SIP as sent goes with it. */
export function sentResponseFields(
  meta: MessageMeta,
  transactionId: string,
  dialogId: string,
): string[] {
  return [...metaFields(meta), transactionId, dialogId, '', 'Msg sent:', ''];
}

/** The fields of one final response to a proxied request; that response goes with it. */
export function proxiedFields(meta: MessageMeta): string[] {
  return [...metaFields(meta), '', '', 'continue'];
}

/** Writes a payload as the server does. */
export function buildEvent(event: ServerEvent): Buffer {
  switch (event.type) {
    case 'response':
      return joinPayload(
        [event.messageId, 'response', event.inReplyTo, event.outcome, ...event.fields],
        event.sip,
      );
    case 'sip': {
      const fields = [
        event.messageId,
        'sip',
        ...metaFields(event.meta),
        event.transactionId,
        event.dialogId,
      ];
      if (event.local !== undefined) fields.push(event.local.address, event.local.port);
      return joinPayload([...fields, ''], event.sip);
    }
    case 'cdr': {
      const fields = [event.messageId, `cdr:${event.record}`, event.source, event.time];
      if (event.detail !== undefined) fields.push(event.detail);
      return joinPayload(fields, event.sip);
    }
  }
}

/** Reads a server's payload. Throws ServerEventError. */
export function parseEvent(payload: Buffer): ServerEvent {
  const { fields, sip } = splitPayload(payload);
  const [messageId = '', type = '', ...rest] = fields;
  switch (type) {
    case 'response':
      return parseReply(messageId, rest, sip);
    case 'sip':
      return parseSipEvent(messageId, rest, sip);
    case 'cdr:attempt':
    case 'cdr:start':
    case 'cdr:stop':
      return parseCdr(messageId, type, rest, sip);
    default:
      throw new ServerEventError(`unknown message type '${type.slice(0, 40)}'`);
  }
}

function parseReply(
  messageId: string,
  fields: readonly string[],
  sip: Buffer | undefined,
): ReplyEvent {
  const [inReplyTo = '', outcome, ...rest] = fields;
  if (outcome !== 'OK' && outcome !== 'NO' && outcome !== 'NOK') {
    throw new ServerEventError('a reply has none of OK, NO, NOK');
  }
  const reply = { type: 'response', messageId, inReplyTo, outcome, fields: rest } as const;
  return sip === undefined ? reply : { ...reply, sip };
}

function parseSource(source: string | undefined): 'network' | 'application' {
  if (source === 'network' || source === 'application') return source;
  throw new ServerEventError('the source is neither network nor application');
}

function parseSipEvent(
  messageId: string,
  fields: readonly string[],
  sip: Buffer | undefined,
): SipEvent {
  const [
    source,
    bytes = '',
    protocol = '',
    address = '',
    port = '',
    time = '',
    transactionId,
    dialogId,
    ...local
  ] = fields;
  if (
    transactionId === undefined ||
    dialogId === undefined ||
    sip === undefined ||
    !/^\d{1,9}$/.test(bytes)
  ) {
    throw new ServerEventError('a sip message lacks fields');
  }
  const event: SipEvent = {
    type: 'sip',
    messageId,
    meta: { source: parseSource(source), bytes: Number(bytes), protocol, address, port, time },
    transactionId,
    dialogId,
    sip,
  };
  const [localAddress, localPort] = local;
  if (localAddress === undefined || localPort === undefined) return event;
  return { ...event, local: { address: localAddress, port: localPort } };
}

function parseCdr(
  messageId: string,
  type: `cdr:${CdrEvent['record']}`,
  fields: readonly string[],
  sip: Buffer | undefined,
): CdrEvent {
  const [source, time = '', detail] = fields;
  if (sip === undefined) throw new ServerEventError('a call detail record lacks its message');
  const record = type === 'cdr:attempt' ? 'attempt' : type === 'cdr:start' ? 'start' : 'stop';
  const event = { type: 'cdr', messageId, record, source: parseSource(source), time, sip } as const;
  return detail === undefined ? event : { ...event, detail };
}
