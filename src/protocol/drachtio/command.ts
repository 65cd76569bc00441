import { buildSipText, joinPayload, parseSipText, type SipText, splitPayload } from './sip-text.ts';

/** What an application asks of drachtio-server. `messageId` is the application's, repeated in the reply. */
export type Command =
  | {
      readonly type: 'authenticate';
      readonly messageId: string;
      readonly secret: string;
      readonly tags: readonly string[];
    }
  | { readonly type: 'route' | 'remove_route'; readonly messageId: string; readonly verb: string }
  | { readonly type: 'ping'; readonly messageId: string }
  | ResponseCommand
  | RequestCommand
  | ProxyCommand;

/** Answer the request that came with `transactionId`. */
export interface ResponseCommand {
  readonly type: 'response';
  readonly messageId: string;
  readonly transactionId: string;
  readonly status: number;
  readonly reason: string;
  readonly sip: SipText;
}

/**
 * Send a request: with `dialogId` inside that dialog, with `transactionId` a CANCEL of that request of the
 * application's own, with neither outside of any dialog, by way of `outboundProxy` (a SIP URI) if given.
 */
export interface RequestCommand {
  readonly type: 'request';
  readonly messageId: string;
  readonly transactionId: string;
  readonly dialogId: string;
  readonly outboundProxy?: string;
  readonly method: string;
  readonly uri: string;
  readonly sip: SipText;
}

/** Proxy the request that came with `transactionId` to the targets (SIP URIs), in order or all at once. */
export interface ProxyCommand {
  readonly type: 'proxy';
  readonly messageId: string;
  readonly transactionId: string;
  /** Put a Record-Route (Path for REGISTER) into the request. */
  readonly remainInDialog: boolean;
  /** Show the final responses to the application. */
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly forking: 'serial' | 'simultaneous';
  /** As `1s` or `500ms`; empty for none. */
  readonly provisionalTimeout: string;
  readonly finalTimeout: string;
  readonly targets: readonly string[];
  readonly sip: SipText;
}

/** The application's message cannot be understood: answer `NO|<message>` to `messageId` and close, as the server does. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly messageId: string;

  constructor(messageId: string, message: string) {
    super(message);
    this.messageId = messageId;
  }
}

/** The most targets a proxy command may name. */
export const MAX_PROXY_TARGETS = 100;

const EMPTY_SIP: SipText = { startLine: '', headers: [], body: Buffer.alloc(0) };
const STATUS_LINE = /^SIP\/2\.0 +([1-6]\d\d)(?: +(.*))?$/i;

/** Reads an application's payload. Throws CommandError with the real server's words. */
export function parseCommand(payload: Buffer): Command {
  const { fields, sip } = splitPayload(payload);
  const [messageId = '', type, ...rest] = fields;
  if (type === undefined) throw new CommandError(messageId, 'Invalid message format');
  switch (type) {
    case 'ping':
      return { type, messageId };
    case 'route':
    case 'remove_route':
      if (rest[0] === undefined) throw new CommandError(messageId, 'Invalid message format');
      return { type, messageId, verb: rest[0] };
    case 'authenticate':
      return {
        type,
        messageId,
        secret: rest[0] ?? '',
        tags: (rest[1] ?? '').split(',').filter((tag) => tag !== ''),
      };
    case 'sip':
      return parseSipCommand(messageId, rest, sip);
    case 'proxy':
      return parseProxyCommand(messageId, rest, sip);
    default:
      throw new CommandError(messageId, 'Unknown message type');
  }
}

function parseSipCommand(
  messageId: string,
  fields: readonly string[],
  raw: Buffer | undefined,
): Command {
  const [transactionId, dialogId, outboundProxy] = fields;
  if (transactionId === undefined || dialogId === undefined || raw === undefined) {
    throw new CommandError(messageId, 'Invalid message format');
  }
  const sip = parseSipText(raw);
  if (sip.startLine.startsWith('SIP/')) {
    const match = STATUS_LINE.exec(sip.startLine);
    if (match === null) throw new CommandError(messageId, 'Invalid message format');
    if (transactionId === '') throw new CommandError(messageId, 'transaction id missing');
    return {
      type: 'response',
      messageId,
      transactionId,
      status: Number(match[1]),
      reason: match[2] ?? '',
      sip,
    };
  }
  const [method = '', uri = ''] = sip.startLine.split(/ +/);
  if (transactionId !== '' && dialogId === '' && method !== 'CANCEL') {
    throw new CommandError(messageId, 'Invalid message format');
  }
  const request = {
    type: 'request',
    messageId,
    transactionId,
    dialogId,
    method,
    uri,
    sip,
  } as const;
  return outboundProxy === undefined || outboundProxy === ''
    ? request
    : { ...request, outboundProxy };
}

function parseProxyCommand(
  messageId: string,
  fields: readonly string[],
  raw: Buffer | undefined,
): ProxyCommand {
  const [transactionId, remain, full, redirects, forking, provisional, final, ...targets] = fields;
  if (
    transactionId === undefined ||
    final === undefined ||
    targets.length === 0 ||
    targets.length > MAX_PROXY_TARGETS
  ) {
    throw new CommandError(messageId, 'Invalid proxy request: not enough information provided');
  }
  return {
    type: 'proxy',
    messageId,
    transactionId,
    remainInDialog: remain === 'remainInDialog',
    fullResponse: full === 'fullResponse',
    followRedirects: redirects === 'followRedirects',
    forking: forking === 'simultaneous' ? 'simultaneous' : 'serial',
    provisionalTimeout: provisional ?? '',
    finalTimeout: final,
    targets,
    sip: raw === undefined ? EMPTY_SIP : parseSipText(raw),
  };
}

/** Writes a payload as an application would. */
export function buildCommand(command: Command): Buffer {
  const { messageId, type } = command;
  switch (type) {
    case 'ping':
      return joinPayload([messageId, type], undefined);
    case 'route':
    case 'remove_route':
      return joinPayload([messageId, type, command.verb], undefined);
    case 'authenticate':
      return joinPayload([messageId, type, command.secret, command.tags.join(',')], undefined);
    case 'response':
      return joinPayload([messageId, 'sip', command.transactionId, ''], buildSipText(command.sip));
    case 'request': {
      const fields = [messageId, 'sip', command.transactionId, command.dialogId];
      if (command.outboundProxy !== undefined) fields.push(command.outboundProxy);
      return joinPayload(fields, buildSipText(command.sip));
    }
    case 'proxy':
      return joinPayload(
        [
          messageId,
          type,
          command.transactionId,
          command.remainInDialog ? 'remainInDialog' : '',
          command.fullResponse ? 'fullResponse' : '',
          command.followRedirects ? 'followRedirects' : '',
          command.forking,
          command.provisionalTimeout,
          command.finalTimeout,
          ...command.targets,
        ],
        buildSipText(command.sip),
      );
  }
}
