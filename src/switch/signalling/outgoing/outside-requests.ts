import type { RequestCommand } from '../../../protocol/drachtio/command.ts';
import { formatTime, sentRequestFields } from '../../../protocol/drachtio/event.ts';
import { tagOf, withTag } from '../../../protocol/sip/address.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { Header, SipRequest } from '../../../protocol/sip/message.ts';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { SipSerializeError, serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import { checkUri } from '../../../protocol/sip/uri.ts';
import type { ClientListener } from '../../sip/transactions.ts';
import { trySend } from '../attempts.ts';
import {
  type CommandOrigin,
  replyNok,
  replyOk,
  replySentRequest,
} from '../control/application-link.ts';
import { dialogIdOf } from '../dialog/dialog.ts';
import { newDialog } from '../dialog/dialog-creation.ts';
import type { Environment } from '../environment.ts';
import {
  applicationHeaders,
  contentType,
  find,
  MissingContentTypeError,
  ordered,
  withBrackets,
  without,
} from '../header-rules.ts';
import { findWay, type Way } from '../network/hop-resolver.ts';
import { advertisedHostPort, ownContact } from '../network/listeners.ts';
import { OutgoingInvite } from './outgoing-invite.ts';
import { tellMadeUpResponse, tellResponse } from './outgoing-responses.ts';

/** Methods that drachtio-server knows; it sends no others. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'INFO',
  'UPDATE',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
  'PUBLISH',
  'PRACK',
]);

/** Methods for which a registered phone is reached by its own connection. */
const BY_FLOW: ReadonlySet<string> = new Set(['INVITE', 'OPTIONS', 'NOTIFY', 'MESSAGE']);

const NO_TRANSACTION = 'Error creating sip transaction for uac request';

/** Sends an application's request outside of any dialog. */
export function sendOutsideDialog(
  origin: CommandOrigin,
  command: RequestCommand,
  environment: Environment,
): void {
  if (!isRequestLine(command)) {
    replyNok(origin, `invalid request-uri: ${command.sip.startLine}`);
    return;
  }
  const flow = BY_FLOW.has(command.method) ? environment.flows.find(command.uri) : undefined;
  if (flow !== undefined) {
    send(
      origin,
      command,
      { hop: flow, listener: environment.listeners.ofProtocol(flow.protocol) },
      environment,
    );
    return;
  }
  if (environment.listeners.isOwn(command.uri)) {
    replyNok(origin, 'can not send request to myself');
    return;
  }
  findWay(command.outboundProxy ?? command.uri, environment.listeners, (way) => {
    if (way === 'transport') replyNok(origin, 'requested protocol/transport not available');
    else if (way === 'address') failLookup(origin, command, environment);
    else send(origin, command, way, environment);
  });
}

/** The name of the host leads nowhere: drachtio-server says OK, and then makes up a 503. */
function failLookup(
  origin: CommandOrigin,
  command: RequestCommand,
  environment: Environment,
): void {
  const [listener] = environment.listeners.all;
  if (listener === undefined || !/^sips?:/i.test(command.uri)) {
    replyNok(origin, NO_TRANSACTION);
    return;
  }
  const hop = { protocol: listener.protocol, address: '', port: 0 };
  const request = tryBuild(origin, command, { hop, listener }, environment);
  if (request === undefined) return;
  const transactionId = environment.ids.uuid();
  const time = formatTime(environment.clock.nowMs());
  const meta = {
    source: 'application',
    bytes: 0,
    protocol: 'unknown',
    address: '',
    port: '0',
    time,
  } as const;
  replyOk(origin, sentRequestFields(meta, transactionId), serializeSipMessage(request));
  const callId = header(request, 'Call-ID') ?? '';
  const fromTag = tagOf(header(request, 'From') ?? '') ?? '';
  const dialogId = command.method === 'INVITE' ? dialogIdOf(callId, fromTag) : '';
  const sent = { request, protocol: 'unknown', status: 503, reason: 'DNS Error' } as const;
  tellMadeUpResponse({ client: origin.client, transactionId, dialogId }, sent, environment);
}

function isRequestLine(command: RequestCommand): boolean {
  try {
    checkUri(command.uri);
    return KNOWN_METHODS.has(command.method);
  } catch (error) {
    if (error instanceof SipParseError) return false;
    throw error;
  }
}

