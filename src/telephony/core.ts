import type { Clock, Log } from '../engine/ports.ts';
import type { DrachtioLink } from './drachtio/link.ts';
import { type PartyDependencies, SipParty } from './drachtio/party.ts';
import { timerHeaders } from './drachtio/reading.ts';
import type { SrfDialog } from './drachtio/srf.ts';
import type { MediaEndpoint } from './freeswitch/endpoint.ts';
import type { MediaLink } from './freeswitch/link.ts';
import type { WarmPool } from './freeswitch/pool.ts';
import { CallLeg } from './leg.ts';
import { agreedTimer, type SessionTimer } from './session-timer.ts';
import type { TelephonySettings } from './settings.ts';
import { TrunkPlaces } from './trunk-places.ts';

/** What incoming and outgoing calls share: both links, the endpoints, and the count of calls. */
export class TelephonyCore {
  readonly settings: TelephonySettings;
  readonly link: DrachtioLink;
  readonly media: MediaLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly places = new TrunkPlaces();
  readonly #pool: WarmPool;
  readonly #legs = new Set<CallLeg>();
  /** Calls being set up. */
  #pending = 0;

  constructor(parts: {
    readonly settings: TelephonySettings;
    readonly link: DrachtioLink;
    readonly media: MediaLink;
    readonly pool: WarmPool;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.settings = parts.settings;
    this.link = parts.link;
    this.media = parts.media;
    this.clock = parts.clock;
    this.log = parts.log;
    this.#pool = parts.pool;
  }

  /** Whether new calls can be served. */
  get ready(): boolean {
    return this.link.state === 'up' && this.media.state === 'up';
  }

  get calls(): number {
    return this.#legs.size + this.#pending;
  }

  get full(): boolean {
    return this.calls >= this.settings.maxCalls;
  }

  get party(): PartyDependencies {
    const { link, clock, log, settings } = this;
    const timerPolicy = {
      wantedSeconds: settings.sessionExpiresSeconds,
      leastSeconds: settings.minSessionExpiresSeconds,
    };
    return { link, clock, log, timerPolicy };
  }

  /** Runs the setting up of a call, which counts as a call meanwhile. */
  async settingUp<T>(action: () => Promise<T>): Promise<T> {
    this.#pending += 1;
    try {
      return await action();
    } finally {
      this.#pending -= 1;
    }
  }

  /** An endpoint with a session to offer; a warm one if there is one. @throws as createEndpoint */
  async endpointToOffer(): Promise<MediaEndpoint> {
    let warm = this.#pool.take();
    while (warm !== undefined && !warm.alive) warm = this.#pool.take();
    return warm ?? this.media.createEndpoint();
  }

  /** A leg of an answered call. One that has ended meanwhile says so to its listener. */
  makeLeg(party: SipParty, endpoint: MediaEndpoint, negotiated: string): CallLeg {
    const { freeswitch } = this.settings;
    const leg: CallLeg = new CallLeg(party, endpoint, negotiated, {
      clock: this.clock,
      log: this.log,
      soundsFolder: freeswitch.soundsFolder,
      recordingsFolder: freeswitch.recordingsFolder,
      ownRecordingsFolder: this.settings.recordingsFolder,
      gone: () => this.#legs.delete(leg),
    });
    this.#legs.add(leg);
    return leg;
  }

  /** The party that answered our INVITE. */
  partyCalled(dialog: SrfDialog, askedSeconds: number): SipParty {
    return this.partyWith(dialog, agreedTimer(timerHeaders(dialog.res), askedSeconds));
  }

  partyWith(dialog: SrfDialog, timer: SessionTimer): SipParty {
    return new SipParty(dialog, this.party, timer);
  }

  /** Hangs up everybody and ends every endpoint. */
  async hangUpAll(): Promise<void> {
    await Promise.all([...this.#legs].map((leg) => leg.hangUp()));
    await this.#pool.drain();
  }
}
