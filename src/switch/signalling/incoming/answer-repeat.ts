import type { SipResponse } from '../../../protocol/sip/message.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import { tryRespond } from '../attempts.ts';
import type { Environment } from '../environment.ts';

/**
 * Repeats a 2xx to an INVITE until its ACK (RFC 3261 section 13.3.1.4): over UDP after T1, then after twice that and
 * so on up to T2; gives up after 64 * T1. The returned function ends it.
 */
export function repeatAnswer(
  transaction: ServerTransaction,
  answer: SipResponse,
  environment: Environment,
  gaveUp: () => void,
): () => void {
  const { clock, timers } = environment;
  let stopRepeat: () => void = () => undefined;
  const repeatAfter = (delayMs: number): void => {
    stopRepeat = clock.after(delayMs, () => {
      repeatAfter(Math.min(delayMs * 2, timers.t2Ms));
      tryRespond(transaction, answer, environment);
    });
  };
  if (transaction.received.source.protocol === 'udp') repeatAfter(timers.t1Ms);
  const stopWait = clock.after(timers.transactionMs, () => {
    stopRepeat();
    gaveUp();
  });
  return () => {
    stopRepeat();
    stopWait();
  };
}
