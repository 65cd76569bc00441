/**
 * Session timers (RFC 4028): a session that nobody refreshes ends, so that a lost BYE does not
 * leave a call up for ever. Pure: who asks what of whom; the clockwork is in drachtio/refresher.ts.
 */

/** What was agreed on for a dialog. */
export interface SessionTimer {
  readonly intervalSeconds: number;
  /** Whether we send the refreshes. */
  readonly weRefresh: boolean;
}

/** What a message says of session timers. */
export interface TimerHeaders {
  /** Value of Session-Expires. */
  readonly sessionExpires: string | undefined;
  /** Value of Min-SE. */
  readonly minSe: string | undefined;
  /** Value of Supported. */
  readonly supported: string | undefined;
}

export interface TimerPolicy {
  /** The interval we ask for, and the longest we take. */
  readonly wantedSeconds: number;
  /** Shorter ones are refused with 422. */
  readonly leastSeconds: number;
}

export type TimerAnswer =
  | {
      readonly accepted: true;
      readonly timer: SessionTimer;
      /** For the 2xx. */
      readonly headers: Readonly<Record<string, string>>;
    }
  /** 422 with this Min-SE. */
  | { readonly accepted: false; readonly minSeSeconds: number };

/**
 * Answers an INVITE or UPDATE (RFC 4028 section 9). A caller that knows no timers gets one all the
 * same: we refresh, and its silence ends the call.
 */
export function answerTimer(request: TimerHeaders, policy: TimerPolicy): TimerAnswer {
  const theySupport = listsTimer(request.supported);
  const asked = parseSessionExpires(request.sessionExpires);
  const theirLeast = parseSeconds(request.minSe) ?? 0;
  if (theySupport && asked !== undefined && asked.seconds < policy.leastSeconds) {
    return { accepted: false, minSeSeconds: policy.leastSeconds };
  }
  const least = Math.max(policy.leastSeconds, theirLeast);
  const intervalSeconds = Math.max(
    least,
    Math.min(asked?.seconds ?? policy.wantedSeconds, policy.wantedSeconds),
  );
  const weRefresh = !theySupport || asked?.refresher === 'uas';
  return {
    accepted: true,
    timer: { intervalSeconds, weRefresh },
    headers: {
      'Session-Expires': `${intervalSeconds};refresher=${weRefresh ? 'uas' : 'uac'}`,
      ...(weRefresh ? {} : { Require: 'timer' }),
    },
  };
}

/** Headers of our INVITE or refresh. `refresher` is named in refreshes only (RFC 4028 section 7.4). */
export function requestTimer(
  intervalSeconds: number,
  leastSeconds: number,
  refresher?: 'uac',
): Readonly<Record<string, string>> {
  return {
    'Session-Expires':
      refresher === undefined ? `${intervalSeconds}` : `${intervalSeconds};refresher=${refresher}`,
    'Min-SE': `${leastSeconds}`,
  };
}

/**
 * What a 2xx to our INVITE or refresh agrees to (RFC 4028 section 7.2). A callee that says nothing
 * knows no timers: then we refresh, to find out whether it is still there.
 */
export function agreedTimer(response: TimerHeaders, askedSeconds: number): SessionTimer {
  const agreed = parseSessionExpires(response.sessionExpires);
  if (agreed === undefined) return { intervalSeconds: askedSeconds, weRefresh: true };
  return { intervalSeconds: Math.max(1, agreed.seconds), weRefresh: agreed.refresher !== 'uas' };
}

/**
 * When we refresh. RFC 4028 section 7.2 recommends half way; drachtio-server, which keeps timers of
 * its own, refreshes half way give or take 5 s, with the first session it saw. Ours comes before it
 * and winds up its timer again, so that only ours is sent.
 */
export function refreshAfterMs(timer: SessionTimer): number {
  return timer.intervalSeconds * 400;
}

/** When the other side gives up: a third of the interval, at most 32 s, before it ends (section 10). */
export function giveUpAfterMs(timer: SessionTimer): number {
  return (timer.intervalSeconds - Math.min(32, timer.intervalSeconds / 3)) * 1000;
}

/** The interval to try again with after a 422, if it asks for something reasonable. */
export function intervalAfter422(minSe: string | undefined): number | undefined {
  const seconds = parseSeconds(minSe);
  return seconds !== undefined && seconds > 0 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}

const LONGEST_SECONDS = 86_400;

interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

function parseSessionExpires(value: string | undefined): SessionExpires | undefined {
  const seconds = parseSeconds(value);
  if (seconds === undefined || value === undefined) return undefined;
  const refresher = /;\s*refresher\s*=\s*"?(uac|uas)\b/iu.exec(value.slice(0, 200));
  const named = refresher?.[1]?.toLowerCase();
  return { seconds, refresher: named === 'uac' || named === 'uas' ? named : undefined };
}

function parseSeconds(value: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,10})\s*(?:;|$)/u.exec((value ?? '').slice(0, 200));
  return digits?.[1] === undefined ? undefined : Number(digits[1]);
}

function listsTimer(supported: string | undefined): boolean {
  const options = (supported ?? '').toLowerCase().split(',');
  return options.some((option) => option.trim() === 'timer');
}
