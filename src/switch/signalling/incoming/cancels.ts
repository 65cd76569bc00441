import { responseTo } from '../../../protocol/sip/response.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import { tryRespond } from '../attempts.ts';
import { receivedMeta, tell } from '../control/application-link.ts';
import type { Environment } from '../environment.ts';
import type { IncomingRequest } from './incoming-table.ts';
import { refuse } from './new-requests.ts';

/** A caller cancels an INVITE that an application has been given: the server answers both, and tells the application. */
export function takeCancel(
  cancel: ServerTransaction,
  invite: IncomingRequest,
  environment: Environment,
): void {
  const { dialog } = invite;
  if (dialog === undefined) cancelUnanswered(cancel, invite, environment);
  else if (invite.kind === 'in-dialog' || dialog.status < 200)
    cancelEarly(cancel, invite, environment);
  else refuse(cancel, 481, environment); // too late: the call stands (RFC 3261 section 9.2)
}

/** Nothing but 100 was sent: no dialog yet, each response has a tag of its own. */
function cancelUnanswered(
  cancel: ServerTransaction,
  invite: IncomingRequest,
  environment: Environment,
): void {
  refuse(cancel, 200, environment);
  refuse(invite.transaction, 487, environment);
  environment.incoming.remove(invite);
  const meta = receivedMeta(cancel.received, environment.clock);
  tell(invite.client, cancel.received.message, {
    meta,
    transactionId: invite.transactionId,
    dialogId: '',
  });
}

function cancelEarly(
  cancel: ServerTransaction,
  invite: IncomingRequest,
  environment: Environment,
): void {
  const { dialog, transaction, transactionId } = invite;
  const toTag = dialog?.localTag ?? environment.ids.token();
  tryRespond(cancel, responseTo(cancel.received.message, 200, { toTag }), environment);
  environment.records.stop('network', 'call-canceled', transaction.received.message);
  // drachtio-server counts the bytes of the INVITE here, not those of the CANCEL.
  const { bytes } = transaction.received;
  const meta = { ...receivedMeta(cancel.received, environment.clock), bytes };
  tell(invite.client, cancel.received.message, { meta, transactionId, dialogId: dialog?.id ?? '' });
  tryRespond(transaction, responseTo(transaction.received.message, 487, { toTag }), environment);
  environment.incoming.remove(invite);
  if (dialog !== undefined && invite.kind === 'initial') environment.dialogs.remove(dialog);
  else dialog?.unanswered.delete(transactionId);
}
