import type { DialogueEffect } from '../../domain/ivr/dialogue.ts';
import { soundsFor, type Utterance } from '../../domain/ivr/speech.ts';
import type { Voice } from '../../domain/ivr/voice.ts';
import type { Clock, Leg } from '../ports.ts';

export type SpeakerEvent =
  | { readonly type: 'said'; readonly turn: number }
  | { readonly type: 'silence'; readonly turn: number }
  | { readonly type: 'mediaFailed' };

/** Carries out on a leg what a dialogue wants said, and tells it when that was heard. */
export class Speaker {
  readonly #leg: Leg;
  readonly #clock: Clock;
  readonly #post: (event: SpeakerEvent) => void;
  #voice: Voice;
  #cancelTimer: () => void = () => undefined;

  /** `voice` is spoken in until a dialogue chooses another. */
  constructor(leg: Leg, clock: Clock, voice: Voice, post: (event: SpeakerEvent) => void) {
    this.#leg = leg;
    this.#clock = clock;
    this.#voice = voice;
    this.#post = post;
  }

  run(effect: DialogueEffect | { readonly type: 'music' }): void {
    switch (effect.type) {
      case 'useVoice':
        this.#voice = effect.voice;
        return;
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
    const sounds = soundsFor(utterances, this.#voice.language);
    const played =
      sounds.length === 0 ? Promise.resolve('finished') : this.#leg.play(sounds, this.#voice);
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
