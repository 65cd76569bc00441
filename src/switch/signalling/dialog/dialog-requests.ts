import { parseAddress } from '../../../protocol/sip/address.ts';
import { header, headerList, headers } from '../../../protocol/sip/headers.ts';
import type { Header, SipMessage, SipRequest } from '../../../protocol/sip/message.ts';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import { topVia, withoutTopVia } from '../../../protocol/sip/via-stack.ts';
import type { ClientListener } from '../../sip/transactions.ts';
import { trySend, trySendStateless } from '../attempts.ts';
import { sentRequestMeta, tell } from '../control/application-link.ts';
import type { Environment } from '../environment.ts';
import { ordered } from '../header-rules.ts';
import { findWay, type Way, type WayFailure } from '../network/hop-resolver.ts';
import type { Dialog } from './dialog.ts';

/** What becomes of a request of the server's own, or of one nobody waits for. */
const NOBODY_LISTENS: ClientListener = {
  response: () => undefined,
  timeout: () => undefined,
  transportError: () => undefined,
};

/** A request inside a dialog (RFC 3261 section 12.2.1.1), without Via. `uri` is the remote target when absent. */
export function buildInDialog(
  dialog: Dialog,
  content: {
    readonly method: string;
    readonly sequence: number;
    readonly uri?: string | undefined;
    readonly headers?: readonly Header[];
    readonly body?: Buffer;
  },
): SipRequest {
  const { method, sequence, headers = [], body = Buffer.alloc(0) } = content;
  const own: Header[] = [
    ...dialog.routeSet.map((value) => ({ name: 'Route', value })),
    { name: 'Max-Forwards', value: '70' },
    { name: 'From', value: dialog.local },
    { name: 'To', value: dialog.remote },
    { name: 'Call-ID', value: dialog.callId },
    { name: 'CSeq', value: `${sequence} ${method}` },
  ];
  const uri = content.uri ?? dialog.remoteTarget ?? parseAddress(dialog.remote).uri;
  return { kind: 'request', method, uri, headers: ordered([...own, ...headers]), body };
}

/** Where a request inside a dialog goes; calls back as `findWay`. */
export function findDialogWay(
  dialog: Dialog,
  request: SipRequest,
  environment: Environment,
  found: (way: Way | WayFailure) => void,
): void {
  if (dialog.fixedHop !== undefined) {
    found({ hop: dialog.fixedHop, listener: dialog.listener });
    return;
  }
  const [route] = dialog.routeSet;
  const next = route === undefined ? request.uri : parseAddress(route).uri;
  findWay(next, environment.listeners, found);
}

/** The URI of the first Contact of a message; none without one. */
export function contactUri(message: SipMessage): string | undefined {
  const value = header(message, 'Contact');
  if (value === undefined || value === '*') return undefined;
  try {
    return parseAddress(firstOfList(value)).uri;
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

/**
 * The values of Route or Record-Route in their order; none at all when one of them is malformed, since a route set
 * with a gap leads nowhere.
 */
export function routeValues(message: SipMessage, name: 'Route' | 'Record-Route'): string[] {
  try {
    const values = headerList(message, name);
    for (const value of values) parseAddress(value);
    return values;
  } catch (error) {
    if (error instanceof SipParseError) return [];
    throw error;
  }
}

/** Are the routes of a request such that they can be followed? */
export function hasGoodRoutes(request: SipMessage): boolean {
  return (['Route', 'Record-Route'] as const).every(
    (name) => headers(request, name).length === 0 || routeValues(request, name).length > 0,
  );
}

/** The first of a comma-separated list of addresses; commas inside quotes or brackets do not count. */
function firstOfList(value: string): string {
  const match = /^(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^",<])*/.exec(value);
  return match?.[0] ?? value;
}

/**
 * Ends a dialog by a BYE of the server's own and tells the application so (`unsolicited`; it must not answer).
 * `reason` is the text of the Reason header.
 */
export function hangUp(dialog: Dialog, reason: string, environment: Environment): void {
  const { clock, dialogs, log } = environment;
  dialogs.remove(dialog);
  dialog.localSequence += 1;
  const bye = buildInDialog(dialog, {
    method: 'BYE',
    sequence: dialog.localSequence,
    headers: [{ name: 'Reason', value: `SIP;cause=200;text="${reason}"` }],
  });
  findDialogWay(dialog, bye, environment, (way) => {
    if (typeof way === 'string') {
      log({ level: 'warn', event: 'bye-not-sent', detail: { reason: way } });
      return;
    }
    const request = trySend(bye, way.hop, NOBODY_LISTENS, environment)?.request ?? bye;
    const meta = sentRequestMeta(serializeSipMessage(request).length, way, clock);
    tell(dialog.client, request, { meta, transactionId: 'unsolicited', dialogId: dialog.id });
  });
}

/** Sends the ACK of our last INVITE once more, with the same branch; nothing happens before the application gave it. */
export function repeatAck(dialog: Dialog, environment: Environment): void {
  const { sentAck } = dialog;
  if (sentAck === undefined || dialog.unacknowledgedSequence !== undefined) return;
  const branch = topVia(sentAck.request).parameters.get('branch');
  trySendStateless(withoutTopVia(sentAck.request), sentAck.hop, environment, branch);
}
