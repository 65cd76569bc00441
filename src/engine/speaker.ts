import type { DialogueEffect } from '../domain/ivr/dialogue.ts';
import { soundsFor, type Utterance } from '../domain/ivr/speech.ts';
import type { Clock, Leg } from './ports.ts';

export type SpeakerEvent =
  | { readonly type: 'said'; readonly turn: number }
  | { readonly type: 'silence'; readonly turn: number }
  | { readonly type: 'mediaFailed' };

/** Carries out on a leg what a dialogue wants said, and tells it when that was heard. */
export class Speaker {
  readonly #leg: Leg;
  readonly #clock: Clock;
  readonly #post: (event: SpeakerEvent) => void;
  #cancelTimer: () => void = () => undefined;

  constructor(leg: Leg, clock: Clock, post: (event: SpeakerEvent) => void) {
    this.#leg = leg;
    this.#clock = clock;
    this.#post = post;
  }

  run(effect: DialogueEffect | { readonly type: 'music' }): void {
    switch (effect.type) {
      case 'say':
        this.#cancelTimer();
        this.#say(effect.turn, effect.utterances);
        return;
      case 'awaitKey':
        this.#cancelTimer();
        this.#cancelTimer = this.#clock.startTimer(effect.afterMs, () => {
          this.#post({ type: 'silence', turn: effect.turn });
        });
        return;
      case 'hush':
        this.#attempt(this.#leg.stopSound());
        return;
      case 'music':
        this.#attempt(this.#leg.playMusic());
        return;
    }
  }

  /** No more timers; the leg has ended or belongs to a conversation now. */
  close(): void {
    this.#cancelTimer();
  }

  #say(turn: number, utterances: readonly Utterance[]): void {
    const sounds = soundsFor(utterances);
    const played = sounds.length === 0 ? Promise.resolve('finished') : this.#leg.play(sounds);
    this.#attempt(
      played.then((result) => {
        if (result === 'finished') this.#post({ type: 'said', turn });
      }),
    );
  }

  #attempt(work: Promise<void>): void {
    work.catch(() => {
      this.#post({ type: 'mediaFailed' });
    });
  }
}
