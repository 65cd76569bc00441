import type { SipResponse } from '../../../protocol/sip/message.ts';
import type { Received } from '../../sip/hop.ts';
import type { ClientTransaction } from '../../sip/transactions.ts';

/**
 * One target of a proxied request:
 * `waiting ─sent▶ calling ─1xx▶ proceeding ─final, time-out▶ done`
 */
export interface ProxyTarget {
  readonly uri: string;
  state: 'waiting' | 'calling' | 'proceeding' | 'done';
  transaction: ClientTransaction | undefined;
  /** Its final response other than 2xx. */
  refusal: Received<SipResponse> | undefined;
  stopTimers: () => void;
}

export function newTarget(uri: string): ProxyTarget {
  return {
    uri,
    state: 'waiting',
    transaction: undefined,
    refusal: undefined,
    stopTimers: () => undefined,
  };
}

/** Statuses that tell the caller how to succeed, and so come before other refusals (RFC 3261 section 16.7). */
const INSTRUCTIVE: ReadonlySet<number> = new Set([401, 407, 415, 420, 484]);

/** The response to send upstream when no target accepted; none when none answered. */
export function bestRefusal(targets: readonly ProxyTarget[]): SipResponse | undefined {
  const refusals = targets.flatMap(({ refusal }) =>
    refusal === undefined ? [] : [refusal.message],
  );
  return refusals.toSorted((left, right) => preference(left.status) - preference(right.status))[0];
}

/** The lower the better: 6xx, then those that instruct, then 4xx, 5xx, 3xx. */
function preference(status: number): number {
  if (status >= 600) return 0;
  if (INSTRUCTIVE.has(status)) return 1;
  if (status >= 500) return 3;
  return status >= 400 ? 2 : 4;
}

/** A time-out as applications write it, `1s` or `500ms`, in milliseconds; none if it is neither. */
export function parseTimeoutMs(text: string): number | undefined {
  const match = /^(\d{1,6})(ms|s)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}
