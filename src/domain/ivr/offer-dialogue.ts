import type { Consent } from '../callback/ticket.ts';
import type { E164 } from '../ids.ts';
import type { NumberCheck } from '../numbering/policy.ts';
import { type DialogueEffect, type DialogueEvent, prompts } from './dialogue.ts';
import { isDigit, type Key } from './keys.ts';
import type { Utterance } from './speech.ts';

/**
 * The offer of a callback.
 *
 *     notice ──▶ choice ──1──▶ accepted (ANI)
 *       │          │2
 *       │ no ANI   ▼
 *       └──────▶ keying ──10 digits──▶ confirming ──1──▶ accepted (keyed)
 *                  ▲ │ 3 tries             │2
 *                  │ ▼                     │
 *                  │ declined              │
 *                  └───────────────────────┘
 *
 * Silence at the choice is declining: nothing is collected from who does not press.
 */
export type OfferDialogue = { readonly turn: number; readonly ani: E164 | undefined } & (
  | { readonly step: 'notice' }
  | { readonly step: 'choice' }
  | { readonly step: 'keying'; readonly tries: number; readonly digits: string }
  | { readonly step: 'confirming'; readonly tries: number; readonly number: E164 }
);

type OfferOutcome =
  | { readonly result: 'declined'; readonly say: readonly Utterance[] }
  | { readonly result: 'accepted'; readonly number: E164; readonly consent: OfferConsent };

export type OfferConsent = Pick<Consent, 'key' | 'source'>;

export interface OfferStep {
  readonly dialogue: OfferDialogue;
  readonly effects: readonly DialogueEffect[];
  /** Set once the offer is over. */
  readonly outcome?: OfferOutcome;
}

/** Judges keyed digits. */
export type CheckNumber = (digits: string) => NumberCheck;

/** Tries at keying a number; then back on hold with the place kept. */
const MAX_TRIES = 3;
const CHOICE_TIMEOUT_MS = 6_000;
const FIRST_DIGIT_TIMEOUT_MS = 10_000;
const NEXT_DIGIT_TIMEOUT_MS = 4_000;
const CONFIRM_TIMEOUT_MS = 8_000;
/** No number in any plan is longer (E.164 section 6). */
const MAX_DIGITS = 15;

/** Begins the offer with its notice. `ani` is the number shown, if it can be called back. */
export function beginOffer(ani: E164 | undefined, turn: number): OfferStep {
  return say({ step: 'notice', ani, turn }, prompts('notice-callback'));
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
    case 'choice':
      return atChoice(dialogue, event);
    case 'keying':
      return whileKeying(dialogue, event, check);
    case 'confirming':
      return atConfirmation(dialogue, event);
  }
}

function afterNotice({ ani, turn }: OfferDialogue): OfferStep {
  if (ani === undefined) {
    return say(
      { step: 'keying', tries: 0, digits: '', ani, turn: turn + 1 },
      prompts('offer-no-ani'),
    );
  }
  return say({ step: 'choice', ani, turn: turn + 1 }, [
    ...prompts('offer-use-ani-intro'),
    { say: 'telephoneNumber', number: ani },
    ...prompts('offer-use-ani-keys'),
  ]);
}

function atChoice(dialogue: OfferDialogue, event: DialogueEvent): OfferStep {
  if (event.type === 'said') return awaitKey(dialogue, CHOICE_TIMEOUT_MS);
  if (event.type === 'silence') return declined(dialogue, []);
  if (event.key === '1' && dialogue.ani !== undefined) {
    return accepted(dialogue, dialogue.ani, { key: '1', source: 'ani' });
  }
  if (event.key === '2') return askForNumber(dialogue, 0, []);
  return afterNotice(dialogue);
}

function askForNumber(
  { ani, turn }: OfferDialogue,
  tries: number,
  before: readonly Utterance[],
): OfferStep {
  return say({ step: 'keying', tries, digits: '', ani, turn: turn + 1 }, [
    ...before,
    ...prompts('key-number'),
  ]);
}

function whileKeying(
  dialogue: OfferDialogue & { step: 'keying' },
  event: DialogueEvent,
  check: CheckNumber,
): OfferStep {
  if (event.type === 'said') return awaitKey(dialogue, FIRST_DIGIT_TIMEOUT_MS);
  if (event.type === 'silence') {
    // Who was asked without a number shown, and keys nothing, stays on the line.
    if (dialogue.digits === '' && dialogue.ani === undefined && dialogue.tries === 0) {
      return declined(dialogue, []);
    }
    return judge(dialogue, check);
  }
  return takeKey(dialogue, event.key, check);
}

function takeKey(
  dialogue: OfferDialogue & { step: 'keying' },
  key: Key,
  check: CheckNumber,
): OfferStep {
  if (key === '#') return judge(dialogue, check);
  const digits = isDigit(key) ? (dialogue.digits + key).slice(0, MAX_DIGITS) : '';
  const keyed = { ...dialogue, digits };
  if (digits.length === (digits.startsWith('1') ? 11 : 10)) return judge(keyed, check);
  const wait = awaitKey(keyed, NEXT_DIGIT_TIMEOUT_MS);
  return { ...wait, effects: [{ type: 'hush' }, ...wait.effects] };
}

function judge(dialogue: OfferDialogue & { step: 'keying' }, check: CheckNumber): OfferStep {
  const checked = check(dialogue.digits);
  if (!checked.ok) {
    const reason = checked.rule === 'notNanp' ? 'number-not-understood' : 'number-invalid';
    return tryAgain(dialogue, dialogue.tries, prompts(reason));
  }
  const { ani, turn, tries } = dialogue;
  const confirming: OfferDialogue = {
    step: 'confirming',
    number: checked.number,
    tries,
    ani,
    turn: turn + 1,
  };
  return say(confirming, [
    ...prompts('confirm-number-intro'),
    { say: 'telephoneNumber', number: checked.number },
    ...prompts('confirm-number-keys'),
  ]);
}

function atConfirmation(
  dialogue: OfferDialogue & { step: 'confirming' },
  event: DialogueEvent,
): OfferStep {
  if (event.type === 'said') return awaitKey(dialogue, CONFIRM_TIMEOUT_MS);
  if (event.type === 'key' && event.key === '1') {
    return accepted(dialogue, dialogue.number, { key: '1', source: 'keyed' });
  }
  return tryAgain(dialogue, dialogue.tries, []);
}

function tryAgain(dialogue: OfferDialogue, tries: number, before: readonly Utterance[]): OfferStep {
  if (tries + 1 >= MAX_TRIES) return declined(dialogue, [...before, ...prompts('back-on-hold')]);
  return askForNumber(dialogue, tries + 1, before);
}

function say(dialogue: OfferDialogue, utterances: readonly Utterance[]): OfferStep {
  return { dialogue, effects: [{ type: 'say', turn: dialogue.turn, utterances }] };
}

function awaitKey(dialogue: OfferDialogue, afterMs: number): OfferStep {
  return { dialogue, effects: [{ type: 'awaitKey', turn: dialogue.turn, afterMs }] };
}

function stay(dialogue: OfferDialogue): OfferStep {
  return { dialogue, effects: [] };
}

function declined(dialogue: OfferDialogue, words: readonly Utterance[]): OfferStep {
  return { dialogue, effects: [], outcome: { result: 'declined', say: words } };
}

function accepted(dialogue: OfferDialogue, number: E164, consent: OfferConsent): OfferStep {
  return { dialogue, effects: [], outcome: { result: 'accepted', number, consent } };
}
