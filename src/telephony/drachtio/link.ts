import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import type { Clock, Log } from '../../engine/ports.ts';
import { asError } from '../deadline.ts';
import type { ServerAddress } from '../settings.ts';
import { createSrf, type DrachtioAgent, type SrfDialog, type SrfLike } from './srf.ts';

/**
 * How it stands with drachtio.
 *
 *     connecting ──▶ up ──▶ down ──▶ up …      close() ──▶ closed
 *          └──▶ refused (wrong secret) ──▶ tried again all the same
 */
export type LinkState = 'connecting' | 'up' | 'refused' | 'down' | 'closed';

export interface DrachtioLink {
  readonly srf: SrfLike;
  readonly state: LinkState;
  /** Aborts when the present connection is lost; aborted while there is none. */
  readonly lost: AbortSignal;
  /** `address:port` where drachtio speaks SIP, once known. */
  readonly sipAddress: string | undefined;
  /** Called at each change of `state`. */
  onChange(listener: (state: LinkState) => void): void;
  /** A dialog whose connection was lost: its BYE is sent when drachtio is back. */
  abandon(dialog: SrfDialog): void;
  close(): void;
}

export interface LinkDependencies {
  readonly server: ServerAddress;
  readonly clock: Clock;
  readonly log: Log;
  /** Installs what answers requests; called before the connection is made. */
  readonly install: (srf: SrfLike) => void;
}

/** Longest pause between two tries to connect. */
const RETRY_MAX_MS = 3_000;
/** A half-open connection is noticed after one interval and one wait. */
const PING_EVERY_MS = 5_000;
const PONG_WITHIN_MS = 5_000;
/** Dialogs whose BYE waits for drachtio to come back; the oldest go first. */
const MAX_ABANDONED = 5_000;

/** Connects to drachtio, and again whenever the connection is lost. Returns at once. */
export function openLink(dependencies: LinkDependencies): DrachtioLink {
  return new Link(dependencies);
}

class Link implements DrachtioLink {
  readonly srf: SrfLike;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #agent: DrachtioAgent;
  readonly #listeners: ((state: LinkState) => void)[] = [];
  readonly #abandoned = new Set<string>();
  #state: LinkState = 'connecting';
  #lost = newLoss();
  #sipAddress: string | undefined;
  #socket: Socket | undefined;
  #stopPing = (): void => undefined;

