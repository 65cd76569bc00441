import type { SoundName } from '../domain/ivr/speech.ts';
import type { Language } from './configuration.ts';

const ONES = 'zero one two three four five six seven eight nine';
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';

/**
 * What numbers, waits and positions are put together from (`soundsFor`), and how each is said. A
 * part without text is a sound that the script makes by itself.
 */
export const SPOKEN_PARTS: Readonly<Record<Language, ReadonlyMap<SoundName, string | undefined>>> =
  {
    en: new Map<SoundName, string | undefined>([
      ...texts('digits', ONES),
      ...texts('numbers', `${ONES} ${TEENS}`),
      ['numbers/20', 'twenty'],
      ['numbers/30', 'thirty'],
      ['numbers/40', 'forty'],
      ['numbers/50', 'fifty'],
      ['numbers/60', 'sixty'],
      ['numbers/70', 'seventy'],
      ['numbers/80', 'eighty'],
      ['numbers/90', 'ninety'],
      ['words/hundred', 'hundred'],
      ['words/thousand', 'thousand'],
      ['words/minute', 'minute'],
      ['words/minutes', 'minutes'],
      ['words/less-than-one-minute', 'less than one minute'],
      ['words/more-than-one-hour', 'more than one hour'],
      ['words/star', 'star'],
      ['words/pound', 'pound'],
      ['words/pause', undefined],
      ['words/beep', undefined],
    ]),
  };

function texts(
  folder: 'digits' | 'numbers',
  words: string,
): readonly (readonly [SoundName, string])[] {
  return words.split(' ').map((word, index) => [`${folder}/${index}`, word] as const);
}

/** Prompts that the program itself speaks; `prompts.yaml` must have each. */
export const SYSTEM_PROMPTS = [
  'notice-callback',
  'offer-use-ani-intro',
  'offer-use-ani-keys',
  'offer-no-ani',
  'key-number',
  'confirm-number-intro',
  'confirm-number-keys',
  'number-invalid',
  'number-not-understood',
  'back-on-hold',
  'ticket-confirmed',
  'ticket-failed',
  'hold-intro',
  'position-intro',
  'wait-intro',
  'queue-full',
  'connecting',
  'callback-intro',
  'callback-intro-2',
  'callback-keys',
  'callback-later',
  'callback-cancelled',
  'callback-wait',
  'callback-no-key',
  'agent-ready',
  'agent-break',
  'agent-logged-out',
  'agent-open-line',
  'service-error',
] as const;
