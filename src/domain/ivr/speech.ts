import type { PromptId } from '../ids.ts';

/** Something to say to a caller. */
export type Utterance =
  | { readonly say: 'prompt'; readonly prompt: PromptId }
  /** A telephone number, in groups. */
  | { readonly say: 'telephoneNumber'; readonly number: string }
  /** A whole number, 0 to 999,999. */
  | { readonly say: 'number'; readonly value: number }
  /** A duration rounded to minutes: "less than one minute", "one minute", "12 minutes". */
  | { readonly say: 'wait'; readonly waitSeconds: number };

/**
 * One sound file below the language's folder, without extension: `prompts/<id>`, `digits/7`,
 * `numbers/40`, `words/minutes`.
 */
export type SoundName = `${'prompts' | 'digits' | 'numbers' | 'words'}/${string}`;

/** Longest wait that is said in minutes; above it "more than one hour". */
const LONGEST_SPOKEN_MINUTES = 60;

/** The sounds that say `utterances`, in order. Total: out-of-range numbers are clamped, NaN is 0. */
export function soundsFor(utterances: readonly Utterance[]): readonly SoundName[] {
  return utterances.flatMap(sounds);
}

function sounds(utterance: Utterance): readonly SoundName[] {
  switch (utterance.say) {
    case 'prompt':
      return [`prompts/${utterance.prompt}`];
    case 'telephoneNumber':
      return telephoneNumber(utterance.number);
    case 'number':
      return wholeNumber(utterance.value);
    case 'wait':
      return wait(utterance.waitSeconds);
  }
}

/** NANP numbers as 3-3-4 without the country code, others digit by digit. */
function telephoneNumber(number: string): readonly SoundName[] {
  const digits = number.replace(/\D/gu, '').slice(0, 20);
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  if (national.length !== 10) return national.split('').map(digit);
  const groups = [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
  return groups.flatMap((group, index): SoundName[] => {
    const spoken = group.split('').map(digit);
    return index === 0 ? spoken : ['words/pause', ...spoken];
  });
}

function digit(character: string): SoundName {
  return `digits/${character}`;
}

function wait(waitSeconds: number): readonly SoundName[] {
  const minutes = Math.round(Math.max(0, waitSeconds || 0) / 60);
  if (minutes < 1) return ['words/less-than-one-minute'];
  if (minutes === 1) return ['numbers/1', 'words/minute'];
  if (minutes > LONGEST_SPOKEN_MINUTES) return ['words/more-than-one-hour'];
  return [...wholeNumber(minutes), 'words/minutes'];
}

function wholeNumber(value: number): readonly SoundName[] {
  const whole = Math.min(999_999, Math.max(0, Math.trunc(value) || 0));
  if (whole >= 1000) {
    const rest = whole % 1000;
    const thousands = [...belowThousand(Math.trunc(whole / 1000)), 'words/thousand' as const];
    return rest === 0 ? thousands : [...thousands, ...belowThousand(rest)];
  }
  return belowThousand(whole);
}

/** Files exist for 0 to 20 and for the tens. */
function belowThousand(value: number): readonly SoundName[] {
  if (value >= 100) {
    const rest = value % 100;
    const hundreds: SoundName[] = [`numbers/${Math.trunc(value / 100)}`, 'words/hundred'];
    return rest === 0 ? hundreds : [...hundreds, ...belowThousand(rest)];
  }
  if (value <= 20 || value % 10 === 0) return [`numbers/${value}`];
  return [`numbers/${value - (value % 10)}`, `numbers/${value % 10}`];
}
