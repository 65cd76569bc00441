import { asError, within } from '../deadline.ts';
import type { PartyDependencies } from './party.ts';
import { BadRequest, checkSizes } from './reading.ts';
import { type CreateUacOptions, type SrfDialog, type SrfSentRequest, statusOf } from './srf.ts';

/** Where an INVITE goes and what it says. */
export interface OutgoingInvite {
  readonly uri: string;
  /** Next hop as a SIP URI, if it is not the URI itself. */
  readonly proxy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly sdp: string;
  readonly credentials: { readonly user: string; readonly secret: string } | undefined;
  /** Gives up after so long without a response other than 100, which drachtio keeps to itself. */
  readonly silentMs?: number;
}

/** The call was taken back before anyone answered: by the signal, or because it rang too long. */
export class Withdrawn extends Error {
  readonly because: 'signal' | 'rangTooLong';

  constructor(because: 'signal' | 'rangTooLong') {
    super(`call withdrawn: ${because}`);
    this.name = 'Withdrawn';
    this.because = because;
  }
}

/** Nothing at all came back. */
export class NoResponse extends Error {
  constructor() {
    super('no response to INVITE');
    this.name = 'NoResponse';
  }
}

/**
 * Sends INVITE and waits for an answer, at most `ringMs`. Aborting `signal`, or the end of the wait,
 * sends CANCEL and rejects at once; an answer that crosses it is acknowledged and ended with BYE.
 * @throws Withdrawn, NoResponse, DeadlineError if drachtio is lost, or the library's error with its `status`
 */
export function placeCall(
  needs: PartyDependencies,
  invite: OutgoingInvite,
  ringMs: number,
  signal: AbortSignal,
): Promise<SrfDialog> {
  const attempt = new Attempt(needs);
  const answered = new Promise<SrfDialog>((resolve, reject) => {
    attempt.start(invite, resolve, reject);
  });
  const onAbort = (): void => attempt.withdraw('signal');
  // Before the other timer: where both are due, silence says more.
  const stopAwaiting =
    invite.silentMs === undefined
      ? undefined
      : needs.clock.startTimer(Math.min(invite.silentMs, ringMs), () => attempt.giveUpIfSilent());
  const stopRinging = needs.clock.startTimer(ringMs, () => attempt.withdraw('rangTooLong'));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return within(answered, {
    clock: needs.clock,
    what: 'INVITE',
    limitMs: ringMs + GRACE_MS,
    lost: needs.link.lost,
    late: (dialog) => attempt.discard(dialog),
  }).finally(() => {
    stopRinging();
    stopAwaiting?.();
    signal.removeEventListener('abort', onAbort);
  });
}

/** The ring timer decides; this only keeps a promise from staying open should it fail. */
const GRACE_MS = 5_000;

class Attempt {
  readonly #needs: PartyDependencies;
  #sent: SrfSentRequest | undefined;
  #settled = false;
  #withdrawn = false;
  /** A provisional response came: somebody is there. */
  #heard = false;
  #reject: (error: Error) => void = () => undefined;

  constructor(needs: PartyDependencies) {
    this.#needs = needs;
  }

  start(
    invite: OutgoingInvite,
    resolve: (dialog: SrfDialog) => void,
    reject: (error: Error) => void,
  ): void {
    this.#reject = reject;
    try {
      this.#needs.link.srf.createUAC(
        invite.uri,
        optionsOf(invite),
        { cbRequest: (error, sent) => this.#onSent(error, sent) },
        (error, dialog) => {
          if (dialog === undefined || dialog === null) this.#refused(asError(error));
          else if (this.#settled) this.discard(dialog);
          else {
            this.#settled = true;
            resolve(dialog);
          }
        },
      );
    } catch (error) {
      // The library asserts that there is a connection.
      this.#fail(asError(error));
    }
  }

  withdraw(because: 'signal' | 'rangTooLong'): void {
    if (this.#settled) return;
    this.#withdrawn = true;
    this.#cancel();
    this.#fail(new Withdrawn(because));
  }

  giveUpIfSilent(): void {
    if (this.#settled || this.#heard) return;
    this.#withdrawn = true;
    this.#cancel();
    this.#fail(new NoResponse());
  }

  /** Ends a call that was answered too late. */
  discard(dialog: SrfDialog): void {
    const { link, log } = this.#needs;
    dialog.destroy().catch((error: unknown) => {
      log.debug('a BYE was not answered', { fault: asError(error).name });
      link.srf.removeDialog(dialog);
    });
  }

  #onSent(error: unknown, sent: SrfSentRequest): void {
    if (error !== null && error !== undefined) return;
    this.#sent = sent;
    // Before the library's own listener: what this throws keeps a response away from its parsers.
    sent.on('response', (response) => {
      if (response.status < 200) this.#heard = true;
      try {
        checkSizes(response);
      } catch (fault) {
        if (fault instanceof BadRequest) this.#fail(fault);
        throw fault;
      }
    });
    if (this.#withdrawn) this.#cancel();
  }

  /** drachtio makes up a 408 when its own timer runs out. */
  #refused(error: Error): void {
    const silent = statusOf(error) === 408 && !this.#heard;
    this.#fail(silent ? new NoResponse() : error);
  }

  #cancel(): void {
    try {
      this.#sent?.cancel((error) => {
        if (error !== null && error !== undefined) {
          this.#needs.log.debug('a CANCEL could not be sent', { fault: asError(error).name });
        }
      });
    } catch (error) {
      this.#needs.log.debug('a CANCEL could not be sent', { fault: asError(error).name });
    }
  }

  #fail(error: Error): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(error);
  }
}

/** The library writes into these, so each attempt has its own. */
function optionsOf(invite: OutgoingInvite): CreateUacOptions {
  const { credentials, proxy } = invite;
  return {
    headers: { ...invite.headers },
    localSdp: invite.sdp,
    ...(proxy === undefined ? {} : { proxy }),
    ...(credentials === undefined
      ? {}
      : { auth: { username: credentials.user, password: credentials.secret } }),
  };
}
