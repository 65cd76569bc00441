import type { E164 } from '../ids.ts';
import { type DialogueEvent, prompts } from './dialogue.ts';
import type { Key } from './keys.ts';
import { USUAL_KEYS } from './listener.ts';
import {
  agreed,
  askForNumber,
  atConfirmation,
  whileChoosingCode,
  whileKeying,
} from './offer-number.ts';
import {
  awaitKey,
  CHOICE_TIMEOUT_MS,
  type CheckNumber,
  common,
  declined,
  type OfferDialogue,
  type OfferStep,
  say,
  stay,
  type Terms,
} from './offer-state.ts';
import type { Utterance } from './speech.ts';

/** Keys without meaning after which the offer is taken for declined. */
const MAX_WRONG_KEYS = 5;

/** Begins the offer with its notice. `ani` is the number shown, if it can be called back. */
export function beginOffer(ani: E164 | undefined, terms: Terms, turn: number): OfferStep {
  return say({ ...terms, step: 'notice', ani, turn, wrongKeys: 0 }, prompts('notice-callback'));
}

/** Begins where a time is chosen, for who has been told all before; over once `slot` is set. */
export function beginSlots(terms: Terms, turn: number): OfferStep {
  const dialogue = {
    ...terms,
    step: 'notice',
    ani: undefined,
    turn: turn - 1,
    wrongKeys: 0,
  } as const;
  return offerSlot(dialogue, 0, []);
}

/** Begins where a number is keyed, for who has been told all before. */
export function beginKeying(terms: Terms, turn: number): OfferStep {
  return askForNumber({ ...terms, ani: undefined, turn: turn - 1, wrongKeys: 0 }, 0, []);
}

/** Moves the offer by one event. */
export function stepOffer(
  dialogue: OfferDialogue,
  event: DialogueEvent,
  check: CheckNumber,
): OfferStep {
  if (event.type !== 'key' && event.turn !== dialogue.turn) return stay(dialogue);
  switch (dialogue.step) {
    case 'notice':
      // The notice is heard whole before anything is collected: keys do not shorten it.
      return event.type === 'said' ? afterNotice(dialogue) : stay(dialogue);
    case 'slot':
      return atSlot(dialogue, event);
    case 'code':
      return whileChoosingCode(dialogue, event);
    case 'choice':
      return atChoice(dialogue, event);
    case 'keying':
      return whileKeying(dialogue, event, check);
    case 'confirming':
      return atConfirmation(dialogue, event);
  }
}

function afterNotice(dialogue: OfferDialogue): OfferStep {
  return dialogue.slots.length > 0 && dialogue.slot === undefined
    ? offerSlot(dialogue, 0, prompts('slot-intro'))
    : offerNumber(dialogue);
}

function offerSlot(
  dialogue: OfferDialogue,
  index: number,
  before: readonly Utterance[],
): OfferStep {
  const slot = dialogue.slots[index];
  if (slot === undefined) return declined(dialogue, prompts('slot-none'));
  const { timeZone, now } = dialogue;
  return say({ ...common(dialogue), step: 'slot', index }, [
    ...before,
    { say: 'slot', ...slot, timeZone, now },
    ...prompts('slot-keys'),
  ]);
}

function atSlot(
  dialogue: OfferDialogue & { readonly step: 'slot' },
  event: DialogueEvent,
): OfferStep {
  if (event.type === 'said') return awaitKey(dialogue, CHOICE_TIMEOUT_MS);
  if (event.type === 'silence') return declined(dialogue, []);
  const slot = dialogue.slots[dialogue.index];
  if (event.key === '1' && slot !== undefined) return offerNumber({ ...dialogue, slot });
  if (event.key === '2') return offerSlot(dialogue, dialogue.index + 1, []);
  return wrongKey(dialogue, event.key) ?? offerSlot(counted(dialogue), dialogue.index, []);
}

/** Over for who wants a person, whom they wait for, or presses keys without meaning for ever. */
function wrongKey(dialogue: OfferDialogue, key: Key): OfferStep | undefined {
  const isOver = key === USUAL_KEYS.person || dialogue.wrongKeys >= MAX_WRONG_KEYS;
  return isOver ? declined(dialogue, []) : undefined;
}

function counted<Dialogue extends OfferDialogue>(dialogue: Dialogue): Dialogue {
  return { ...dialogue, wrongKeys: dialogue.wrongKeys + 1 };
}

function offerNumber(dialogue: OfferDialogue): OfferStep {
  const { ani } = dialogue;
  if (ani === undefined) {
    return say(
      { ...common(dialogue), step: 'keying', tries: 0, digits: '' },
      prompts('offer-no-ani'),
    );
  }
  return say({ ...common(dialogue), step: 'choice' }, [
    ...prompts('offer-use-ani-intro'),
    { say: 'telephoneNumber', number: ani },
    ...prompts('offer-use-ani-keys'),
  ]);
}

function atChoice(dialogue: OfferDialogue, event: DialogueEvent): OfferStep {
  if (event.type === 'said') return awaitKey(dialogue, CHOICE_TIMEOUT_MS);
  if (event.type === 'silence') return declined(dialogue, []);
  if (event.key === '1' && dialogue.ani !== undefined) {
    return agreed(dialogue, dialogue.ani, { key: '1', source: 'ani' });
  }
  if (event.key === '2') return askForNumber(dialogue, 0, []);
  return wrongKey(dialogue, event.key) ?? offerNumber(counted(dialogue));
}