function send(
  origin: CommandOrigin,
  command: RequestCommand,
  way: Way,
  environment: Environment,
): void {
  if (environment.outgoing.full || environment.dialogs.full) {
    replyNok(origin, 'too many requests');
    return;
  }
  const request = tryBuild(origin, command, way, environment);
  if (request === undefined) return;
  const transactionId = environment.ids.uuid();
  if (command.method === 'INVITE' || command.method === 'SUBSCRIBE') {
    sendDialogMaker(origin, request, way, transactionId, environment);
    return;
  }
  const told = { client: origin.client, transactionId, dialogId: '' };
  const madeUp = (status: 408 | 503): void => {
    environment.outgoing.remove(transactionId);
    tellMadeUpResponse(told, { request, protocol: way.hop.protocol, status }, environment);
  };
  const listener: ClientListener = {
    response: (received) => {
      if (received.message.status >= 200) environment.outgoing.remove(transactionId);
      if (received.message.status > 100) tellResponse(told, received, environment);
    },
    timeout: () => madeUp(408),
    transportError: () => madeUp(503),
  };
  const transaction = trySend(request, way.hop, listener, environment);
  if (transaction === undefined) {
    replyNok(origin, NO_TRANSACTION);
    return;
  }
  const { client } = origin;
  environment.outgoing.add({
    transactionId,
    client,
    method: command.method,
    transaction,
    dialog: undefined,
    cancelled: false,
  });
  replySentRequest(origin, { request: transaction.request, way, transactionId }, environment.clock);
}

/** INVITE and SUBSCRIBE: their answer makes a dialog. */
function sendDialogMaker(
  origin: CommandOrigin,
  request: SipRequest,
  way: Way,
  transactionId: string,
  environment: Environment,
): void {
  const from = header(request, 'From') ?? '';
  const dialog = newDialog(request, {
    role: 'uac',
    transactionId,
    client: origin.client,
    listener: way.listener,
    localTag: tagOf(from) ?? '',
    local: from,
    remote: header(request, 'To') ?? '',
    remoteTag: undefined,
  });
  dialog.localContact = header(request, 'Contact') ?? dialog.localContact;
  dialog.localSdp = request.body;
  const invite = new OutgoingInvite(dialog, way, environment);
  const transaction = trySend(request, way.hop, invite, environment);
  if (transaction === undefined) {
    replyNok(origin, NO_TRANSACTION);
    return;
  }
  invite.sent(transaction);
  if (request.method === 'INVITE') environment.records.attempt('application', transaction.request);
  replySentRequest(origin, { request: transaction.request, way, transactionId }, environment.clock);
}

/** The request as it goes out, but for Via; nothing, with the command refused, when the application's headers are no good. */
function tryBuild(
  origin: CommandOrigin,
  command: RequestCommand,
  way: Way,
  environment: Environment,
): SipRequest | undefined {
  try {
    const request = build(command, way, environment);
    serializeSipMessage(request); // shows now what could not be written later
    return request;
  } catch (error) {
    if (error instanceof MissingContentTypeError) replyNok(origin, error.message);
    else if (error instanceof SipSerializeError) replyNok(origin, NO_TRANSACTION);
    else if (error instanceof SipParseError) {
      replyNok(origin, `invalid header value provided by client: ${error.reason}`);
    } else throw error;
    return undefined;
  }
}

function build(command: RequestCommand, way: Way, environment: Environment): SipRequest {
  const { method, uri, sip } = command;
  const { ids, clock } = environment;
  const given = applicationHeaders(sip.headers, advertisedHostPort(way.listener));
  const contact = ownContact(way.listener);
  const from = withTag(withBrackets(find(given, 'From') ?? contact), ids.token());
  const needsContact =
    (method === 'INVITE' || method === 'SUBSCRIBE') && find(given, 'Contact') === undefined;
  const own: Header[] = [
    { name: 'Max-Forwards', value: find(given, 'Max-Forwards') ?? '70' },
    { name: 'From', value: from },
    { name: 'To', value: withBrackets(find(given, 'To') ?? uri) },
    { name: 'Call-ID', value: find(given, 'Call-ID') ?? ids.uuid() },
    { name: 'CSeq', value: cseqValue(find(given, 'CSeq'), method, clock.nowMs()) },
    ...(needsContact ? [{ name: 'Contact', value: contact }] : []),
  ];
  const rest = without(given, ...own.map((field) => field.name));
  const type = contentType(sip.body, given, 'required');
  return {
    kind: 'request',
    method,
    uri,
    headers: ordered([...own, ...rest, ...type]),
    body: sip.body,
  };
}

const SECONDS_1900_TO_1970 = 2_208_988_800;

/** The given CSeq if it is one, else a large first number that grows with time, as Sofia makes it. */
function cseqValue(given: string | undefined, method: string, nowMs: number): string {
  const sequence = /^\s*(\d{1,10})\b/.exec(given ?? '')?.[1];
  if (sequence !== undefined && Number(sequence) < 2 ** 31) return `${Number(sequence)} ${method}`;
  const seconds = Math.floor(nowMs / 1000) + SECONDS_1900_TO_1970;
  return `${Math.floor(seconds / 2) % 2 ** 27} ${method}`;
}
