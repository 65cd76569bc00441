import type { LanguageId } from '../domain/ids.ts';
import { languageOf } from '../domain/ivr/languages/table.ts';
import type { SoundName } from '../domain/ivr/sound-name.ts';

/** What numbers, waits and times are put together from in a language, and how each is said. */
export function spokenParts(language: LanguageId): ReadonlyMap<SoundName, string | undefined> {
  return languageOf(language).parts;
}

/** Prompts that the program itself speaks; `prompts.yaml` must have each, in every language in use. */
export const SYSTEM_PROMPTS = [
  // On hold.
  'hold-intro',
  'hold-offer-again',
  'position-intro',
  'wait-intro',
  'queue-full',
  'connecting',
  'welcome-back',
  'relay-welcome',
  'take-your-time',
  // The offer of a callback.
  'notice-callback',
  'offer-use-ani-intro',
  'offer-use-ani-keys',
  'offer-no-ani',
  'key-number',
  'confirm-number-intro',
  'confirm-number-keys',
  'number-invalid',
  'number-not-now',
  'number-not-understood',
  'ask-code',
  'code-chosen',
  'back-on-hold',
  'registering-off',
  'ticket-confirmed',
  'ticket-next-morning',
  'ticket-failed',
  // A callback at a time of one's choice.
  'slot-intro',
  'slot-keys',
  'slot-booked',
  'slot-none',
  'slot-taken',
  // A caller who has a callback already.
  'repeat-intro',
  'repeat-key-slot',
  'repeat-keys',
  'repeat-kept',
  'repeat-cancelled',
  'repeat-gone',
  'repeat-number-changed',
  // The callback.
  'callback-intro',
  'callback-intro-2',
  'callback-code-intro',
  'callback-keys',
  'callback-later-ask',
  'callback-later-intro',
  'callback-later',
  'callback-cancelled',
  'callback-wait',
  'callback-apology',
  'callback-no-key',
  'notice-on-callback',
  // To agents.
  'agent-ready',
  'agent-break',
  'agent-logged-out',
  'agent-open-line',
  'whisper-callback',
  'whisper-caller',
  'whisper-waited',
  // When something fails.
  'service-error',
] as const;
