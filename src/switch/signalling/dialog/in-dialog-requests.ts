import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import type { Received } from '../../sip/hop.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import { tryRespond } from '../attempts.ts';
import { receivedMeta, tell } from '../control/application-link.ts';
import type { Environment } from '../environment.ts';
import type { IncomingRequest } from '../incoming/incoming-table.ts';
import { takeNewRequest } from '../incoming/new-requests.ts';
import type { Dialog } from './dialog.ts';
import { contactUri } from './dialog-requests.ts';
import {
  MIN_SESSION_EXPIRES_SECONDS,
  sessionExpiresOf,
  startSessionTimer,
} from './session-timer.ts';

/** Requests that drachtio-server gives to any application with a route for them while a dialog is early. */
const OUTSIDE_WHILE_EARLY: ReadonlySet<string> = new Set([
  'NOTIFY',
  'OPTIONS',
  'INFO',
  'MESSAGE',
  'PUBLISH',
  'SUBSCRIBE',
]);

/** Requests whose Contact becomes the new remote target (RFC 3261 section 12.2.2, RFC 3311, RFC 6665). */
const TARGET_REFRESH: ReadonlySet<string> = new Set([
  'INVITE',
  'UPDATE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
]);

/** Gives a request inside a dialog to the application of that dialog; 481 when it is gone. */
export function takeInDialogRequest(
  dialog: Dialog,
  transaction: ServerTransaction,
  environment: Environment,
): void {
  const request = transaction.received.message;
  const { method } = request;
  const answer = (status: number, name?: string, value = ''): void => {
    const headers = name === undefined ? [] : [{ name, value }];
    tryRespond(transaction, responseTo(request, status, { headers }), environment);
  };
  if (method === 'INVITE') answer(100);
  if (method === 'PRACK') {
    takePrack(dialog, transaction, environment);
    return;
  }
  if (
    (method === 'INVITE' || method === 'UPDATE') &&
    !acceptsSession(dialog, request, environment)
  ) {
    answer(422, 'Min-SE', String(MIN_SESSION_EXPIRES_SECONDS));
    return;
  }
  if (TARGET_REFRESH.has(method)) dialog.remoteTarget = contactUri(request) ?? dialog.remoteTarget;
  if (!dialog.established && method !== 'BYE') takeWhileEarly(dialog, transaction, environment);
  else if (!dialog.established || !dialog.client.connected) {
    answer(481);
    if (method === 'BYE') endCall(dialog, environment);
    if (method === 'BYE') environment.records.stop('network', 'normal-release', request);
  } else {
    offer(dialog, transaction, environment);
    if (method === 'BYE') environment.records.stop('network', 'normal-release', request);
  }
}

/** An ACK of a 2xx, for the application. That to an initial 200 carries the INVITE's transaction id, others a new one. */
export function takeAck(
  dialog: Dialog,
  received: Received<SipRequest>,
  environment: Environment,
): void {
  const { answered } = dialog;
  if (answered !== undefined) {
    dialog.answered = undefined;
    answered.stopTimer();
    environment.incoming.remove(answered);
  }
  const transactionId =
    answered?.kind === 'initial' ? answered.transactionId : environment.ids.uuid();
  const meta = { ...receivedMeta(received, environment.clock), protocol: '' };
  tell(dialog.client, received.message, { meta, transactionId, dialogId: dialog.id });
}

/** Tells the application of the dialog and waits for its answer. A BYE ends the dialog here and now. */
function offer(dialog: Dialog, transaction: ServerTransaction, environment: Environment): void {
  const { received } = transaction;
  const { method } = received.message;
  const incoming: IncomingRequest = {
    transactionId: environment.ids.uuid(),
    transaction,
    client: dialog.client,
    kind: 'in-dialog',
    dialog,
    lastResponse: undefined,
    reliable: undefined,
    update: undefined,
    stopTimer: () => undefined,
  };
  if (environment.incoming.full) {
    tryRespond(transaction, responseTo(received.message, 500), environment);
    return;
  }
  environment.incoming.add(incoming);
  const meta = receivedMeta(received, environment.clock);
  tell(dialog.client, received.message, {
    meta,
    transactionId: incoming.transactionId,
    dialogId: dialog.id,
  });
  if (method !== 'INVITE') {
    // The transaction is over by then, so nobody could be told.
    incoming.stopTimer = environment.clock.after(environment.timers.transactionMs, () => {
      environment.incoming.remove(incoming);
      dialog.unanswered.delete(incoming.transactionId);
    });
  }
  if (method === 'BYE') endDialog(dialog, environment);
  else if (method === 'NOTIFY' && endsSubscription(dialog, received.message)) {
    environment.dialogs.remove(dialog);
  } else dialog.unanswered.add(incoming.transactionId);
}

