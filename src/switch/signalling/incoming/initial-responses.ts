import type { ResponseCommand } from '../../../protocol/drachtio/command.ts';
import type { Header, SipResponse } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { tryRespond } from '../attempts.ts';
import { type CommandOrigin, replyNok, replySentResponse } from '../control/application-link.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { createUasDialog } from '../dialog/dialog-creation.ts';
import { hangUp } from '../dialog/dialog-requests.ts';
import { agreeOnSessionTimer } from '../dialog/session-timer.ts';
import type { Environment } from '../environment.ts';
import { find } from '../header-rules.ts';
import { ownContact } from '../network/listeners.ts';
import { noteFlow } from '../network/registered-contact.ts';
import { repeatAnswer } from './answer-repeat.ts';
import type { IncomingRequest } from './incoming-table.ts';
import { ReliableProvisionals } from './reliable-provisionals.ts';
import {
  allowsReliable,
  buildResponse,
  givenHeaders,
  givenToTag,
  wantsReliable,
} from './response-build.ts';

/** The application answers an INVITE or SUBSCRIBE that came outside of any dialog: its first answer makes one. */
export function respondInitial(
  origin: CommandOrigin,
  command: ResponseCommand,
  incoming: IncomingRequest,
  environment: Environment,
): void {
  const dialog = incoming.dialog ?? makeDialog(origin, command, incoming, environment);
  if (dialog === undefined) return;
  const { received } = incoming.transaction;
  if (dialog.status >= 200 && incoming.lastResponse !== undefined) {
    // drachtio-server drops a second final response, and shows the first once more.
    const sent = { received, transactionId: incoming.transactionId, dialogId: '' };
    replySentResponse(origin, { ...sent, response: incoming.lastResponse }, environment.clock);
    return;
  }
  const reliable = wantsReliable(command, received.message);
  if (reliable && (!allowsReliable(received.message) || incoming.reliable?.full === true)) {
    replyNok(origin, 'Remote endpoint does not support 100rel');
    return;
  }
  const given = givenHeaders(command, dialog.listener);
  const response = finish(command, incoming, dialog, given, reliable, environment);
  if (!send(incoming, dialog, response, environment))
    replyNok(origin, 'Unknown server error sending response');
  else settle(origin, incoming, dialog, response, environment);
}

function makeDialog(
  origin: CommandOrigin,
  command: ResponseCommand,
  incoming: IncomingRequest,
  environment: Environment,
): Dialog | undefined {
  const { dialogs, ids } = environment;
  const dialog = createUasDialog(incoming, givenToTag(command) ?? ids.token(), environment);
  const exists = dialogs.byId(dialog.id) !== undefined;
  if (exists || dialogs.full) {
    const refusal = responseTo(incoming.transaction.received.message, exists ? 480 : 503, {
      toTag: dialog.localTag,
    });
    tryRespond(incoming.transaction, refusal, environment);
    environment.incoming.remove(incoming);
    replyNok(origin, exists ? 'dialog already exists, rejecting this request' : 'too many dialogs');
    return undefined;
  }
  incoming.stopTimer();
  incoming.dialog = dialog;
  dialogs.add(dialog);
  return dialog;
}

/** The response with what the server adds: Contact, Session-Expires, RSeq. */
function finish(
  command: ResponseCommand,
  incoming: IncomingRequest,
  dialog: Dialog,
  given: readonly Header[],
  reliable: boolean,
  environment: Environment,
): SipResponse {
  const { message } = incoming.transaction.received;
  const success = command.status >= 200 && command.status < 300;
  const contact = find(given, 'Contact');
  dialog.localContact = contact ?? ownContact(dialog.listener);
  const added: Header[] = [];
  if (contact === undefined && (success || reliable))
    added.push({ name: 'Contact', value: dialog.localContact });
  if (success && message.method === 'INVITE')
    added.push(...agreeOnSessionTimer(dialog, given, message, environment));
  if (reliable) {
    incoming.reliable ??= new ReliableProvisionals(environment.ids.number(), {
      clock: environment.clock,
      timers: environment.timers,
      send: (response) => tryRespond(incoming.transaction, response, environment),
      failed: () => abandonInvite(incoming, environment),
    });
    added.push({ name: 'RSeq', value: String(incoming.reliable.nextSequence()) });
  }
  return buildResponse(command, message, dialog.localTag, [...given, ...added]);
}

function send(
  incoming: IncomingRequest,
  dialog: Dialog,
  response: SipResponse,
  environment: Environment,
): boolean {
  const sequence = find(response.headers, 'RSeq');
  const success = response.status >= 200 && response.status < 300;
  const answered = (): void => {
    if (success && dialog.method === 'INVITE') awaitAck(incoming, dialog, response, environment);
  };
  if (incoming.reliable !== undefined && sequence !== undefined) {
    incoming.reliable.send(response, Number(sequence));
    return true;
  }
  if (incoming.reliable !== undefined && success) {
    incoming.reliable.sendSuccess(response, answered);
    return true;
  }
  if (!tryRespond(incoming.transaction, response, environment)) return false;
  answered();
  return true;
}

/** Repeats the 200 until its ACK; without one the call is ended. */
function awaitAck(
  incoming: IncomingRequest,
  dialog: Dialog,
  answer: SipResponse,
  environment: Environment,
): void {
  dialog.answered = incoming;
  incoming.stopTimer = repeatAnswer(incoming.transaction, answer, environment, () => {
    environment.incoming.remove(incoming);
    dialog.answered = undefined;
    environment.log({ level: 'warn', event: 'ack-missing' });
    hangUp(dialog, 'ACK timeout', environment);
  });
}

/** No PRACK came for a reliable provisional response: the INVITE is refused (RFC 3262 section 3). */
function abandonInvite(incoming: IncomingRequest, environment: Environment): void {
  const { dialog, transaction } = incoming;
  const toTag = dialog?.localTag ?? environment.ids.token();
  tryRespond(transaction, responseTo(transaction.received.message, 504, { toTag }), environment);
  if (dialog !== undefined) environment.dialogs.remove(dialog);
  environment.incoming.remove(incoming);
}

/** What follows from the response that was sent. */
function settle(
  origin: CommandOrigin,
  incoming: IncomingRequest,
  dialog: Dialog,
  response: SipResponse,
  environment: Environment,
): void {
  const { dialogs, records, incoming: table, clock } = environment;
  const { transaction, transactionId } = incoming;
  dialog.status = response.status;
  incoming.lastResponse = response;
  if (response.body.length > 0) dialog.localSdp = response.body;
  replySentResponse(
    origin,
    { response, received: transaction.received, transactionId, dialogId: dialog.id },
    clock,
  );
  if (response.status < 200) return;
  if (response.status >= 300) {
    if (dialog.method === 'INVITE') records.refused('application', response);
    dialogs.remove(dialog);
    table.remove(incoming);
    return;
  }
  dialogs.establish(dialog);
  if (dialog.method === 'SUBSCRIBE') {
    table.remove(incoming);
    noteFlow(transaction.received, response, environment.flows);
    return;
  }
  records.start('application', 'uas', response);
}
