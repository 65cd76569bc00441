import { type DialogueEffect, type DialogueEvent, prompts } from './dialogue.ts';
import type { Key } from './keys.ts';
import type { Utterance } from './speech.ts';
import type { Voice } from './voice.ts';

/**
 * What is remembered of somebody who listens, so that every dialogue can serve them alike: hearing
 * it again, slower speech, a person, more time. It stands between the telephone and a
 * dialogue, which does not notice:
 *
 *     event ──▶ hear ──┬──▶ dialogue ──▶ effects ──▶ tell ──▶ speaker
 *                      └──▶ its own effects ────────────────▶ speaker
 *
 * What is said again keeps its turn, so that the dialogue goes on where it was.
 */
export interface Listener {
  readonly voice: Voice;
  /** Said last, and how often it was said again. */
  readonly last: Said | undefined;
  readonly timesRepeated: number;
  /** The wait for a key that is under way. */
  readonly wait: Wait | undefined;
  /** "Take your time" is being said; then the wait begins anew. */
  readonly encouraged: boolean;
  /** Needed more time once: every wait is longer from then on. */
  readonly unhurried: boolean;
}

interface Said {
  readonly turn: number;
  readonly utterances: readonly Utterance[];
}

type Wait = Extract<DialogueEffect, { type: 'awaitKey' }>;

/** Keys that mean the same wherever a caller is asked something. */
export interface UniversalKeys {
  /** Says the last thing again. */
  readonly repeat: Key;
  /** Leads to a person. */
  readonly person: Key;
  /** Says the last thing again in slower speech, which stays; pressed again, as before. */
  readonly slower: Key;
}

export const USUAL_KEYS: UniversalKeys = { repeat: '*', person: '0', slower: '#' };

export interface Heard {
  readonly listener: Listener;
  /** To be carried out at once. */
  readonly effects: readonly DialogueEffect[];
  /** For the dialogue; undefined if the event has been dealt with. */
  readonly event: DialogueEvent | undefined;
  /** The caller wants a person: the event is for nobody else. */
  readonly wantsPerson: boolean;
}

/** Times that one thing is said again; then the key is a wrong one, so that nobody goes on for ever. */
const MAX_REPEATS = 20;
/** How much longer is waited for who needs it. */
const MORE_TIME = 2;

/** Somebody begins to listen. */
export function listenerWith(voice: Voice): Listener {
  return {
    voice,
    last: undefined,
    timesRepeated: 0,
    wait: undefined,
    encouraged: false,
    unhurried: false,
  };
}

/**
 * Takes an event before a dialogue does. `keys` are those that have their universal meaning here: none
 * while a number is keyed, and no `person` where no menu is.
 */
export function hear(
  listener: Listener,
  event: DialogueEvent,
  keys: Partial<UniversalKeys>,
): Heard {
  switch (event.type) {
    case 'key':
      return hearKey(listener, event.key, keys);
    case 'silence':
      return hearSilence(listener, event.turn);
    case 'said':
      return hearEnd(listener, event.turn);
  }
}

function hearKey(listener: Listener, key: Key, keys: Partial<UniversalKeys>): Heard {
  if (key === keys.person) return { ...pass(listener), wantsPerson: true };
  const { last, timesRepeated } = listener;
  if (last === undefined || timesRepeated >= MAX_REPEATS)
    return pass(listener, { type: 'key', key });
  if (key === keys.repeat) return sayAgain(listener, last, []);
  if (key === keys.slower) {
    const pace = listener.voice.pace === 'slow' ? 'normal' : 'slow';
    const voice: Voice = { ...listener.voice, pace };
    return sayAgain({ ...listener, voice }, last, [{ type: 'useVoice', voice }]);
  }
  return pass(listener, { type: 'key', key });
}

function sayAgain(listener: Listener, last: Said, before: readonly DialogueEffect[]): Heard {
  return dealtWith({ ...listener, timesRepeated: listener.timesRepeated + 1, encouraged: false }, [
    ...before,
    { type: 'say', ...last },
  ]);
}

/** The first silence of a call where a key is needed does not count. */
function hearSilence(listener: Listener, turn: number): Heard {
  const { wait, unhurried } = listener;
  if (wait?.turn !== turn || wait.moreTime === undefined || unhurried) {
    return pass(listener, { type: 'silence', turn });
  }
  return dealtWith({ ...listener, unhurried: true, encouraged: true }, [
    { type: 'say', turn, utterances: prompts('take-your-time') },
  ]);
}

function hearEnd(listener: Listener, turn: number): Heard {
  const { wait, encouraged } = listener;
  if (!encouraged || wait?.turn !== turn) return pass(listener, { type: 'said', turn });
  return dealtWith({ ...listener, encouraged: false }, [stretched(listener, wait)]);
}

/**
 * Notes what a dialogue says, and gives its effects back with the waits as long as this caller needs.
 * Effects of other kinds pass as they are.
 */
export function tell<Effect extends { readonly type: string }>(
  listener: Listener,
  effects: readonly (Effect | DialogueEffect)[],
): { readonly listener: Listener; readonly effects: readonly (Effect | DialogueEffect)[] } {
  let heard = listener;
  const told = effects.map((effect) => {
    if (!isOurs(effect)) return effect;
    heard = noted(heard, effect);
    return effect.type === 'awaitKey' ? stretched(heard, effect) : effect;
  });
  return { listener: heard, effects: told };
}

function noted(listener: Listener, effect: DialogueEffect): Listener {
  switch (effect.type) {
    case 'say': {
      const { turn, utterances } = effect;
      const last = { turn, utterances };
      return { ...listener, last, timesRepeated: 0, wait: undefined, encouraged: false };
    }
    case 'awaitKey':
      return { ...listener, wait: effect };
    case 'useVoice':
      return { ...listener, voice: effect.voice };
    case 'hush':
      return listener;
  }
}

/** Who asked for slower speech is given more time as well. */
function stretched({ unhurried, voice }: Listener, wait: Wait): Wait {
  if (!unhurried && voice.pace === 'normal') return wait;
  return { ...wait, afterMs: wait.afterMs * MORE_TIME };
}

function isOurs(effect: { readonly type: string }): effect is DialogueEffect {
  return ['say', 'awaitKey', 'hush', 'useVoice'].includes(effect.type);
}

function pass(listener: Listener, event?: DialogueEvent): Heard {
  return { listener, effects: [], event, wantsPerson: false };
}

function dealtWith(listener: Listener, effects: readonly DialogueEffect[]): Heard {
  return { listener, effects, event: undefined, wantsPerson: false };
}
