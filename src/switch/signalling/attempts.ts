import type { SipRequest, SipResponse } from '../../protocol/sip/message.ts';
import { SipParseError } from '../../protocol/sip/parse-error.ts';
import { SipSerializeError } from '../../protocol/sip/serialize.ts';
import { TransactionError, TransportError } from '../sip/errors.ts';
import type { Hop } from '../sip/hop.ts';
import type { ClientListener, ClientTransaction, ServerTransaction } from '../sip/transactions.ts';
import type { Environment } from './environment.ts';

/** The failures of sending that are an input's fault or the network's, not a mistake in this program. */
function isSendingFailure(error: unknown): error is Error {
  return (
    error instanceof SipParseError ||
    error instanceof SipSerializeError ||
    error instanceof TransactionError ||
    error instanceof TransportError
  );
}

/** Sends a response; false, with a line in the log, when it cannot be sent. */
export function tryRespond(
  transaction: ServerTransaction,
  response: SipResponse,
  environment: Environment,
): boolean {
  return (
    attempt(environment, 'response-not-sent', () => transaction.respond(response)) !== 'failed'
  );
}

/** Sends a request; nothing, with a line in the log, when it cannot be sent. */
export function trySend(
  request: SipRequest,
  hop: Hop,
  listener: ClientListener,
  environment: Environment,
): ClientTransaction | undefined {
  const sent = attempt(environment, 'request-not-sent', () =>
    environment.transactions.send(request, hop, listener),
  );
  return sent === 'failed' ? undefined : sent;
}

/** Sends an ACK, or what a proxy forwards, without a transaction; gives what was sent, or nothing. */
export function trySendStateless<M extends SipRequest | SipResponse>(
  message: M,
  hop: Hop,
  environment: Environment,
  branch?: string,
): M | undefined {
  const options = branch === undefined ? {} : { branch };
  const sent = attempt(environment, 'message-not-sent', () =>
    environment.transactions.sendStateless(message, hop, options),
  );
  return sent === 'failed' ? undefined : sent;
}

function attempt<T>(environment: Environment, event: string, action: () => T): T | 'failed' {
  try {
    return action();
  } catch (error) {
    if (!isSendingFailure(error)) throw error;
    environment.log({ level: 'warn', event, detail: { reason: error.name } });
    return 'failed';
  }
}
