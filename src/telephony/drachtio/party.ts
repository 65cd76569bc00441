import type { Key } from '../../domain/ivr/keys.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { asError, within } from '../deadline.ts';
import { keyOfInfo } from '../keys.ts';
import {
  agreedTimer,
  answerTimer,
  intervalAfter422,
  requestTimer,
  type SessionTimer,
  type TimerPolicy,
} from '../session-timer.ts';
import type { DrachtioLink } from './link.ts';
import { BadRequest, checkSizes, sdpOf, timerHeaders } from './reading.ts';
import { type Refreshed, Refresher } from './refresher.ts';
import { ABILITIES, respond } from './replies.ts';
import type { SrfDialog, SrfReply, SrfRequest, SrfResponse } from './srf.ts';

/** What a party does, told to whoever holds it. */
export interface PartyListener {
  /** The party offers another session. Resolves with our answer. @throws OfferRefused */
  offered(sdp: string): Promise<string>;
  /** The party answers a session that we offered. @throws OfferRefused */
  answered(sdp: string): Promise<void>;
  key(key: Key): void;
  /** Exactly once, unless we hang up first. */
  ended(by: 'party' | 'failure'): void;
}

/** An offer or answer that can not be used; `status` goes to the party. */
export class OfferRefused extends Error {
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(`session refused: ${status}`, options);
    this.name = 'OfferRefused';
    this.status = status;
  }
}

export interface PartyDependencies {
  readonly link: DrachtioLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly timerPolicy: TimerPolicy;
}

/** BYE is given this long; drachtio goes on sending it after that. */
const BYE_WITHIN_MS = 4_000;
/** Longer than a transaction takes to fail (RFC 3261 timer F: 32 s). */
const REFRESH_WITHIN_MS = 33_000;
/** After another re-INVITE was in the way (RFC 3261 section 14.1: 2.1 to 4 s). */
const GLARE_PAUSE_MS = 2_500;

/** A SIP dialog with one party: offers, keys by INFO, session timer, BYE. */
export class SipParty {
  readonly #dialog: SrfDialog;
  readonly #needs: PartyDependencies;
  readonly #refresher: Refresher;
  /** Of the connection that carries this dialog. */
  readonly #lost: AbortSignal;
  readonly #onLost = (): void => this.#lose();
  #listener: PartyListener | undefined;
  #over = false;
  /** An offer of either side is open (RFC 3264 section 4). */
  #negotiating = false;

