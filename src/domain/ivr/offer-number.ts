import type { E164 } from '../ids.ts';
import { type DialogueEvent, prompts } from './dialogue.ts';
import { isDigit, type Key } from './keys.ts';
import {
  accepted,
  awaitKey,
  CHOICE_TIMEOUT_MS,
  type CheckNumber,
  type Common,
  common,
  declined,
  type OfferConsent,
  type OfferDialogue,
  type OfferStep,
  say,
} from './offer-state.ts';
import type { Utterance } from './speech.ts';

/** Tries at keying a number; then back on hold with the place kept. */
const MAX_TRIES = 3;
const FIRST_DIGIT_TIMEOUT_MS = 10_000;
const NEXT_DIGIT_TIMEOUT_MS = 4_000;
const CONFIRM_TIMEOUT_MS = 8_000;
/** No number in any plan is longer (E.164 section 6). */
const MAX_DIGITS = 15;
const CODE_DIGITS = 2;

export function askForNumber(
  dialogue: Common,
  tries: number,
  before: readonly Utterance[],
): OfferStep {
  return say({ ...common(dialogue), step: 'keying', tries, digits: '' }, [
    ...before,
    ...prompts('key-number'),
  ]);
}

export function whileKeying(
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
  const confirming: OfferDialogue = {
    ...common(dialogue),
    step: 'confirming',
    number: checked.number,
    tries: dialogue.tries,
  };
  return say(confirming, [
    ...prompts('confirm-number-intro'),
    { say: 'telephoneNumber', number: checked.number },
    ...prompts('confirm-number-keys'),
  ]);
}

export function atConfirmation(
  dialogue: OfferDialogue & { step: 'confirming' },
  event: DialogueEvent,
): OfferStep {
  if (event.type === 'said') return awaitKey(dialogue, CONFIRM_TIMEOUT_MS);
  if (event.type === 'key' && event.key === '1') {
    return agreed(dialogue, dialogue.number, { key: '1', source: 'keyed' });
  }
  return tryAgain(dialogue, dialogue.tries, []);
}

function tryAgain(dialogue: OfferDialogue, tries: number, before: readonly Utterance[]): OfferStep {
  if (tries + 1 >= MAX_TRIES) return declined(dialogue, before);
  return askForNumber(dialogue, tries + 1, before);
}

/** The number is settled: a code is asked for where the operator wants one. */
export function agreed(dialogue: OfferDialogue, number: E164, consent: OfferConsent): OfferStep {
  if (!dialogue.askCode) return accepted(dialogue, number, consent, undefined);
  return say(
    { ...common(dialogue), step: 'code', number, consent, digits: '' },
    prompts('ask-code'),
  );
}

/** Two digits, or none: who keys nothing goes without. */
export function whileChoosingCode(
  dialogue: OfferDialogue & { readonly step: 'code' },
  event: DialogueEvent,
): OfferStep {
  const { number, consent } = dialogue;
  if (event.type === 'said') return awaitKey(dialogue, CHOICE_TIMEOUT_MS);
  if (event.type === 'silence' || !isDigit(event.key)) {
    return accepted(dialogue, number, consent, undefined);
  }
  const digits = dialogue.digits + event.key;
  if (digits.length === CODE_DIGITS) return accepted(dialogue, number, consent, digits);
  const wait = awaitKey({ ...dialogue, digits }, NEXT_DIGIT_TIMEOUT_MS);
  return { ...wait, effects: [{ type: 'hush' }, ...wait.effects] };
}
