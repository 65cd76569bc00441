import type { Key } from './keys.ts';
import type { Utterance } from './speech.ts';
import type { Voice } from './voice.ts';

/**
 * What a caller's telephone tells a dialogue. A `turn` is one thing said and what was answered to
 * it; what belongs to an earlier turn came too late and is ignored.
 */
export type DialogueEvent =
  | { readonly type: 'said'; readonly turn: number }
  | { readonly type: 'silence'; readonly turn: number }
  | { readonly type: 'key'; readonly key: Key };

export type DialogueEffect =
  /** Say this in place of what is being said; post `said` at its end. */
  | { readonly type: 'say'; readonly turn: number; readonly utterances: readonly Utterance[] }
  /**
   * Post `silence` after this time; replaces the time set before. `moreTime`: the first silence of a
   * call does not count, but is answered with "take your time" (`listener.ts`). Left out where
   * silence is an answer, as to an offer.
   */
  | {
      readonly type: 'awaitKey';
      readonly turn: number;
      readonly afterMs: number;
      readonly moreTime?: true;
    }
  /** Stop what is being said. */
  | { readonly type: 'hush' }
  /** Speak like this from the next `say` on. */
  | { readonly type: 'useVoice'; readonly voice: Voice };

/** Says prompts by their names. */
export function prompts(...ids: readonly string[]): readonly Utterance[] {
  return ids.map((prompt) => ({ say: 'prompt', prompt }));
}
