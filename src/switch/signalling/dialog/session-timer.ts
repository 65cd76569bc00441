import { header } from '../../../protocol/sip/headers.ts';
import type { Header, SipMessage, SipRequest } from '../../../protocol/sip/message.ts';
import type { ClientListener } from '../../sip/transactions.ts';
import { trySend, trySendStateless } from '../attempts.ts';
import type { Environment } from '../environment.ts';
import type { Dialog } from './dialog.ts';
import { buildInDialog, findDialogWay, hangUp } from './dialog-requests.ts';

/** The shortest session interval drachtio-server accepts (RFC 4028 section 5). */
export const MIN_SESSION_EXPIRES_SECONDS = 90;

const MAX_SESSION_EXPIRES_SECONDS = 86_400;

/** A Session-Expires value (RFC 4028 section 4). */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** Reads the Session-Expires of a message; none without one, or when it is malformed. */
export function sessionExpiresOf(message: Pick<SipMessage, 'headers'>): SessionExpires | undefined {
  const match = /^(\d{1,9})\s*(;.*)?$/.exec(header(message, 'Session-Expires') ?? '');
  if (match === null) return undefined;
  const refresher = /;\s*refresher\s*=\s*(uac|uas)/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  return {
    seconds: Math.min(Number(match[1]), MAX_SESSION_EXPIRES_SECONDS),
    refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined,
  };
}

/**
 * The session timer that a 200 of ours to an INVITE agrees on: the application's Session-Expires, else the caller's
 * if that names a refresher (then the returned header belongs into the 200). None asked for: none runs.
 */
export function agreeOnSessionTimer(
  dialog: Dialog,
  given: readonly Header[],
  invite: SipRequest,
  environment: Environment,
): Header[] {
  const chosen = sessionExpiresOf({ headers: given });
  const offered = chosen ?? sessionExpiresOf(invite);
  if (offered === undefined) return [];
  const refresher = offered.refresher ?? (chosen === undefined ? undefined : 'uac');
  if (refresher === undefined) return [];
  const seconds = Math.max(MIN_SESSION_EXPIRES_SECONDS, offered.seconds);
  startSessionTimer(dialog, seconds, refresher === 'uac' ? 'them' : 'us', environment);
  return chosen === undefined
    ? [{ name: 'Session-Expires', value: `${seconds};refresher=${refresher}` }]
    : [];
}

/**
 * Starts, or starts anew, the session timer of a dialog. As the refresher the server sends a re-INVITE of its own
 * after half of the interval; otherwise it hangs up when the interval ends without a refresh.
 */
export function startSessionTimer(
  dialog: Dialog,
  seconds: number,
  refresher: 'us' | 'them',
  environment: Environment,
): void {
  dialog.stopSessionTimer?.();
  dialog.sessionExpiresSeconds = seconds;
  const delayMs = refresher === 'us' ? seconds * 500 : seconds * 1000;
  dialog.stopSessionTimer = environment.clock.after(delayMs, () => {
    dialog.stopSessionTimer = undefined;
    if (refresher === 'us') refresh(dialog, environment);
    else expire(dialog, environment);
  });
}

function expire(dialog: Dialog, environment: Environment): void {
  environment.log({ level: 'info', event: 'session-expired' });
  hangUp(dialog, 'Session timer expired', environment);
}

/** Sends a re-INVITE with our last SDP; its 200 is acknowledged here and starts the timer anew. */
function refresh(dialog: Dialog, environment: Environment): void {
  dialog.localSequence += 1;
  const sequence = dialog.localSequence;
  const invite = buildInDialog(dialog, {
    method: 'INVITE',
    sequence,
    headers: [
      { name: 'Session-Expires', value: `${dialog.sessionExpiresSeconds};refresher=uac` },
      { name: 'Min-SE', value: String(MIN_SESSION_EXPIRES_SECONDS) },
      { name: 'Contact', value: dialog.localContact },
      ...(dialog.localSdp.length > 0 ? [{ name: 'Content-Type', value: 'application/sdp' }] : []),
    ],
    body: dialog.localSdp,
  });
  findDialogWay(dialog, invite, environment, (way) => {
    if (typeof way === 'string') {
      expire(dialog, environment);
      return;
    }
    const listener: ClientListener = {
      response: ({ message }) => {
        if (message.status < 200) return;
        if (message.status < 300) {
          const ack = buildInDialog(dialog, { method: 'ACK', sequence });
          trySendStateless(ack, way.hop, environment);
          const agreed = sessionExpiresOf(message);
          const seconds = agreed?.seconds ?? dialog.sessionExpiresSeconds;
          startSessionTimer(
            dialog,
            seconds,
            agreed?.refresher === 'uas' ? 'them' : 'us',
            environment,
          );
        } else if (message.status === 491) {
          // Both sent a re-INVITE at once (RFC 3261 section 14.1); the next interval will do.
          startSessionTimer(dialog, dialog.sessionExpiresSeconds, 'us', environment);
        } else expire(dialog, environment);
      },
      timeout: () => expire(dialog, environment),
      transportError: () => expire(dialog, environment),
    };
    if (trySend(invite, way.hop, listener, environment) === undefined) expire(dialog, environment);
  });
}