  constructor({ server, clock, log, install }: LinkDependencies) {
    this.#clock = clock;
    this.#log = log;
    this.#lost.abort();
    this.srf = createSrf();
    // Without a listener the library's error event would end the process.
    this.srf.on('error', () => undefined);
    install(this.srf);
    this.srf.connect({
      host: server.host,
      port: server.port,
      secret: server.secret,
      reconnect: { retryMaxDelay: RETRY_MAX_MS },
    });
    this.#agent = this.srf.app.client;
    this.#guard();
    this.#agent.on('connect', (error: Error | null, hostPorts: string | undefined) => {
      this.#onAuthenticated(error, hostPorts);
    });
    this.#agent.on('close', () => this.#onClose());
  }

  get state(): LinkState {
    return this.#state;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get sipAddress(): string | undefined {
    return this.#sipAddress;
  }

  onChange(listener: (state: LinkState) => void): void {
    this.#listeners.push(listener);
  }

  abandon(dialog: SrfDialog): void {
    this.srf.removeDialog(dialog);
    if (this.#state === 'closed') return;
    if (this.#abandoned.size >= MAX_ABANDONED) {
      const [oldest] = this.#abandoned;
      if (oldest !== undefined) this.#abandoned.delete(oldest);
    }
    this.#abandoned.add(dialog.id);
    if (this.#state === 'up') this.#endAbandoned();
  }

  close(): void {
    this.#stopPing();
    const { wp } = this.#agent;
    wp.closing = true;
    clearTimeout(wp.reconnectVars.retryTimer ?? undefined);
    if (this.#socket !== undefined) this.#socket.end();
    this.#change('closed');
    this.#lost.abort();
  }

  /**
   * An unknown frame, and any fault while one is handled, is thrown inside the library's socket
   * callback and would end the process: caught here. A frame that can not be measured leaves the
   * stream useless, so that connection is dropped.
   */
  #guard(): void {
    const agent = this.#agent;
    const { wp } = agent;
    wp.removeAllListeners('msg');
    wp.on('msg', (socket: Socket, message: string) => {
      if (!isReadable(message)) {
        this.#log.error('drachtio sent a message that is no SIP');
        return;
      }
      try {
        agent._onMsg(socket, message);
      } catch (error) {
        this.#log.error('drachtio sent something that could not be handled', {
          fault: asError(error).name,
        });
      }
    });
    wp.on('connect', (socket: Socket) => {
      this.#socket = socket;
      this.#giveUpLater(socket);
      // The library sets this on its first connection only.
      socket.setNoDelay(true);
      socket.removeAllListeners('data');
      socket.on('data', (chunk: Buffer) => {
        try {
          wp._onData(socket, chunk);
        } catch {
          this.#log.error('drachtio sent a frame without a length; connection dropped');
          socket.destroy();
        }
      });
    });
  }

  #onAuthenticated(error: Error | null, hostPorts: string | undefined): void {
    this.#stopPing();
    if (this.#state === 'closed') return;
    if (error !== null) {
      if (this.#state !== 'refused') this.#log.error('drachtio refused our secret');
      this.#change('refused');
      return;
    }
    this.#sipAddress = firstAddress(hostPorts ?? '');
    // Frames are handled in their order: an answer means that our routes are known as well.
    this.#ping(() => this.#onRouted());
  }

  #onRouted(): void {
    this.#lost = newLoss();
    this.#log.info('drachtio is connected');
    this.#change('up');
    this.#endAbandoned();
    this.#pingLater();
  }

  #onClose(): void {
    this.#stopPing();
    this.#socket = undefined;
    if (this.#state === 'up') {
      this.#log.error('the connection to drachtio is lost');
      this.#change('down');
    }
    this.#lost.abort();
  }

  #change(state: LinkState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #pingLater(): void {
    this.#stopPing = this.#clock.startTimer(PING_EVERY_MS, () => {
      this.#ping(() => this.#pingLater());
    });
  }

  /** The library's own ping does not notice a missing answer. */
  #ping(answered: () => void): void {
    const socket = this.#socket;
    const pending = socket && this.#agent.mapServer.get(socket)?.pendingRequests;
    if (socket === undefined || pending === undefined) return;
    pending.set(this.#agent.wp.send(socket, 'ping'), () => {
      this.#stopPing();
      if (this.#state !== 'closed') answered();
    });
    this.#giveUpLater(socket);
  }

  #giveUpLater(socket: Socket): void {
    this.#stopPing = this.#clock.startTimer(PONG_WITHIN_MS, () => {
      this.#log.error('drachtio does not answer; connection dropped');
      socket.destroy();
    });
  }

  /** drachtio sends no BYE when we go away, so the far ends still wait. */
  #endAbandoned(): void {
    for (const stackDialogId of this.#abandoned) {
      try {
        this.#agent.request({ method: 'BYE', stackDialogId, headers: {} }, () => undefined);
      } catch (error) {
        this.#log.debug('a call left over could not be ended', { fault: asError(error).name });
        return;
      }
    }
    this.#abandoned.clear();
  }
}

/** Every call waits for it, so that any number of listeners is right. */
function newLoss(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

const START_LINE = /^(?:SIP\/\d+\.\d+\s+\d|\S+\s\S+\sSIP\s*\/)/u;

/** The library writes what it can not parse to standard error as it came, numbers and all. */
function isReadable(frame: string): boolean {
  if (!/^[^|]*\|sip\|/u.test(frame)) return true;
  const bodyStart = frame.indexOf('\r\n\r\n');
  const head = bodyStart < 0 ? frame : frame.slice(0, bodyStart);
  const [, startLine = '', ...lines] = head.split(/\r\n(?![ \t])/u);
  return START_LINE.test(startLine) && lines.every((line) => /^\S*\s*:/u.test(line));
}

/** `tcp/127.0.0.1:5060,udp/127.0.0.1:5060` -> `127.0.0.1:5060`, that of UDP if there is one. */
function firstAddress(hostPorts: string): string | undefined {
  const all = hostPorts.split(',').map((hostPort) => /^(\w+)\/(\S+)$/u.exec(hostPort.trim()));
  return (all.find((parts) => parts?.[1] === 'udp') ?? all[0])?.[2];
}
