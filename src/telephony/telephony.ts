import type { PhoneDirectory } from '../engine/phones.ts';
import type { Clock, Log, Telephony, TelephonyUser } from '../engine/ports.ts';
import { TelephonyCore } from './core.ts';
import { type DialingDependencies, dial, outgoingCapacity } from './dialing.ts';
import { type LinkState, openLink } from './drachtio/link.ts';
import { createMediaSignalling } from './drachtio/media-signalling.ts';
import { Registrations } from './drachtio/registrations.ts';
import { installService } from './drachtio/service.ts';
import { MediaLink, type MediaState } from './freeswitch/link.ts';
import { removeEarFiles } from './freeswitch/machine-ear.ts';
import { WarmPool } from './freeswitch/pool.ts';
import { receive } from './incoming.ts';
import { checkSettings, type TelephonyRoutes, type TelephonySettings } from './settings.ts';

export interface TelephonyDependencies {
  readonly settings: TelephonySettings;
  readonly directory: PhoneDirectory;
  /** The configuration of this moment. */
  readonly routes: () => TelephonyRoutes;
  readonly user: TelephonyUser;
  readonly clock: Clock;
  readonly log: Log;
}

/** How it stands with the telephone network. */
export interface TelephonyState {
  /** Whether new calls are served; else they are answered 503. */
  readonly ready: boolean;
  readonly drachtio: LinkState;
  readonly freeswitch: MediaState;
  /** `address:port` where drachtio speaks SIP, once known. */
  readonly sipAddress: string | undefined;
  /** Calls up or being set up. */
  readonly calls: number;
  /** SIP dialogs, those with FreeSWITCH included. */
  readonly dialogs: number;
  /** Channels of FreeSWITCH, warm ones included. */
  readonly endpoints: number;
  readonly warmEndpoints: number;
}

/** The telephone network by drachtio and FreeSWITCH. */
export interface TelephonyAdapter extends Telephony {
  state(): TelephonyState;
  /** Called whenever one of the servers is lost or found. */
  onStateChange(listener: (state: TelephonyState) => void): void;
  /** Hangs up everybody and disconnects. */
  close(): Promise<void>;
}

/** One of the servers could not be reached in time. The message says which, and why. */
class TelephonyStartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TelephonyStartError';
  }
}

/**
 * Connects to drachtio and FreeSWITCH; calls come to `user` from then on. A server that is lost later
 * is connected again for as long as it takes.
 * @throws TelephonySettingsError, or TelephonyStartError after `startSeconds`
 */
export async function createTelephony(needs: TelephonyDependencies): Promise<TelephonyAdapter> {
  checkSettings(needs.settings);
  await removeEarFiles(needs.settings.recordingsFolder);
  const adapter = new Adapter(needs);
  try {
    await adapter.ready();
  } catch (error) {
    await adapter.close();
    throw error;
  }
  return adapter;
}

class Adapter implements TelephonyAdapter {
  readonly #needs: TelephonyDependencies;
  readonly #core: TelephonyCore;
  readonly #pool: WarmPool;
  readonly #registrations: Registrations;
  readonly #listeners: ((state: TelephonyState) => void)[] = [];
  #closed = false;

  constructor(needs: TelephonyDependencies) {
    const { settings, clock, log, directory, routes, user } = needs;
    this.#needs = needs;
    this.#registrations = new Registrations({ directory, clock, log });
    const link = openLink({
      server: settings.drachtio,
      clock,
      log,
      install: (srf) =>
        installService(srf, {
          routes,
          directory,
          log,
          register: (request, reply) => this.#registrations.register(request, reply),
          call: (admitted) => {
            const call = receive(this.#core, admitted);
            if (call !== undefined) user.incoming(call);
          },
        }),
    });
    const media = new MediaLink({
      settings: settings.freeswitch,
      signalling: createMediaSignalling({ link, clock, log }),
      clock,
      log,
    });
    this.#pool = new WarmPool({
      size: settings.warmEndpoints,
      create: () => media.createEndpoint(),
      clock,
      log,
    });
    this.#core = new TelephonyCore({ settings, link, media, pool: this.#pool, clock, log });
    link.onChange(() => this.#onChange());
    media.onChange(() => this.#onChange());
  }

  /** @throws TelephonyStartError */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { clock, settings } = this.#needs;
      const stopTimer = clock.startTimer(settings.startSeconds * 1000, () => {
        reject(new TelephonyStartError(this.#whatIsMissing()));
      });
      this.onStateChange(({ ready }) => {
        if (!ready) return;
        stopTimer();
        resolve();
      });
    });
  }

  dial(
    ...[target, ringSeconds, signal]: Parameters<Telephony['dial']>
  ): ReturnType<Telephony['dial']> {
    return dial(this.#dialing, target, ringSeconds, signal);
  }

  outgoingCapacity(): number {
    return outgoingCapacity(this.#dialing);
  }

  get #dialing(): DialingDependencies {
    const { directory, routes } = this.#needs;
    return { core: this.#core, directory, routes };
  }

  state(): TelephonyState {
    const { link, media, ready, calls } = this.#core;
    return {
      ready,
      drachtio: link.state,
      freeswitch: media.state,
      sipAddress: link.sipAddress,
      calls,
      dialogs: link.srf._dialogs.size,
      endpoints: media.endpointCount,
      warmEndpoints: this.#pool.size,
    };
  }

  onStateChange(listener: (state: TelephonyState) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#core.hangUpAll();
    this.#core.media.close();
    this.#core.link.close();
  }

  #onChange(): void {
    const state = this.state();
    if (state.ready && !this.#closed) this.#pool.open();
    else void this.#pool.drain();
    for (const listener of this.#listeners) listener(state);
  }

  #whatIsMissing(): string {
    const { link, media } = this.#core;
    const problems: string[] = [];
    if (link.state === 'refused') problems.push('drachtio refused our secret');
    else if (link.state !== 'up') problems.push('drachtio does not answer on its control port');
    if (media.state !== 'up') problems.push(media.problem ?? 'FreeSWITCH does not answer');
    return problems.join('; ');
  }
}
