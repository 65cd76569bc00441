import type { Slot } from '../callback/ticket.ts';
import type { E164, TicketId } from '../ids.ts';
import { type DialogueEffect, type DialogueEvent, prompts } from './dialogue.ts';
import { beginKeying, beginSlots, stepOffer } from './offer-dialogue.ts';
import type { CheckNumber, OfferConsent, OfferDialogue, OfferStep, Terms } from './offer-state.ts';
import type { Utterance } from './speech.ts';

/**
 * What a caller who has a callback booked may do with it.
 *
 *     choice ──1──▶ kept          choice ──3──▶ cancel
 *       │ ▲  ──2──▶ changing ──▶ changed (number)
 *       │ │  ──6──▶ changing ──▶ booked (another time)
 *       │ └──4, *── (hears the wait, or all again)
 *       └──5──▶ return to the line, at the same place
 *
 * Silence leads on to the menu: they may call about something else.
 */
export type RepeatDialogue = {
  readonly turn: number;
  readonly ticket: BookedTicket;
  /** How often they have been asked. */
  readonly timesAsked: number;
} & ({ readonly step: 'choice' } | { readonly step: 'changing'; readonly keying: OfferDialogue });

/** What is said of the ticket. */
export interface BookedTicket {
  readonly id: TicketId;
  readonly lastFour: string;
  /** How the wait is said; nothing for one that has a time. */
  readonly wait: readonly Utterance[];
  /** Times to choose from. */
  readonly terms: Terms;
}

type RepeatOutcome =
  | { readonly result: 'kept' | 'cancel' | 'return' | 'menu' }
  | { readonly result: 'changed'; readonly number: E164; readonly consent: OfferConsent }
  | { readonly result: 'booked'; readonly slot: Slot };

export interface RepeatStep {
  readonly dialogue: RepeatDialogue;
  readonly effects: readonly DialogueEffect[];
  /** Set once the dialogue is over. */
  readonly outcome?: RepeatOutcome;
}

const CHOICE_TIMEOUT_MS = 8_000;
/** Then the callback stays as it is: nobody keeps a line busy with questions for ever. */
const MOST_TIMES_ASKED = 12;

/** Says what is booked, and asks; `timesAsked`: how often they were asked before in this call. */
export function beginRepeat(
  ticket: BookedTicket,
  before: readonly Utterance[],
  turn: number,
  timesAsked: number,
): RepeatStep {
  const dialogue = { step: 'choice', ticket, turn, timesAsked: timesAsked + 1 } as const;
  if (timesAsked >= MOST_TIMES_ASKED) return over(dialogue, { result: 'kept' });
  return say(dialogue, [
    ...before,
    ...prompts('repeat-intro'),
    { say: 'digits', digits: ticket.lastFour },
    ...(ticket.terms.slots.length > 0 ? prompts('repeat-key-slot') : []),
    ...prompts('repeat-keys'),
  ]);
}

function askAgain(
  { ticket, timesAsked, turn }: RepeatDialogue,
  before: readonly Utterance[],
): RepeatStep {
  return beginRepeat(ticket, before, turn + 1, timesAsked);
}

/** Moves the dialogue by one event. */
export function stepRepeat(
  dialogue: RepeatDialogue,
  event: DialogueEvent,
  check: CheckNumber,
): RepeatStep {
  if (dialogue.step === 'changing') {
    return changing(dialogue, stepOffer(dialogue.keying, event, check));
  }
  if (event.type !== 'key' && event.turn !== dialogue.turn) return { dialogue, effects: [] };
  if (event.type === 'said') {
    const { turn } = dialogue;
    const wait = { type: 'awaitKey', turn, afterMs: CHOICE_TIMEOUT_MS, moreTime: true } as const;
    return { dialogue, effects: [wait] };
  }
  if (event.type === 'silence') return over(dialogue, { result: 'menu' });
  switch (event.key) {
    case '1':
      return over(dialogue, { result: 'kept' });
    case '2':
      return changing(dialogue, beginKeying(dialogue.ticket.terms, dialogue.turn + 1));
    case '3':
      return over(dialogue, { result: 'cancel' });
    case '4':
      return askAgain(dialogue, dialogue.ticket.wait);
    case '5':
      return over(dialogue, { result: 'return' });
    case '6':
      return dialogue.ticket.terms.slots.length > 0
        ? changing(dialogue, beginSlots(dialogue.ticket.terms, dialogue.turn + 1))
        : askAgain(dialogue, []);
    case '0':
    case '9':
    case '7':
    case '8':
    case '#':
    case '*':
      return askAgain(dialogue, []);
  }
}

/** A number that could not be keyed leaves the ticket as it was. */
function changing({ ticket, timesAsked }: RepeatDialogue, step: OfferStep): RepeatStep {
  const { dialogue: keying, effects, outcome } = step;
  const { turn } = keying;
  const dialogue: RepeatDialogue = { step: 'changing', ticket, timesAsked, keying, turn };
  if (keying.slot !== undefined) {
    return { dialogue, effects: [], outcome: { result: 'booked', slot: keying.slot } };
  }
  if (outcome === undefined) return { dialogue, effects };
  if (outcome.result === 'declined') return askAgain(dialogue, outcome.say);
  const { number, consent } = outcome;
  return { dialogue, effects, outcome: { result: 'changed', number, consent } };
}

function over(dialogue: RepeatDialogue, outcome: RepeatOutcome): RepeatStep {
  return { dialogue, effects: [], outcome };
}

function say(dialogue: RepeatDialogue, utterances: readonly Utterance[]): RepeatStep {
  return { dialogue, effects: [{ type: 'say', turn: dialogue.turn, utterances }] };
}
