import type { PromptId } from '../ids.ts';
import { type DialogueEffect, type DialogueEvent, prompts } from './dialogue.ts';
import type { Key } from './keys.ts';
import type { Menu, MenuAction } from './menu.ts';

/** A caller in a menu. */
export interface MenuDialogue {
  readonly menu: Menu;
  readonly turn: number;
  /** Time-outs and wrong keys so far. */
  readonly tries: number;
  /**
   * The way here, one entry for each menu left: its id and the key that led on, as `main 1`, or the
   * id alone if the tries were used up. At most `MAX_PATH`, the newest.
   */
  readonly path: readonly string[];
}

export interface MenuStep {
  /** Its `path` holds this menu too once there is an action. */
  readonly dialogue: MenuDialogue;
  readonly effects: readonly DialogueEffect[];
  /** Set once the caller has chosen, or used up the tries. */
  readonly action?: MenuAction;
}

/** A caller who goes round in menus is not remembered for ever. */
const MAX_PATH = 20;

/**
 * Begins a menu: `before` is heard first (a greeting), then the menu's prompts. `path` is that of the
 * menu before.
 */
export function beginMenu(
  menu: Menu,
  before: readonly PromptId[],
  turn: number,
  path: readonly string[],
): MenuStep {
  return saying({ menu, turn, tries: 0, path }, before);
}

/** Moves a menu by one event. A key counts at any time, also while the prompts are heard. */
export function stepMenu(dialogue: MenuDialogue, event: DialogueEvent): MenuStep {
  switch (event.type) {
    case 'said':
      return event.turn === dialogue.turn ? awaiting(dialogue) : { dialogue, effects: [] };
    case 'silence':
      if (event.turn !== dialogue.turn) return { dialogue, effects: [] };
      return tryAgain(dialogue, dialogue.menu.timeoutPrompt);
    case 'key': {
      const action = dialogue.menu.keys[event.key];
      if (action === undefined) return tryAgain(dialogue, dialogue.menu.invalidPrompt);
      if (action.to === 'repeat') return saying({ ...dialogue, turn: dialogue.turn + 1 }, []);
      return { dialogue: leaving(dialogue, event.key), effects: [], action };
    }
  }
}

/** The caller leaves the menu by a key; for the key that leads to a person, which no menu lists. */
export function leaving(dialogue: MenuDialogue, key: Key | undefined): MenuDialogue {
  const { id } = dialogue.menu;
  const entry = key === undefined ? id : `${id} ${key}`;
  return { ...dialogue, path: [...dialogue.path, entry].slice(-MAX_PATH) };
}

function saying(dialogue: MenuDialogue, before: readonly PromptId[]): MenuStep {
  const utterances = prompts(...before, ...dialogue.menu.prompts);
  return { dialogue, effects: [{ type: 'say', turn: dialogue.turn, utterances }] };
}

function awaiting(dialogue: MenuDialogue): MenuStep {
  const afterMs = dialogue.menu.timeoutSeconds * 1000;
  return {
    dialogue,
    effects: [{ type: 'awaitKey', turn: dialogue.turn, afterMs, moreTime: true }],
  };
}

function tryAgain(dialogue: MenuDialogue, reason: PromptId): MenuStep {
  const next = { ...dialogue, turn: dialogue.turn + 1, tries: dialogue.tries + 1 };
  if (next.tries < dialogue.menu.maxTries) return saying(next, [reason]);
  return { dialogue: leaving(next, undefined), effects: [], action: dialogue.menu.exhausted };
}
