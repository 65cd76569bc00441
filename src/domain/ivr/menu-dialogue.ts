import type { PromptId } from '../ids.ts';
import { type DialogueEffect, type DialogueEvent, prompts } from './dialogue.ts';
import type { Menu, MenuAction } from './menu.ts';

/** A caller in a menu. */
export interface MenuDialogue {
  readonly menu: Menu;
  readonly turn: number;
  /** Time-outs and wrong keys so far. */
  readonly tries: number;
}

export interface MenuStep {
  readonly dialogue: MenuDialogue;
  readonly effects: readonly DialogueEffect[];
  /** Set once the caller has chosen, or used up the tries. */
  readonly action?: MenuAction;
}

/** Begins a menu: `before` is heard first (a greeting), then the menu's prompts. */
export function beginMenu(menu: Menu, before: readonly PromptId[], turn: number): MenuStep {
  return saying({ menu, turn, tries: 0 }, before);
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
      return { dialogue, effects: [], action };
    }
  }
}

function saying(dialogue: MenuDialogue, before: readonly PromptId[]): MenuStep {
  const utterances = prompts(...before, ...dialogue.menu.prompts);
  return { dialogue, effects: [{ type: 'say', turn: dialogue.turn, utterances }] };
}

function awaiting(dialogue: MenuDialogue): MenuStep {
  const afterMs = dialogue.menu.timeoutSeconds * 1000;
  return { dialogue, effects: [{ type: 'awaitKey', turn: dialogue.turn, afterMs }] };
}

function tryAgain(dialogue: MenuDialogue, reason: PromptId): MenuStep {
  const next = { ...dialogue, turn: dialogue.turn + 1, tries: dialogue.tries + 1 };
  if (next.tries < dialogue.menu.maxTries) return saying(next, [reason]);
  return { dialogue: next, effects: [], action: dialogue.menu.exhausted };
}
