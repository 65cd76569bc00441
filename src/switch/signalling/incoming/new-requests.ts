import { tagOf } from '../../../protocol/sip/address.ts';
import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import { responseTo } from '../../../protocol/sip/response.ts';
import { serializeSipMessage } from '../../../protocol/sip/serialize.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import { tryRespond } from '../attempts.ts';
import { receivedMeta } from '../control/application-link.ts';
import type { Client } from '../control/clients.ts';
import type { Environment } from '../environment.ts';
import type { IncomingRequest } from './incoming-table.ts';

/** Methods that applications may be given outside of a dialog. */
const ROUTED_METHODS: ReadonlySet<string> = new Set([
  'INVITE',
  'REGISTER',
  'MESSAGE',
  'OPTIONS',
  'INFO',
  'NOTIFY',
  'SUBSCRIBE',
  'PUBLISH',
]);

/** Methods that only make sense in a dialog. */
const DIALOG_METHODS: ReadonlySet<string> = new Set(['BYE', 'UPDATE', 'PRACK', 'REFER']);

/** Gives a request outside of any dialog to an application whose turn it is, or refuses it. */
export function takeNewRequest(transaction: ServerTransaction, environment: Environment): void {
  const request = transaction.received.message;
  const { method } = request;
  if (method === 'INVITE') tryRespond(transaction, responseTo(request, 100), environment);
  const status = refusalStatus(request, environment);
  if (status !== undefined) {
    refuse(transaction, status, environment);
    return;
  }
  if (method === 'INVITE') {
    const client = environment.clients.select(method);
    if (client !== undefined) offer(transaction, client, environment);
    environment.records.attempt('network', request);
    if (client === undefined) refuseInvite(transaction, environment);
    return;
  }
  const client = environment.clients.select(method);
  if (client === undefined) refuse(transaction, 503, environment);
  else offer(transaction, client, environment);
}

/** Answers a request with a status of the server's own. */
export function refuse(
  transaction: ServerTransaction,
  status: number,
  environment: Environment,
): void {
  tryRespond(
    transaction,
    responseTo(transaction.received.message, status, { toTag: environment.ids.token() }),
    environment,
  );
}

/** The status that refuses a request before any application sees it; none if it may pass. */
function refusalStatus(request: SipRequest, environment: Environment): number | undefined {
  const { method } = request;
  const inDialog = tagOf(header(request, 'To') ?? '') !== undefined;
  if (DIALOG_METHODS.has(method) || (method === 'INVITE' && inDialog)) return 481;
  if (!ROUTED_METHODS.has(method)) return 501;
  const everyContact =
    header(request, 'Contact') === '*' && Number(header(request, 'Expires') ?? '0') !== 0;
  if (method === 'REGISTER' && everyContact) return 400;
  return environment.incoming.full ? 503 : undefined;
}

function refuseInvite(transaction: ServerTransaction, environment: Environment): void {
  const refusal = responseTo(transaction.received.message, 503, { toTag: environment.ids.token() });
  tryRespond(transaction, refusal, environment);
  environment.records.refused('application', refusal);
}

/** Tells the application, and forgets the request if it does not answer in time: nobody is told then. */
function offer(transaction: ServerTransaction, client: Client, environment: Environment): void {
  const { received } = transaction;
  const incoming: IncomingRequest = {
    transactionId: environment.ids.uuid(),
    transaction,
    client,
    kind: 'initial',
    dialog: undefined,
    lastResponse: undefined,
    reliable: undefined,
    update: undefined,
    stopTimer: environment.clock.after(environment.timers.applicationMs, () => {
      environment.log({
        level: 'warn',
        event: 'request-unanswered',
        detail: { method: received.message.method },
      });
      environment.incoming.remove(incoming);
      transaction.terminate();
    }),
  };
  environment.incoming.add(incoming);
  const { address, port } = environment.listeners.of(received.local);
  client.send({
    type: 'sip',
    meta: receivedMeta(received, environment.clock),
    transactionId: incoming.transactionId,
    dialogId: '',
    local: { address, port: String(port) },
    sip: serializeSipMessage(received.message),
  });
}