/** A BYE that its application does not see ends the call all the same; an INVITE not yet answered gets 500. */
function endCall(dialog: Dialog, environment: Environment): void {
  const invite = environment.incoming.byId(dialog.transactionId);
  if (invite !== undefined && dialog.status < 200) {
    const { transaction } = invite;
    environment.incoming.remove(invite);
    const toTag = dialog.localTag;
    tryRespond(transaction, responseTo(transaction.received.message, 500, { toTag }), environment);
  }
  endDialog(dialog, environment);
}

/** Removes a dialog; requests its application never answered get 500. */
export function endDialog(dialog: Dialog, environment: Environment): void {
  environment.dialogs.remove(dialog);
  if (dialog.answered !== undefined) environment.incoming.remove(dialog.answered);
  dialog.answered = undefined;
  for (const transactionId of dialog.unanswered) {
    const left = environment.incoming.byId(transactionId);
    if (left === undefined) continue;
    environment.incoming.remove(left);
    tryRespond(left.transaction, responseTo(left.transaction.received.message, 500), environment);
  }
  dialog.unanswered.clear();
}

function endsSubscription(dialog: Dialog, notify: SipRequest): boolean {
  return (
    dialog.method === 'SUBSCRIBE' && /^terminated/i.test(header(notify, 'Subscription-State') ?? '')
  );
}

/** While a dialog is early only UPDATE goes by it, under the transaction id of the INVITE. */
function takeWhileEarly(
  dialog: Dialog,
  transaction: ServerTransaction,
  environment: Environment,
): void {
  const { received } = transaction;
  const { method } = received.message;
  const answer = (status: number): boolean =>
    tryRespond(transaction, responseTo(received.message, status), environment);
  if (OUTSIDE_WHILE_EARLY.has(method)) {
    takeNewRequest(transaction, environment);
    return;
  }
  const invite = environment.incoming.byId(dialog.transactionId);
  if (method !== 'UPDATE' || invite === undefined || !dialog.client.connected) answer(481);
  else if (invite.update !== undefined)
    answer(500); // one at a time (RFC 3311 section 5.2)
  else {
    invite.update = transaction;
    const meta = receivedMeta(received, environment.clock);
    tell(dialog.client, received.message, {
      meta,
      transactionId: dialog.transactionId,
      dialogId: dialog.id,
    });
  }
}

function takePrack(dialog: Dialog, transaction: ServerTransaction, environment: Environment): void {
  const request = transaction.received.message;
  const invite = environment.incoming.byId(dialog.transactionId);
  const [sequence = ''] = (header(request, 'RAck') ?? '').split(/\s+/);
  const awaited = invite?.reliable?.acknowledge(Number(sequence)) ?? false;
  if (!awaited || !dialog.client.connected) {
    tryRespond(transaction, responseTo(request, 481), environment);
    return;
  }
  if (!dialog.established) environment.dialogs.establish(dialog);
  offer(dialog, transaction, environment);
}

/** Takes up the Session-Expires of a re-INVITE or UPDATE; false if it is too small (RFC 4028 section 9). */
function acceptsSession(dialog: Dialog, request: SipRequest, environment: Environment): boolean {
  const asked = sessionExpiresOf(request);
  if (asked === undefined) {
    dialog.stopSessionTimer?.();
    dialog.stopSessionTimer = undefined;
    return true;
  }
  if (asked.seconds < MIN_SESSION_EXPIRES_SECONDS) return false;
  startSessionTimer(dialog, asked.seconds, asked.refresher === 'uac' ? 'them' : 'us', environment);
  return true;
}
