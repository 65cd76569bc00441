import type { LanguageId } from '../domain/ids.ts';
import { LANGUAGES } from '../domain/ivr/languages/table.ts';
import { findTexts, type Pattern } from './patterns.ts';
import { valueAt } from './plain.ts';
import type { Documents } from './references.ts';

const USUAL_LANGUAGE: LanguageId = 'en';

/** Where a language is chosen besides `system.yaml`. */
const CHOICES: readonly Pattern[] = [
  { file: 'numbers.yaml', at: 'numbers.*.language' },
  { file: 'menus.yaml', at: 'menus.*.keys.*.language' },
  { file: 'menus.yaml', at: 'menus.*.exhausted.language' },
];

/** The language of `system.yaml`. */
export function usualLanguage(documents: Documents): LanguageId {
  const written = valueAt(documents.get('system.yaml')?.data ?? null, ['language']);
  return typeof written === 'string' && LANGUAGES.has(written) ? written : USUAL_LANGUAGE;
}

/** The languages that somebody may be spoken to in, the usual one first; unknown ones are told elsewhere. */
export function languagesInUse(documents: Documents): readonly LanguageId[] {
  const chosen = CHOICES.flatMap(({ file, at }) => {
    const document = documents.get(file);
    return document === undefined ? [] : findTexts(document.data, at).map(({ value }) => value);
  });
  return [...new Set([usualLanguage(documents), ...chosen.filter((id) => LANGUAGES.has(id))])];
}
