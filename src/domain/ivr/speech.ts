import type { LanguageId, PromptId } from '../ids.ts';
import type { Key } from './keys.ts';
import type { Language } from './languages/language.ts';
import { languageOf } from './languages/table.ts';
import type { SoundName } from './sound-name.ts';
import { spokenSlot, type ToldSlot } from './spoken-slot.ts';
import { aboutWait, exactly, waitBetween } from './spoken-wait.ts';

/** Something to say to somebody, in whatever language. */
export type Utterance =
  | { readonly say: 'prompt'; readonly prompt: PromptId }
  /** A telephone number, in groups. */
  | { readonly say: 'telephoneNumber'; readonly number: string }
  /** Digit by digit: a code, the last four of a number. */
  | { readonly say: 'digits'; readonly digits: string }
  | { readonly say: 'key'; readonly key: Key }
  /** A whole number, 0 to 999,999. */
  | { readonly say: 'number'; readonly value: number }
  /** "20 minutes", as in "we will call you again in". At least one. */
  | { readonly say: 'minutes'; readonly value: number }
  /** A wait that is one number: "less than one minute", "about 12 minutes", "more than one hour". */
  | { readonly say: 'wait'; readonly waitSeconds: number }
  /** A wait that is a range: "between 20 and 30 minutes", "more than one hour". */
  | { readonly say: 'waitRange'; readonly lowSeconds: number; readonly highSeconds: number }
  /** "tomorrow between 2 and 2 30 p m". */
  | ({ readonly say: 'slot' } & ToldSlot);

const MAX_DIGITS = 20;
const MAX_NUMBER = 999_999;

/**
 * The sounds that say `utterances` in a language, in order. Out-of-range numbers are clamped, NaN is 0.
 * @throws RangeError for a slot in a time zone or at a time that does not exist
 */
export function soundsFor(
  utterances: readonly Utterance[],
  language: LanguageId,
): readonly SoundName[] {
  const rules = languageOf(language);
  return utterances.flatMap((utterance) => sounds(utterance, rules));
}

function sounds(utterance: Utterance, rules: Language): readonly SoundName[] {
  switch (utterance.say) {
    case 'prompt':
      return [`prompts/${utterance.prompt}`];
    case 'telephoneNumber':
      return telephoneNumber(utterance.number);
    case 'digits':
      return digits(utterance.digits);
    case 'key':
      return [keySound(utterance.key)];
    case 'number':
      return rules.wholeNumber(Math.min(MAX_NUMBER, Math.max(0, Math.trunc(utterance.value) || 0)));
    case 'minutes':
      return rules.wait(exactly(utterance.value));
    case 'wait':
      return rules.wait(aboutWait(utterance.waitSeconds));
    case 'waitRange':
      return rules.wait(waitBetween(utterance.lowSeconds, utterance.highSeconds));
    case 'slot':
      return rules.slot(spokenSlot(utterance));
  }
}

/** NANP numbers as 3-3-4 without the country code, others digit by digit; the same in all languages. */
function telephoneNumber(number: string): readonly SoundName[] {
  const all = number.replace(/\D/gu, '').slice(0, MAX_DIGITS);
  const national = all.length === 11 && all.startsWith('1') ? all.slice(1) : all;
  if (national.length !== 10) return digits(national);
  return [
    ...digits(national.slice(0, 3)),
    'words/pause',
    ...digits(national.slice(3, 6)),
    'words/pause',
    ...digits(national.slice(6)),
  ];
}

function digits(text: string): readonly SoundName[] {
  const known = text.replace(/[^0-9]/gu, '').slice(0, MAX_DIGITS);
  return known.split('').map((digit): SoundName => `digits/${digit}`);
}

function keySound(key: Key): SoundName {
  if (key === '*') return 'words/star';
  return key === '#' ? 'words/pound' : `digits/${key}`;
}
