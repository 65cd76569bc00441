import { CallFailure } from '../../domain/call/failure.ts';
import type { Clock } from '../../engine/ports.ts';

/** What the player needs of its channel. */
export interface PlayerChannel {
  readonly clock: Clock;
  /** Aborts when the channel ends. */
  readonly over: AbortSignal;
  /** Runs `playback`; resolves with `Application-Response` when it has ended. */
  playback(argument: string): Promise<string>;
  /** Calls `listener` once, at the next PLAYBACK_START. @returns what takes it off again */
  onceStarted(listener: () => void): () => void;
  /** Stops what plays. */
  breakPlayback(): Promise<void>;
}

export type PlayEnd = 'finished' | 'stopped';

/** One playback under way. */
interface Playback {
  readonly started: Promise<void>;
  readonly ended: Promise<PlayEnd>;
  broken: boolean;
}

/** FreeSWITCH forgets a break that comes before the playback has started. */
const START_WITHIN_MS = 1_000;
/** After a break the end follows within a frame of sound. */
const BREAK_WITHIN_MS = 1_500;

/**
 * One thing plays at a time, the newest asked for.
 *
 *     idle ──play──▶ starting ──PLAYBACK_START──▶ playing ──end──▶ idle
 *                        └──── a newer one: wait ────┘──uuid_break──▶ idle
 *
 * A second `playback` is never sent while one runs (FreeSWITCH would nest it and go on with the
 * first afterwards), and none is broken before it has started (the break would be lost).
 */
export class Player {
  readonly #channel: PlayerChannel;
  #current: Playback | undefined;
  /** Changes with each wish; whoever finds it changed has been overtaken. */
  #turn = 0;

  constructor(channel: PlayerChannel) {
    this.#channel = channel;
  }

  /** Plays to the end. @throws CallFailure if FreeSWITCH refused */
  async play(argument: string): Promise<PlayEnd> {
    const playback = await this.#replace(argument);
    return playback === undefined ? 'stopped' : playback.ended;
  }

  /** Resolves once it plays; plays until something else does. @throws CallFailure */
  async playOn(argument: string): Promise<void> {
    const playback = await this.#replace(argument);
    if (playback === undefined) return;
    // A refusal after the start is nobody's business; before it, `started` rejects with it.
    playback.ended.catch(() => undefined);
    await playback.started;
  }

  /** Silence. Resolves when nothing plays. @throws CallFailure */
  async stop(): Promise<void> {
    this.#turn += 1;
    await this.#quiet();
  }

  /** Undefined if overtaken, or if the channel has ended. */
  async #replace(argument: string): Promise<Playback | undefined> {
    this.#turn += 1;
    const turn = this.#turn;
    await this.#quiet();
    if (turn !== this.#turn || this.#channel.over.aborted) return undefined;
    const playback = this.#start(argument);
    this.#current = playback;
    const forget = (): void => {
      if (this.#current === playback) this.#current = undefined;
    };
    playback.ended.then(forget, forget);
    return playback;
  }

  #start(argument: string): Playback {
    const { over } = this.#channel;
    let takeOff = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      takeOff = this.#channel.onceStarted(resolve);
    });
    const response = this.#channel.playback(argument).finally(takeOff);
    const ended = response.then(
      (text): PlayEnd => {
        if (over.aborted || playback.broken) return 'stopped';
        if (text === 'FILE NOT FOUND') {
          throw new CallFailure('freeswitch', 'a sound file is missing');
        }
        if (text !== 'FILE PLAYED')
          throw new CallFailure('freeswitch', 'a sound could not be played');
        return 'finished';
      },
      (error: unknown): PlayEnd => {
        if (over.aborted) return 'stopped';
        throw error;
      },
    );
    const started = Promise.race([heard, ended.then(() => undefined)]);
    started.catch(() => undefined);
    const playback: Playback = { started, ended, broken: false };
    return playback;
  }

  /** Breaks what plays and waits for its end. @throws CallFailure if it can not be stopped */
  async #quiet(): Promise<void> {
    const playback = this.#current;
    if (playback === undefined) return;
    await this.#atMost(playback.started, START_WITHIN_MS);
    for (let tries = 0; tries < 3; tries += 1) {
      if (this.#current !== playback || this.#channel.over.aborted) return;
      playback.broken = true;
      await this.#channel.breakPlayback();
      await this.#atMost(playback.ended, BREAK_WITHIN_MS);
    }
    if (this.#current === playback && !this.#channel.over.aborted) {
      throw new CallFailure('freeswitch', 'a sound could not be stopped');
    }
  }

  /** Waits for `promise` to settle either way, at most `limitMs`. */
  #atMost(promise: Promise<unknown>, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.#channel.clock.startTimer(limitMs, resolve);
      const done = (): void => {
        stopTimer();
        resolve();
      };
      promise.then(done, done);
    });
  }
}
