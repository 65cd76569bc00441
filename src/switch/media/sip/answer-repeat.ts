import type { SipResponse } from '../../../protocol/sip/message.ts';
import { lifetimeMs } from '../../sip/clock.ts';
import type { ServerTransaction } from '../../sip/transactions.ts';
import type { CallTransport } from './call.ts';

/**
 * Repeats a 200 to an INVITE, which has been sent once, until its ACK (RFC 3261 section 13.3.1.4): after T1, then
 * after twice that and so on up to T2; gives up after 64 * T1. The returned function ends it.
 */
export function repeatAnswer(
  transaction: ServerTransaction,
  answer: SipResponse,
  time: Pick<CallTransport, 'timers' | 'after'>,
  gaveUp: () => void,
): () => void {
  const { timers } = time;
  let waitMs = timers.t1Ms;
  let cancelRepeat: () => void = () => undefined;
  const again = (): void => {
    if (transaction.state === 'terminated') return;
    transaction.respond(answer);
    waitMs = Math.min(waitMs * 2, timers.t2Ms);
    cancelRepeat = time.after(waitMs, again);
  };
  cancelRepeat = time.after(waitMs, again);
  const cancelTimeout = time.after(lifetimeMs(timers), () => {
    cancelRepeat();
    gaveUp();
  });
  return () => {
    cancelRepeat();
    cancelTimeout();
  };
}
