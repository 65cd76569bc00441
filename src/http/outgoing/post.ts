import type { Clock } from '../../engine/ports.ts';

/** The part of `fetch` that is used; tests bring their own. */
export type Fetch = (
  url: string,
  request: {
    readonly method: 'POST';
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<FetchAnswer>;

/** Of an answer only its status and one header count. */
interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { cancel(): Promise<void> } | null;
}

/** How a POST went: the status of the answer, or that there was none. */
export type Posted =
  | { readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly status: undefined; readonly reason: 'timeout' | 'network' | 'stopped' };

interface PostNeeds {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Aborts when the program stops. */
  readonly stopping: AbortSignal;
}

const MAX_RETRY_AFTER_SECONDS = 86_400;

/**
 * Posts to a place that an operator named. Follows no redirect, since nobody but the operator says
 * where we post, and reads no body: nothing that comes back is trusted, or kept. Never throws.
 */
export async function post(
  {
    url,
    headers,
    body,
  }: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
  { fetch, clock, timeoutMs, stopping }: PostNeeds,
): Promise<Posted> {
  const late = new AbortController();
  const stopTimer = clock.startTimer(timeoutMs, () => late.abort());
  try {
    const signal = AbortSignal.any([late.signal, stopping]);
    const request = { method: 'POST', headers: { ...headers }, body, redirect: 'manual' } as const;
    const answer = await fetch(url, { ...request, signal });
    await answer.body?.cancel();
    return { status: answer.status, retryAfterMs: retryAfter(answer.headers.get('retry-after')) };
  } catch {
    if (stopping.aborted) return { status: undefined, reason: 'stopped' };
    return { status: undefined, reason: late.signal.aborted ? 'timeout' : 'network' };
  } finally {
    stopTimer();
  }
}

/** Retry-After in its form of seconds (RFC 9110 section 10.2.3); dates are not followed. */
function retryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/u.test(header)) return undefined;
  return Math.min(Number(header), MAX_RETRY_AFTER_SECONDS) * 1000;
}

/** Whether an answer says that all is well. */
export function isTaken(posted: Posted): boolean {
  return posted.status !== undefined && posted.status >= 200 && posted.status < 300;
}
