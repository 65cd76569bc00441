import type { Key } from './keys.ts';
import type { Utterance } from './speech.ts';

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
  /** Post `silence` after this time; replaces the time set before. */
  | { readonly type: 'awaitKey'; readonly turn: number; readonly afterMs: number }
  /** Stop what is being said. */
  | { readonly type: 'hush' };

/** Says prompts by their names. */
export function prompts(...ids: readonly string[]): readonly Utterance[] {
  return ids.map((prompt) => ({ say: 'prompt', prompt }));
}
