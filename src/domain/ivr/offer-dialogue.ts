import type { Consent, Slot } from '../callback/ticket.ts';
import type { E164, EpochMs } from '../ids.ts';
import type { NumberCheck } from '../numbering/policy.ts';
import { type DialogueEffect, type DialogueEvent, prompts } from './dialogue.ts';
import { isDigit, type Key } from './keys.ts';
import type { Utterance } from './speech.ts';

/**
 * The offer of a callback.
 *
 *     notice ──▶ (slot) ──▶ choice ──1──▶ (code) ──▶ accepted (ANI)
 *                             │2             ▲
 *                   no ANI    ▼              │1
 *       └─────────────────▶ keying ──▶ confirming      accepted (keyed)
 *                             ▲ │ 3 tries    │2
 *                             │ ▼            │
 *                             │ declined     │
 *                             └──────────────┘
 *
 * Silence at a choice is declining: nothing is collected from who does not press.
 */
export type OfferDialogue = { readonly turn: number; readonly ani: E164 | undefined } & Terms &
  (
    | { readonly step: 'notice' }
    /** A time to choose; `index` is the one being said. */
    | { readonly step: 'slot'; readonly index: number }
    | { readonly step: 'choice' }
    | { readonly step: 'keying'; readonly tries: number; readonly digits: string }
    | { readonly step: 'confirming'; readonly tries: number; readonly number: E164 }
    | {
        readonly step: 'code';
        readonly number: E164;
        readonly consent: OfferConsent;
        readonly digits: string;
      }
  );

/** What is offered. */
export interface Terms {
  /** Times to choose from, soonest first; none: a place in line. */
  readonly slots: readonly Slot[];
  /** The one that was chosen. */
  readonly slot: Slot | undefined;
  /** For saying times. */
  readonly timeZone: string;
  readonly now: EpochMs;
  /** Whether two digits are asked for, that the callback says. */
  readonly askCode: boolean;
}

type OfferOutcome =
  | { readonly result: 'declined'; readonly say: readonly Utterance[] }
  | {
      readonly result: 'accepted';
      readonly number: E164;
      readonly consent: OfferConsent;
      readonly slot: Slot | undefined;
      readonly code: string | undefined;
    };

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
const CODE_DIGITS = 2;

/** Begins the offer with its notice. `ani` is the number shown, if it can be called back. */
export function beginOffer(ani: E164 | undefined, terms: Terms, turn: number): OfferStep {
  return say({ ...terms, step: 'notice', ani, turn }, prompts('notice-callback'));
}

/** Begins where a time is chosen, for who has been told all before; over once `slot` is set. */
export function beginSlots(terms: Terms, turn: number): OfferStep {
  const dialogue = { ...terms, step: 'notice', ani: undefined, turn: turn - 1 } as const;
  return offerSlot(dialogue, 0, []);
}

/** Begins where a number is keyed, for who has been told all before. */
export function beginKeying(terms: Terms, turn: number): OfferStep {
  return askForNumber({ ...terms, ani: undefined, turn: turn - 1 }, 0, []);
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
  if (slot === undefined) return declined(dialogue, prompts('slot-none', 'back-on-hold'));
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
  return offerSlot(dialogue, dialogue.index, []);
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
  return offerNumber(dialogue);
}

/** Keeps what does not change from turn to turn, for the next turn. */
function common({
  ani,
  turn,
  slots,
  slot,
  timeZone,
  now,
  askCode,
}: Pick<OfferDialogue, 'ani' | 'turn' | keyof Terms>) {
  return { ani, turn: turn + 1, slots, slot, timeZone, now, askCode };
}

function askForNumber(
  dialogue: Pick<OfferDialogue, 'ani' | 'turn' | keyof Terms>,
  tries: number,
  before: readonly Utterance[],
): OfferStep {
  return say({ ...common(dialogue), step: 'keying', tries, digits: '' }, [
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

function atConfirmation(
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
  if (tries + 1 >= MAX_TRIES) return declined(dialogue, [...before, ...prompts('back-on-hold')]);
  return askForNumber(dialogue, tries + 1, before);
}

function say(dialogue: OfferDialogue, utterances: readonly Utterance[]): OfferStep {
  return { dialogue, effects: [{ type: 'say', turn: dialogue.turn, utterances }] };
}

/** Where a number is keyed, who needs more time gets it; elsewhere silence is an answer. */
function awaitKey(dialogue: OfferDialogue, afterMs: number): OfferStep {
  const wait = { type: 'awaitKey', turn: dialogue.turn, afterMs } as const;
  const needsKey =
    dialogue.step === 'confirming' ||
    (dialogue.step === 'keying' && (dialogue.ani !== undefined || dialogue.tries > 0));
  return { dialogue, effects: [needsKey ? { ...wait, moreTime: true } : wait] };
}

function stay(dialogue: OfferDialogue): OfferStep {
  return { dialogue, effects: [] };
}

function declined(dialogue: OfferDialogue, words: readonly Utterance[]): OfferStep {
  return { dialogue, effects: [], outcome: { result: 'declined', say: words } };
}

/** The number is settled: a code is asked for where the operator wants one. */
function agreed(dialogue: OfferDialogue, number: E164, consent: OfferConsent): OfferStep {
  if (!dialogue.askCode) return accepted(dialogue, number, consent, undefined);
  return say(
    { ...common(dialogue), step: 'code', number, consent, digits: '' },
    prompts('ask-code'),
  );
}

/** Two digits, or none: who keys nothing goes without. */
function whileChoosingCode(
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

function accepted(
  dialogue: OfferDialogue,
  number: E164,
  consent: OfferConsent,
  code: string | undefined,
): OfferStep {
  const { slot } = dialogue;
  return { dialogue, effects: [], outcome: { result: 'accepted', number, consent, slot, code } };
}
