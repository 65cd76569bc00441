import { soundsFor, type Utterance } from '../../domain/ivr/speech.ts';
import type { Voice } from '../../domain/ivr/voice.ts';
import type { Leg, Log } from '../ports.ts';

type EndedBy = 'party' | 'us' | 'failure';

/** An agent's side of one conversation. */
export interface AgentLine {
  /** Tells once that the agent's side has ended; at once if it already has. */
  whenEnded(told: (by: EndedBy) => void): void;
  /** Tells the agent alone who is coming. @throws CallFailure */
  whisper(words: readonly Utterance[]): Promise<void>;
  /** Music until the customer is there. @throws CallFailure */
  wait(): Promise<void>;
  /** Joins customer and agent for talk. @throws CallFailure */
  join(customer: Leg): Promise<void>;
  /** The conversation is over, or does not come about. */
  letGo(): void;
}

/** A phone that was rung: hung up with the call. */
export class RungPhone implements AgentLine {
  readonly #leg: Leg;
  readonly #voice: Voice;

  constructor(leg: Leg, voice: Voice) {
    this.#leg = leg;
    this.#voice = voice;
  }

  whisper(words: readonly Utterance[]): Promise<void> {
    return speak(this.#leg, words, this.#voice);
  }

  wait(): Promise<void> {
    return this.#leg.playMusic();
  }

  whenEnded(told: (by: EndedBy) => void): void {
    this.#leg.listen({ key: () => undefined, ended: told });
  }

  join(customer: Leg): Promise<void> {
    return customer.bridge(this.#leg);
  }

  letGo(): void {
    void this.#leg.hangUp();
  }
}

async function speak(leg: Leg, words: readonly Utterance[], voice: Voice): Promise<void> {
  if (words.length > 0) await leg.play(soundsFor(words, voice.language), voice);
}

/** A line that an agent keeps open from call to call; listened to once for all of them. */
export class OpenLine {
  readonly leg: Leg;
  readonly #log: Log;
  readonly #voice: Voice;
  #endedBy: EndedBy | undefined;
  #tellCall: (by: EndedBy) => void = () => undefined;
  #parted: Promise<void> = Promise.resolve();

  /** `closed` is told before the call that the line carries. */
  constructor(leg: Leg, log: Log, voice: Voice, closed: (by: EndedBy) => void) {
    this.leg = leg;
    this.#log = log;
    this.#voice = voice;
    leg.listen({
      key: () => undefined,
      ended: (by) => {
        this.#endedBy = by;
        closed(by);
        this.#tellCall(by);
      },
    });
  }

  /** A beep, and the line is there for a call. @throws CallFailure */
  async take(): Promise<AgentLine> {
    await this.#parted;
    await this.leg.play(['words/beep'], this.#voice);
    let joined = false;
    return {
      whenEnded: (told) => {
        if (this.#endedBy === undefined) this.#tellCall = told;
        else told(this.#endedBy);
      },
      whisper: (words) => speak(this.leg, words, this.#voice),
      wait: () => this.leg.playMusic(),
      join: (customer) => {
        joined = true;
        return customer.bridge(this.leg);
      },
      letGo: () => {
        if (this.#endedBy !== undefined) return;
        if (joined) this.#part();
        else this.#hush();
      },
    };
  }

  /** The customer did not come: whisper or music end. */
  #hush(): void {
    this.#parted = this.leg.stopSound().catch((error: unknown) => {
      this.#log.warn('open line was not hushed', { error: String(error) });
    });
  }

  #part(): void {
    this.#parted = this.leg.unbridge().catch((error: unknown) => {
      this.#log.warn('open line was not parted', { error: String(error) });
    });
  }
}
