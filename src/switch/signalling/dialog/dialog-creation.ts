import { parseAddress, tagOf, withTag } from '../../../protocol/sip/address.ts';
import { parseCSeq } from '../../../protocol/sip/cseq.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import { SipParseError } from '../../../protocol/sip/parse-error.ts';
import { parseSipUri } from '../../../protocol/sip/uri.ts';
import { formatAddress, type Hop, type Received } from '../../sip/hop.ts';
import type { Client } from '../control/clients.ts';
import type { Environment } from '../environment.ts';
import type { IncomingRequest } from '../incoming/incoming-table.ts';
import { type Listener, ownContact } from '../network/listeners.ts';
import { type Dialog, type DialogRole, dialogIdOf } from './dialog.ts';
import { contactUri, routeValues } from './dialog-requests.ts';

/** What a dialog begins with, apart from what its first request says. */
export interface DialogStart {
  readonly role: DialogRole;
  readonly transactionId: string;
  readonly client: Client;
  readonly listener: Listener;
  readonly localTag: string;
  readonly local: string;
  readonly remote: string;
  readonly remoteTag: string | undefined;
}

/** A new dialog, of which nothing is known yet but its first request. */
export function newDialog(request: SipRequest, start: DialogStart): Dialog {
  const callId = header(request, 'Call-ID') ?? '';
  const fromTag = start.role === 'uac' ? start.localTag : (start.remoteTag ?? '');
  const { sequence } = parseCSeq(header(request, 'CSeq') ?? '');
  return {
    ...start,
    id: dialogIdOf(callId, fromTag),
    method: request.method === 'SUBSCRIBE' ? 'SUBSCRIBE' : 'INVITE',
    callId,
    localContact: ownContact(start.listener),
    remoteTarget: undefined,
    routeSet: [],
    fixedHop: undefined,
    localSequence: sequence,
    status: 0,
    established: false,
    unanswered: new Set(),
    answered: undefined,
    reinvite: undefined,
    unacknowledgedSequence: undefined,
    sentAck: undefined,
    byeAfterAck: false,
    localSdp: Buffer.alloc(0),
    stopSessionTimer: undefined,
    sessionExpiresSeconds: 0,
  };
}

/** The dialog of a request that came in (RFC 3261 section 12.1.1). */
export function createUasDialog(
  incoming: IncomingRequest,
  localTag: string,
  environment: Environment,
): Dialog {
  const { received } = incoming.transaction;
  const request = received.message;
  const from = header(request, 'From') ?? '';
  const dialog = newDialog(request, {
    role: 'uas',
    transactionId: incoming.transactionId,
    client: incoming.client,
    listener: environment.listeners.of(received.local),
    localTag,
    local: withTag(header(request, 'To') ?? '', localTag),
    remote: from,
    remoteTag: tagOf(from),
  });
  dialog.remoteTarget = contactUri(request);
  dialog.routeSet = routeValues(request, 'Record-Route');
  dialog.fixedHop = fixedHopOf(received, dialog);
  return dialog;
}

/**
 * A caller on TCP is answered on its connection; one on UDP whose Contact is not where it sent from is behind a NAT,
 * and gets requests where it sent from, unless a proxy (Record-Route) stands between.
 */
function fixedHopOf(received: Received<SipRequest>, dialog: Dialog): Hop | undefined {
  const { source } = received;
  if (source.protocol === 'tcp') return source;
  if (dialog.remoteTarget === undefined || dialog.routeSet.length > 0) return undefined;
  return sameEnd(dialog.remoteTarget, source) ? undefined : source;
}

/** Does this URI name that host, and that port if it names one? */
function sameEnd(uri: string, hop: Hop): boolean {
  try {
    const { host, port } = parseSipUri(uri);
    return host === formatAddress(hop.address) && (port === undefined || port === hop.port);
  } catch (error) {
    if (error instanceof SipParseError) return false;
    throw error;
  }
}

/** The host of a URI, or of the URI in an address; empty when it is no SIP URI. */
export function hostOf(value: string): string {
  try {
    return parseSipUri(value.includes('<') ? parseAddress(value).uri : value).host;
  } catch (error) {
    if (error instanceof SipParseError) return '';
    throw error;
  }
}
