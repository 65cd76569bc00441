import type { Consent, Slot } from '../callback/ticket.ts';
import type { E164, EpochMs } from '../ids.ts';
import type { NumberCheck } from '../numbering/policy.ts';
import type { DialogueEffect } from './dialogue.ts';
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
export type OfferDialogue = {
  readonly turn: number;
  readonly ani: E164 | undefined;
  /** Keys without meaning so far. */
  readonly wrongKeys: number;
} & Terms &
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
  /** `say`: why it came to nothing, if not by the caller's choice. */
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

/** How long an answer to a question is waited for. */
export const CHOICE_TIMEOUT_MS = 6_000;

export type Common = Pick<OfferDialogue, 'ani' | 'turn' | 'wrongKeys' | keyof Terms>;

/** Keeps what does not change from turn to turn, for the next turn. */
export function common({ ani, turn, wrongKeys, slots, slot, timeZone, now, askCode }: Common) {
  return { ani, turn: turn + 1, wrongKeys, slots, slot, timeZone, now, askCode };
}

export function say(dialogue: OfferDialogue, utterances: readonly Utterance[]): OfferStep {
  return { dialogue, effects: [{ type: 'say', turn: dialogue.turn, utterances }] };
}

export function stay(dialogue: OfferDialogue): OfferStep {
  return { dialogue, effects: [] };
}

/** Where a number is keyed, who needs more time gets it; elsewhere silence is an answer. */
export function awaitKey(dialogue: OfferDialogue, afterMs: number): OfferStep {
  const wait = { type: 'awaitKey', turn: dialogue.turn, afterMs } as const;
  const needsKey =
    dialogue.step === 'confirming' ||
    (dialogue.step === 'keying' && (dialogue.ani !== undefined || dialogue.tries > 0));
  return { dialogue, effects: [needsKey ? { ...wait, moreTime: true } : wait] };
}

export function declined(dialogue: OfferDialogue, words: readonly Utterance[]): OfferStep {
  return { dialogue, effects: [], outcome: { result: 'declined', say: words } };
}

export function accepted(
  dialogue: OfferDialogue,
  number: E164,
  consent: OfferConsent,
  code: string | undefined,
): OfferStep {
  const { slot } = dialogue;
  return { dialogue, effects: [], outcome: { result: 'accepted', number, consent, slot, code } };
}
