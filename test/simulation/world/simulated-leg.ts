import { CallFailure } from '../../../src/domain/call/failure.ts';
import type { Key } from '../../../src/domain/ivr/keys.ts';
import type { SoundName } from '../../../src/domain/ivr/sound-name.ts';
import type { Voice } from '../../../src/domain/ivr/voice.ts';
import type { Clock, Leg, LegListener } from '../../../src/engine/ports.ts';

/** How long one sound lasts in a simulated day. */
const SOUND_MS = 1_500;

/** What the person (or machine) at the other end does with what is heard. */
export interface Ear {
  /** A sound begins. */
  heard(sound: SoundName | 'music', voice?: Voice): void;
  bridged(other: SimulatedLeg): void;
  /** The line went dead from our side. */
  ended(): void;
}

/** Whoever follows what passes on a leg, and takes no part. */
export interface Overhearing {
  heard(sound: SoundName): void;
  pressed(key: Key): void;
}

/** A text telephone is heard this long after it is listened for. */
const TTY_AFTER_MS = 2_000;

/** One party of a simulated day: an ear, a voice that presses keys, and no wire. */
export class SimulatedLeg implements Leg {
  readonly who: {
    readonly kind: 'caller' | 'customer' | 'agent';
    readonly isMachine: boolean;
    readonly isTty?: boolean;
  };
  ear: Ear | undefined;
  overhearing: Overhearing | undefined;
  peer: SimulatedLeg | undefined;
  recordingTo: string | undefined;
  readonly #clock: Clock;
  readonly #fails: () => boolean;
  readonly #commandMs: number;
  readonly #listeners: LegListener[] = [];
  #endedBy: 'party' | 'us' | 'failure' | undefined;
  #playing: { stop: () => void } | undefined;

  /** `commandMs`: how long the media server takes to record, join or part. */
  constructor(who: SimulatedLeg['who'], clock: Clock, fails: () => boolean, commandMs = 0) {
    this.who = who;
    this.#clock = clock;
    this.#fails = fails;
    this.#commandMs = commandMs;
  }

  get isUp(): boolean {
    return this.#endedBy === undefined;
  }

  play(sounds: readonly SoundName[], voice: Voice): Promise<'finished' | 'stopped'> {
    this.#playing?.stop();
    if (this.#fails()) return Promise.reject(new CallFailure('freeswitch', 'injected'));
    if (!this.isUp) return Promise.resolve('stopped');
    return new Promise((resolve) => {
      const settle = (result: 'finished' | 'stopped') => {
        cancel();
        if (this.#playing === playing) this.#playing = undefined;
        resolve(result);
      };
      const playing = {
        stop: () => {
          settle('stopped');
        },
      };
      this.#playing = playing;
      const cancel = this.#clock.startTimer(SOUND_MS * sounds.length, () => {
        settle('finished');
      });
      for (const sound of sounds) {
        this.overhearing?.heard(sound);
        this.ear?.heard(sound, voice);
      }
    });
  }

  playMusic(): Promise<void> {
    this.#playing?.stop();
    this.ear?.heard('music');
    return Promise.resolve();
  }

  stopSound(): Promise<void> {
    this.#playing?.stop();
    return Promise.resolve();
  }

  async bridge(other: Leg): Promise<void> {
    this.#playing?.stop();
    if (!(other instanceof SimulatedLeg)) throw new TypeError('a leg of another network');
    await this.#command();
    if (!this.isUp || !other.isUp) throw new CallFailure('freeswitch', 'nobody to join');
    this.peer = other;
    other.peer = this;
    this.ear?.bridged(other);
    other.ear?.bridged(this);
  }

  async unbridge(): Promise<void> {
    if (this.peer !== undefined) this.peer.peer = undefined;
    this.peer = undefined;
    await this.#command();
  }

  async startRecording(file: string): Promise<void> {
    await this.#command();
    this.recordingTo = file;
  }

  async stopRecording(file: string): Promise<{ readonly durationMs: number }> {
    if (this.isUp) await this.#command();
    if (this.recordingTo !== file) throw new CallFailure('freeswitch', 'no such recording');
    this.recordingTo = undefined;
    return { durationMs: 1 };
  }

  /** The media server takes its time, and may refuse. */
  async #command(): Promise<void> {
    if (this.#commandMs > 0) {
      await new Promise<void>((resolve) => {
        this.#clock.startTimer(this.#commandMs, resolve);
      });
    }
    if (this.#fails()) throw new CallFailure('freeswitch', 'injected');
  }

  listenForMachine(): Promise<void> {
    return Promise.resolve();
  }

  listenForTty(): Promise<void> {
    if (this.who.isTty === true) {
      this.#clock.startTimer(TTY_AFTER_MS, () => {
        for (const listener of this.#listeners.slice()) listener.tone?.('tty');
      });
    }
    return Promise.resolve();
  }

  hangUp(): Promise<void> {
    this.end('us');
    return Promise.resolve();
  }

  listen(listener: LegListener): void {
    if (this.#endedBy !== undefined) listener.ended(this.#endedBy);
    else this.#listeners.push(listener);
  }

  /** The media server gives up the recording, as on a full disk. */
  loseRecording(): void {
    const file = this.recordingTo;
    this.recordingTo = undefined;
    if (file === undefined) return;
    for (const listener of this.#listeners) listener.recordingLost?.(file);
  }

  press(key: Key): void {
    if (!this.isUp) return;
    this.overhearing?.pressed(key);
    for (const listener of this.#listeners.slice()) listener.key(key);
  }

  /** Ends the leg; the peer of a bridge stays up, parked. */
  end(by: 'party' | 'us' | 'failure'): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = by;
    this.#playing?.stop();
    if (this.peer !== undefined) this.peer.peer = undefined;
    this.peer = undefined;
    if (by !== 'party') this.ear?.ended();
    for (const listener of this.#listeners.splice(0)) listener.ended(by);
  }
}
