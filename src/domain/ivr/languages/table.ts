import type { LanguageId } from '../../ids.ts';
import { ENGLISH } from './english.ts';
import type { Language } from './language.ts';
import { SPANISH } from './spanish.ts';

/** Languages shipped. A third is one more file like theirs, a line here, and prompts in `config/`. */
export const LANGUAGES: ReadonlyMap<LanguageId, Language> = new Map(
  [ENGLISH, SPANISH].map((language) => [language.id, language]),
);

/** The rules of a language; English for one that is not shipped. */
export function languageOf(id: LanguageId): Language {
  return LANGUAGES.get(id) ?? ENGLISH;
}
