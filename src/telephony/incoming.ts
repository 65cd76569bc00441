import { CallFailure } from '../domain/call/failure.ts';
import type { IncomingCall, Leg } from '../engine/ports.ts';
import type { TelephonyCore } from './core.ts';
import { asError } from './deadline.ts';
import type { SipParty } from './drachtio/party.ts';
import { ABILITIES, respond } from './drachtio/replies.ts';
import type { AdmittedCall } from './drachtio/service.ts';
import { type SrfDialog, statusOf } from './drachtio/srf.ts';
import { answerInvite, awaitAck } from './drachtio/uas.ts';
import type { MediaEndpoint } from './freeswitch/endpoint.ts';
import { callingNumber } from './numbers.ts';
import { onlyG711 } from './sdp.ts';
import { answerTimer, type SessionTimer } from './session-timer.ts';

/** Whoever is asked must answer or reject; after this the caller is sent away. */
const DECIDE_WITHIN_MS = 30_000;

/** Refuses at once what can not be served; else an incoming call for the engine. */
export function receive(core: TelephonyCore, admitted: AdmittedCall): IncomingCall | undefined {
  const { reply, facts } = admitted;
  if (!core.ready || core.full) {
    respond(reply, 503, { headers: { 'Retry-After': core.ready ? '30' : '10' } });
    return undefined;
  }
  const asked = answerTimer(facts.timer, core.party.timerPolicy);
  if (!asked.accepted) {
    respond(reply, 422, { headers: { 'Min-SE': `${asked.minSeSeconds}` } });
    return undefined;
  }
  const offer = facts.offer === undefined ? undefined : onlyG711(facts.offer);
  if (facts.offer !== undefined && offer === undefined) {
    respond(reply, 488);
    return undefined;
  }
  return new ReceivedCall(core, admitted, offer, asked);
}

class ReceivedCall implements IncomingCall {
  readonly origin: IncomingCall['origin'];
  readonly dialled: string;
  readonly ani: string | undefined;
  readonly cancelled: AbortSignal;
  readonly #core: TelephonyCore;
  readonly #admitted: AdmittedCall;
  /** G.711 only; undefined for a late offer. */
  readonly #offer: string | undefined;
  readonly #session: { readonly timer: SessionTimer; readonly headers: Record<string, string> };
  #decided = false;
  #stopWaiting: () => void;
  #stopWatching = (): void => undefined;