  constructor(dialog: SrfDialog, needs: PartyDependencies, timer: SessionTimer) {
    this.#dialog = dialog;
    this.#needs = needs;
    this.#lost = needs.link.lost;
    this.#refresher = new Refresher(
      needs.clock,
      (intervalSeconds) => this.#refresh(intervalSeconds),
      () => this.#expire(),
    );
    this.#refresher.start(timer);
    this.#listenToDialog();
    this.#lost.addEventListener('abort', this.#onLost, { once: true });
  }

  /** The SDP that the party sent last. */
  get remoteSdp(): string {
    return this.#dialog.remote.sdp;
  }

  /** From now on the party's doings are told. One that has gone already is told at once. */
  listen(listener: PartyListener): void {
    this.#listener = listener;
    if (this.#over) return;
    if (this.#lost.aborted) this.#lose();
    // A BYE read together with what made the dialog came before anyone could listen.
    else if (!this.#dialog.connected) this.#end('party');
  }

  /** Sends BYE. Never throws; safe to repeat. */
  async hangUp(): Promise<void> {
    if (!this.#finish()) return;
    if (!this.#dialog.connected) return;
    const { clock, link, log } = this.#needs;
    try {
      await within(this.#dialog.destroy(), {
        clock,
        what: 'BYE',
        limitMs: BYE_WITHIN_MS,
        lost: this.#lost,
      });
    } catch (error) {
      log.debug('a BYE was not answered', { fault: asError(error).name });
      if (this.#lost.aborted) link.abandon(this.#dialog);
    } finally {
      link.srf.removeDialog(this.#dialog);
    }
  }

  #listenToDialog(): void {
    const dialog = this.#dialog;
    dialog.on('destroy', (request) => {
      this.#end(request?.source === 'application' ? 'failure' : 'party');
    });
    dialog.on('modify', (request, reply) => this.#onOffer(request, reply));
    dialog.on('update', (request, reply) => this.#onOffer(request, reply));
    dialog.on('info', (request, reply) => this.#onInfo(request, reply));
    dialog.on('options', (_request, reply) => respond(reply, 200, { headers: { ...ABILITIES } }));
    dialog.on('refer', (_request, reply) => respond(reply, 603));
    dialog.on('notify', (_request, reply) => respond(reply, 481));
    dialog.on('message', (_request, reply) => {
      respond(reply, 405, { headers: { Allow: ABILITIES.Allow } });
    });
  }

  #onInfo(request: SrfRequest, reply: SrfReply): void {
    const body = request.body ?? '';
    const key = keyOfInfo(request.get('content-type'), body);
    if (key === 'other' && body.trim() !== '') {
      respond(reply, 415, { headers: { Accept: 'application/dtmf-relay, application/dtmf' } });
      return;
    }
    respond(reply, 200);
    if (key !== undefined && key !== 'other' && !this.#over) this.#listener?.key(key);
  }

  /** A re-INVITE or UPDATE of the party. */
  #onOffer(request: SrfRequest, reply: SrfReply): void {
    const asked = answerTimer(timerHeaders(request), this.#needs.timerPolicy);
    if (!asked.accepted) {
      respond(reply, 422, { headers: { 'Min-SE': `${asked.minSeSeconds}` } });
      return;
    }
    const headers = { ...ABILITIES, ...asked.headers };
    const onAccepted = (): void => this.#refresher.start(asked.timer);
    if (request.method === 'UPDATE' && (request.body ?? '').trim() === '') {
      respond(reply, 200, { headers });
      onAccepted();
      return;
    }
    if (this.#negotiating || this.#listener === undefined) {
      respond(reply, 491);
      return;
    }
    this.#negotiating = true;
    this.#answer(this.#listener, request, reply, headers)
      .then(
        () => onAccepted(),
        (error: unknown) => {
          const refused = error instanceof OfferRefused || error instanceof BadRequest;
          respond(reply, refused ? error.status : 500);
        },
      )
      .finally(() => {
        this.#negotiating = false;
      });
  }

  async #answer(
    listener: PartyListener,
    request: SrfRequest,
    reply: SrfReply,
    headers: Record<string, string>,
  ): Promise<void> {
    checkSizes(request);
    const offer = sdpOf(request);
    const body = offer === undefined ? this.#dialog.local.sdp : await listener.offered(offer);
    if (offer === undefined) this.#expectAnswer(listener);
    this.#dialog.local.sdp = body;
    respond(reply, 200, {
      headers: {
        ...headers,
        Contact: this.#dialog.local.contact,
        'Content-Type': 'application/sdp',
      },
      body,
    });
  }

  /** A re-INVITE without a session asks for our offer; the answer is in the ACK. */
  #expectAnswer(listener: PartyListener): void {
    this.#dialog.once('ack', (ack) => {
      const answer = ack.body ?? '';
      if (answer.trim() === '' || this.#over) return;
      listener.answered(answer).catch((error: unknown) => {
        this.#needs.log.warn('an answer could not be used', { fault: asError(error).name });
        this.#endWithBye('failure');
      });
    });
  }

  /** By re-INVITE with the session as it is: drachtio-server counts no UPDATE as a refresh. */
  async #refresh(intervalSeconds: number): Promise<Refreshed> {
    if (this.#negotiating) return { result: 'later', afterMs: GLARE_PAUSE_MS };
    this.#negotiating = true;
    try {
      return this.#readRefresh(await this.#sendRefresh(intervalSeconds), intervalSeconds);
    } catch (error) {
      this.#needs.log.debug('a refresh was not answered', { fault: asError(error).name });
      return { result: 'gone' };
    } finally {
      this.#negotiating = false;
    }
  }

  #sendRefresh(intervalSeconds: number): Promise<SrfResponse> {
    const { clock, timerPolicy } = this.#needs;
    const headers: Record<string, string> = {
      ...ABILITIES,
      ...requestTimer(intervalSeconds, timerPolicy.leastSeconds, 'uac'),
      Contact: this.#dialog.local.contact,
    };
    const options = { method: 'INVITE', headers, body: this.#dialog.local.sdp };
    const sent = new Promise<SrfResponse>((resolve, reject) => {
      this.#dialog.request(options, (error, response) => {
        if (error !== null && error !== undefined) reject(asError(error));
        else if (response.status >= 200) resolve(response);
      });
    });
    return within(sent, {
      clock,
      what: 're-INVITE',
      limitMs: REFRESH_WITHIN_MS,
      lost: this.#lost,
    });
  }

  #readRefresh(response: SrfResponse, intervalSeconds: number): Refreshed {
    const { status } = response;
    if (status < 300) {
      const timer = agreedTimer(timerHeaders(response), this.#needs.timerPolicy.wantedSeconds);
      return { result: 'refreshed', timer };
    }
    if (status === 422) {
      const seconds = intervalAfter422(response.get('min-se'));
      if (seconds !== undefined) {
        return { result: 'later', afterMs: 0, intervalSeconds: seconds };
      }
    }
    if (status === 408 || status === 481) return { result: 'gone' };
    if (status === 491) return { result: 'later', afterMs: GLARE_PAUSE_MS };
    // Refused, but by somebody who is there; one who keeps the timer will end the call by itself.
    return { result: 'refreshed', timer: { intervalSeconds, weRefresh: true } };
  }

  #expire(): void {
    this.#needs.log.warn('a call ended because its session was not refreshed');
    this.#endWithBye('failure');
  }

  #endWithBye(by: 'party' | 'failure'): void {
    const listener = this.#listener;
    const wasOpen = !this.#over;
    void this.hangUp();
    if (wasOpen) listener?.ended(by);
  }

  #lose(): void {
    if (!this.#over) this.#needs.link.abandon(this.#dialog);
    this.#end('failure');
  }

  #end(by: 'party' | 'failure'): void {
    // Before anyone listens the end is kept: `listen` finds the dialog closed.
    if (this.#listener === undefined || !this.#finish()) return;
    this.#listener.ended(by);
  }

  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#refresher.stop();
    this.#lost.removeEventListener('abort', this.#onLost);
    return true;
  }
}
