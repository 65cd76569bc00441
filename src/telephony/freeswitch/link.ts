import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import Mrf from 'drachtio-fsmrf';
import { CallFailure } from '../../domain/call/failure.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { asError, within } from '../deadline.ts';
import type { FreeSwitchSettings } from '../settings.ts';
import { MediaEndpoint, OURS } from './endpoint.ts';
import { PreflightError, preflight } from './preflight.ts';
import type { MediaSignalling } from './signalling.ts';

/** How it stands with FreeSWITCH: connecting ──▶ up ──▶ down ──▶ up …; close() ──▶ closed. */
export type MediaState = 'connecting' | 'up' | 'down' | 'closed';

export interface MediaLinkDependencies {
  readonly settings: FreeSwitchSettings;
  readonly signalling: MediaSignalling;
  readonly clock: Clock;
  readonly log: Log;
}

const CONNECT_WITHIN_MS = 4_000;
const CREATE_WITHIN_MS = 6_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 3_000;
/** A half-open connection is noticed after one interval and one wait. */
const PING_EVERY_MS = 5_000;
const PONG_WITHIN_MS = 5_000;

/** The connection to FreeSWITCH: kept up, and made anew from nothing whenever it is lost. */
export class MediaLink {
  readonly #needs: MediaLinkDependencies;
  readonly #mrf: Mrf;
  readonly #listeners: ((state: MediaState) => void)[] = [];
  readonly #endpoints = new Set<MediaEndpoint>();
  #state: MediaState = 'connecting';
  #server: Mrf.MediaServer | undefined;
  #lost = newLoss();
  #pauseMs = FIRST_PAUSE_MS;
  #cancelTimer = (): void => undefined;
  #problem: string | undefined;

  constructor(needs: MediaLinkDependencies) {
    this.#needs = needs;
    this.#mrf = new Mrf(needs.signalling);
    this.#lost.abort();
    void this.#connect();
  }

  get state(): MediaState {
    return this.#state;
  }

  /** Why it is not up; for operators. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Endpoints alive or being ended. */
  get endpointCount(): number {
    return this.#endpoints.size;
  }

  onChange(listener: (state: MediaState) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * A channel of FreeSWITCH, for the session `offer`, or with a session of its own to offer.
   * @throws Error with a `status` if FreeSWITCH refuses the session, else CallFailure
   */
  async createEndpoint(offer?: string): Promise<MediaEndpoint> {
    const { clock, signalling, log } = this.#needs;
    const server = this.#server;
    const { signal } = this.#lost;
    if (server === undefined) throw new CallFailure('freeswitch', 'FreeSWITCH is not connected');
    const created = server.createEndpoint(offer === undefined ? {} : { remoteSdp: offer });
    const kill = (uuid: string): void => {
      if (this.#server === server) server.api(`uuid_kill ${uuid}`, () => undefined);
    };
    const gone = (endpoint: MediaEndpoint): void => {
      this.#endpoints.delete(endpoint);
    };
    const wrap = (made: Mrf.Endpoint): MediaEndpoint => {
      const endpoint = new MediaEndpoint(made, {
        signalling,
        clock,
        log,
        lost: signal,
        kill,
        gone,
      });
      this.#endpoints.add(endpoint);
      return endpoint;
    };
    return wrap(
      await within(created, {
        clock,
        what: 'createEndpoint',
        limitMs: CREATE_WITHIN_MS,
        lost: signal,
        late: (late) => void wrap(late).destroy(),
      }),
    );
  }

  close(): void {
    this.#cancelTimer();
    this.#drop('closed');
  }

  async #connect(): Promise<void> {
    try {
      await preflight(this.#needs.settings);
      if (this.#state !== 'closed') this.#adopt(await this.#openServer());
    } catch (error) {
      const problem =
        error instanceof PreflightError ? error.message : 'FreeSWITCH can not be connected';
      if (problem !== this.#problem) this.#needs.log.error(problem);
      this.#problem = problem;
      this.#connectLater();
    }
  }

  #connectLater(): void {
    if (this.#state === 'closed') return;
    this.#cancelTimer = this.#needs.clock.startTimer(this.#pauseMs, () => void this.#connect());
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }

  /** The library goes on trying after an error, so a server that comes too late is closed. */
  #openServer(): Promise<Mrf.MediaServer> {
    const { settings, clock } = this.#needs;
    const opened = new Promise<Mrf.MediaServer>((resolve, reject) => {
      let settled = false;
      this.#mrf.connect(
        {
          address: settings.host,
          port: settings.port,
          secret: settings.secret,
          listenAddress: settings.listenAddress,
          listenPort: settings.listenPort,
          advertisedAddress: settings.advertisedAddress,
        },
        (error, server) => {
          if (server === undefined) reject(asError(error));
          else if (settled) discard(server);
          else resolve(server);
          settled = true;
        },
      );
    });
    return within(opened, {
      clock,
      what: 'FreeSWITCH',
      limitMs: CONNECT_WITHIN_MS,
      late: discard,
    });
  }

  #adopt(server: Mrf.MediaServer): void {
    if (this.#state === 'closed') {
      discard(server);
      return;
    }
    // Its own reconnection mixes up whose reply is whose: no more of that, a new server instead.
    server.conn.reconnectOpts = { maxAttempts: 1 };
    server.conn.socket?.setNoDelay(true);
    server.on('error', () => undefined);
    // In place of the library's listener, which writes to standard error.
    server.conn.removeAllListeners('esl::end');
    server.conn.on('esl::end', () => this.#lose(server));
    guardServer(server, this.#needs.log);
    // Channels of an earlier run that was killed in the middle would live on for ever.
    server.api(`hupall MANAGER_REQUEST ${OURS.join(' ')}`, () => undefined);
    this.#server = server;
    this.#problem = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#lost = newLoss();
    this.#needs.log.info('FreeSWITCH is connected');
    this.#ping(server);
    this.#change('up');
  }

  #ping(server: Mrf.MediaServer): void {
    this.#cancelTimer = this.#needs.clock.startTimer(PING_EVERY_MS, () => {
      server.api('version', () => {
        if (this.#server !== server) return;
        this.#cancelTimer();
        this.#ping(server);
      });
      this.#cancelTimer = this.#needs.clock.startTimer(PONG_WITHIN_MS, () => this.#lose(server));
    });
  }

  #lose(server: Mrf.MediaServer): void {
    if (this.#server !== server) return;
    this.#cancelTimer();
    this.#problem = 'the connection to FreeSWITCH is lost';
    this.#needs.log.error(this.#problem);
    this.#drop('down');
    this.#connectLater();
  }

  #drop(state: 'down' | 'closed'): void {
    const server = this.#server;
    this.#server = undefined;
    this.#change(state);
    this.#lost.abort();
    if (server !== undefined) discard(server);
  }

  #change(state: MediaState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

/** Only FreeSWITCH itself may call back: a malformed line there would end the process. */
function guardServer(server: Mrf.MediaServer, log: Log): void {
  const expected = plainAddress(server.address);
  server._server.server.prependListener('connection', (socket: Socket) => {
    const from = plainAddress(socket.remoteAddress ?? '');
    if (from === expected) return;
    log.warn('somebody else than FreeSWITCH called our event-socket port', { from, expected });
    socket.destroy();
  });
}

/** IPv4 without its mapping into IPv6. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/u, '');
}

function discard(server: Mrf.MediaServer): void {
  server.conn.reconnectOpts = { maxAttempts: 1 };
  server.disconnect();
}

function newLoss(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
