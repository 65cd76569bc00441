import type { LanguageId } from '../ids.ts';

export const PACES = ['normal', 'slow'] as const;
/** How fast is spoken; `slow` takes a quarter longer at the same pitch. */
type Pace = (typeof PACES)[number];

/** How somebody is spoken to. */
export interface Voice {
  readonly language: LanguageId;
  readonly pace: Pace;
}

/** The folder of a voice's sounds below the sounds folder: `en`, or `en-slow`. */
export function soundFolder({ language, pace }: Voice): string {
  return pace === 'slow' ? `${language}-slow` : language;
}

/** How everybody is spoken to at first. */
export function voiceIn(language: LanguageId): Voice {
  return { language, pace: 'normal' };
}
