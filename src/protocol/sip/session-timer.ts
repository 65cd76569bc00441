import { header, headerList, headers } from './headers.ts';
import type { Header, SipRequest, SipResponse } from './message.ts';
import { parseParameters } from './parameters.ts';
import { SipParseError } from './parse-error.ts';
import { splitOutsideQuotes } from './text.ts';

/** The side that refreshes a session, in the terms of the request at hand. */
export type Refresher = 'uac' | 'uas';

/** The value of Session-Expires (RFC 4028 section 4). */
export interface SessionExpires {
  readonly intervalSeconds: number;
  readonly refresher?: Refresher;
}

/** What we want. Neither is ever below 90 s (RFC 4028 section 5). */
export interface SessionTimerPolicy {
  readonly intervalSeconds: number;
  /** Shorter intervals asked for are refused with 422. */
  readonly minSeconds: number;
}

/** A session timer that both sides agreed on. */
export interface SessionTimer {
  readonly intervalSeconds: number;
  readonly refresher: Refresher;
}

/** What a server answers to an INVITE or UPDATE. `headers` go into the 2xx, or into the 422. */
export type TimerAnswer =
  | { readonly kind: 'on'; readonly timer: SessionTimer; readonly headers: readonly Header[] }
  | { readonly kind: 'too-small'; readonly status: 422; readonly headers: readonly Header[] };

/** No interval is shorter (RFC 4028 section 4). */
const LEAST_SESSION_SECONDS = 90;

const LONGEST_SESSION_SECONDS = 2 ** 31 - 1;

/** Reads Session-Expires. Throws SipParseError. */
export function parseSessionExpires(value: string): SessionExpires {
  const [seconds = '', ...pieces] = splitOutsideQuotes(value, ';');
  const refresher = parseParameters(pieces).get('refresher')?.toLowerCase();
  const intervalSeconds = parseSeconds(seconds, 'Session-Expires');
  if (refresher === undefined) return { intervalSeconds };
  if (refresher !== 'uac' && refresher !== 'uas') throw new SipParseError('Malformed Refresher');
  return { intervalSeconds, refresher };
}

/** Min-SE of a message in seconds, 90 when absent. Throws SipParseError. */
function minSessionSeconds(message: SipRequest | SipResponse): number {
  const value = header(message, 'Min-SE');
  if (value === undefined) return LEAST_SESSION_SECONDS;
  const [seconds = ''] = splitOutsideQuotes(value, ';');
  return parseSeconds(seconds, 'Min-SE');
}

/**
 * The server's part (RFC 4028 section 9). A client that does not know timers is refreshed by us, since
 * only so is a lost BYE noticed. Throws SipParseError on malformed fields: answer 400.
 */
export function answerSessionTimer(request: SipRequest, policy: SessionTimerPolicy): TimerAnswer {
  const clientKnowsTimers = headerList(request, 'Supported').some(isTimer);
  const asked = sessionExpires(request);
  const ourMinimum = Math.max(policy.minSeconds, LEAST_SESSION_SECONDS);
  if (asked !== undefined && asked.intervalSeconds < ourMinimum && clientKnowsTimers) {
    const minSe: Header = { name: 'Min-SE', value: String(ourMinimum) };
    return { kind: 'too-small', status: 422, headers: [minSe] };
  }
  const wanted = Math.max(policy.intervalSeconds, ourMinimum, minSessionSeconds(request));
  const intervalSeconds = Math.min(asked?.intervalSeconds ?? wanted, wanted);
  // Table 2: who asked keeps its choice; a client without timers cannot refresh.
  const refresher = clientKnowsTimers ? (asked?.refresher ?? 'uac') : 'uas';
  const timer: SessionTimer = { intervalSeconds, refresher };
  const fields = [sessionExpiresHeader(timer)];
  if (refresher === 'uac') fields.unshift({ name: 'Require', value: 'timer' });
  return { kind: 'on', timer, headers: fields };
}

/** The fields a client puts into its INVITE or UPDATE (RFC 4028 section 7.1), and `Supported: timer` beside them. */
export function sessionTimerRequestHeaders(
  policy: SessionTimerPolicy,
  refresher?: Refresher,
): readonly Header[] {
  const minSeconds = Math.max(policy.minSeconds, LEAST_SESSION_SECONDS);
  const intervalSeconds = Math.max(policy.intervalSeconds, minSeconds);
  return [
    sessionExpiresHeader({ intervalSeconds, ...(refresher === undefined ? {} : { refresher }) }),
    { name: 'Min-SE', value: String(minSeconds) },
  ];
}

/**
 * The client's part (RFC 4028 section 7.2): what a 2xx settles. A server that names no timer does not know
 * them, so the client refreshes at its own interval. Throws SipParseError on malformed fields.
 */
export function timerFromAnswer(response: SipResponse, policy: SessionTimerPolicy): SessionTimer {
  const answered = sessionExpires(response);
  const intervalSeconds = answered?.intervalSeconds ?? policy.intervalSeconds;
  return {
    intervalSeconds: Math.max(intervalSeconds, LEAST_SESSION_SECONDS),
    refresher: answered?.refresher ?? 'uac',
  };
}

/**
 * The policy for another try after a 422 (RFC 4028 section 7.3), with intervals no shorter than its Min-SE.
 * Throws SipParseError if that is malformed.
 */
export function policyAfterTooSmall(
  response: SipResponse,
  policy: SessionTimerPolicy,
): SessionTimerPolicy {
  const minSeconds = Math.max(minSessionSeconds(response), policy.minSeconds);
  return { minSeconds, intervalSeconds: Math.max(policy.intervalSeconds, minSeconds) };
}

/** When the refresher is to send its re-INVITE or UPDATE: at half the interval (RFC 4028 section 10). */
export function refreshAfterSeconds(timer: SessionTimer): number {
  return timer.intervalSeconds / 2;
}

/** When the other side sends BYE if no refresh came: a third of the interval, at most 32 s, before its end. */
export function byeAfterSeconds(timer: SessionTimer): number {
  return timer.intervalSeconds - Math.min(32, timer.intervalSeconds / 3);
}

function sessionExpires(message: SipRequest | SipResponse): SessionExpires | undefined {
  const values = headers(message, 'Session-Expires');
  if (values.length > 1) throw new SipParseError('Repeated Session-Expires');
  return values[0] === undefined ? undefined : parseSessionExpires(values[0]);
}

function sessionExpiresHeader({ intervalSeconds, refresher }: SessionExpires): Header {
  const suffix = refresher === undefined ? '' : `;refresher=${refresher}`;
  return { name: 'Session-Expires', value: `${intervalSeconds}${suffix}` };
}

function parseSeconds(text: string, field: string): number {
  const seconds = Number(text);
  if (!/^\d{1,10}$/.test(text) || seconds > LONGEST_SESSION_SECONDS) {
    throw new SipParseError(`Malformed ${field}`);
  }
  return seconds;
}

function isTimer(option: string): boolean {
  return option.toLowerCase() === 'timer';
}