  constructor(
    core: TelephonyCore,
    admitted: AdmittedCall,
    offer: string | undefined,
    session: { readonly timer: SessionTimer; readonly headers: Readonly<Record<string, string>> },
  ) {
    const { caller, facts, cancelled } = admitted;
    this.#core = core;
    this.#admitted = admitted;
    this.#offer = offer;
    this.#session = { timer: session.timer, headers: { ...ABILITIES, ...session.headers } };
    this.cancelled = this.#watch(cancelled, core.link.lost);
    if (caller.kind === 'trunk') {
      this.origin = { kind: 'trunk', trunk: caller.trunk.id };
      this.dialled = caller.dnis;
      this.ani = callingNumber({
        from: facts.from,
        assertedIdentity: facts.assertedIdentity,
        privacy: facts.privacy,
        trusted: caller.trunk.inbound?.trustAssertedIdentity === true,
      });
    } else {
      this.origin = { kind: 'agent', agentId: caller.agentId };
      this.dialled = caller.shortCode;
      this.ani = undefined;
    }
    this.#stopWaiting = core.clock.startTimer(DECIDE_WITHIN_MS, () => {
      core.log.error('a call was neither answered nor rejected');
      void this.reject(500);
    });
    cancelled.addEventListener('abort', () => this.#stopWaiting(), { once: true });
  }

  answer(): Promise<Leg> {
    if (this.#decided) {
      return Promise.reject(new CallFailure('us', 'this call was answered or rejected before'));
    }
    this.#decide();
    return this.#core
      .settingUp(() =>
        this.#offer === undefined ? this.#answerLateOffer() : this.#answerOffer(this.#offer),
      )
      .finally(() => this.#stopWatching());
  }

  reject(status: number): Promise<void> {
    if (!this.#decided) {
      this.#decide();
      this.#stopWatching();
      respond(this.#admitted.reply, status);
    }
    return Promise.resolve();
  }

  /** Aborts on CANCEL or on loss of drachtio. The latter outlives calls, so that it is let go of. */
  #watch(cancelled: AbortSignal, lost: AbortSignal): AbortSignal {
    const either = new AbortController();
    const abort = (): void => {
      this.#stopWatching();
      either.abort();
    };
    this.#stopWatching = () => lost.removeEventListener('abort', abort);
    cancelled.addEventListener('abort', abort, { once: true });
    lost.addEventListener('abort', abort, { once: true });
    if (cancelled.aborted || lost.aborted) abort();
    return either.signal;
  }

  #decide(): void {
    this.#decided = true;
    this.#stopWaiting();
  }

  async #answerOffer(offer: string): Promise<Leg> {
    const endpoint = await this.#endpoint(() => this.#core.media.createEndpoint(offer));
    const dialog = await this.#respond(endpoint, endpoint.localSdp);
    return this.#leg(dialog, endpoint, endpoint.localSdp);
  }

  /** INVITE without a session: ours goes out in the 200, theirs comes in the ACK (RFC 3261 13.2.1). */
  async #answerLateOffer(): Promise<Leg> {
    const endpoint = await this.#endpoint(() => this.#core.endpointToOffer());
    const ourOffer = onlyG711(endpoint.localSdp);
    if (ourOffer === undefined) {
      await endpoint.destroy();
      throw this.#refuse(500, new Error('FreeSWITCH offers no G.711'));
    }
    const dialog = await this.#respond(endpoint, ourOffer);
    try {
      const answer = onlyG711(await awaitAck(this.#core.party, dialog));
      if (answer === undefined) throw new Error('the caller answered without a usable session');
      await endpoint.renegotiate(answer);
      return this.#leg(dialog, endpoint, answer);
    } catch (error) {
      const party = this.#party(dialog);
      await Promise.all([party.hangUp(), endpoint.destroy()]);
      throw new CallFailure('caller', asError(error).message, { cause: error });
    }
  }

  async #endpoint(make: () => Promise<MediaEndpoint>): Promise<MediaEndpoint> {
    this.#mustStillRing();
    let endpoint: MediaEndpoint;
    try {
      endpoint = await make();
    } catch (error) {
      throw this.#refuse(statusOf(error) === 488 ? 488 : 503, error);
    }
    if (!this.cancelled.aborted) return endpoint;
    await endpoint.destroy();
    throw gone();
  }

  async #respond(endpoint: MediaEndpoint, localSdp: string): Promise<SrfDialog> {
    const { request, reply } = this.#admitted;
    const { headers } = this.#session;
    try {
      return await answerInvite(this.#core.party, request, reply, { localSdp, headers });
    } catch (error) {
      await endpoint.destroy();
      throw new CallFailure('caller', 'the caller had gone before our answer', { cause: error });
    }
  }

  #leg(dialog: SrfDialog, endpoint: MediaEndpoint, negotiated: string): Leg {
    return this.#core.makeLeg(this.#party(dialog), endpoint, negotiated);
  }

  #party(dialog: SrfDialog): SipParty {
    return this.#core.partyWith(dialog, this.#session.timer);
  }

  #mustStillRing(): void {
    if (this.cancelled.aborted) throw gone();
  }

  #refuse(status: number, cause: unknown): CallFailure {
    const headers: Record<string, string> = status === 503 ? { 'Retry-After': '10' } : {};
    respond(this.#admitted.reply, status, { headers });
    return new CallFailure(status === 488 ? 'caller' : 'freeswitch', `call refused: ${status}`, {
      cause,
    });
  }
}

function gone(): CallFailure {
  return new CallFailure('caller', 'the caller has gone');
}
