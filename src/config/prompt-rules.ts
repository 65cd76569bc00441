import type { LanguageId } from '../domain/ids.ts';
import type { ConfigDocument } from './document.ts';
import { languagesInUse, usualLanguage } from './languages.ts';
import { find, namesAt } from './patterns.ts';
import type { Plain } from './plain.ts';
import type { Problem } from './problem.ts';
import type { Documents } from './references.ts';
import { SYSTEM_PROMPTS } from './spoken-parts.ts';
import { suggest } from './suggest.ts';

/** What is not said, or not in every language that somebody is spoken to in. */
export function checkPrompts(documents: Documents): readonly Problem[] {
  const prompts = documents.get('prompts.yaml');
  if (prompts === undefined) return [];
  const languages = languagesInUse(documents);
  return [
    ...missingPrompts(prompts),
    ...languages.flatMap((language) =>
      untranslatedPrompts(prompts, language, usualLanguage(documents)),
    ),
  ];
}

/** Prompts that the program itself speaks but nobody wrote. */
function missingPrompts(document: ConfigDocument): readonly Problem[] {
  const names = namesAt(document.data, 'prompts');
  const missing = SYSTEM_PROMPTS.filter((prompt) => names?.includes(prompt) === false);
  if (names === undefined || missing.length === 0) return [];
  const others = names.filter((name) => !SYSTEM_PROMPTS.some((known) => known === name));
  const meant = missing.flatMap((prompt) => {
    const other = suggest(prompt, others);
    return other === undefined ? [] : [`${other} is probably meant to be ${prompt}`];
  });
  return [
    {
      kind: 'wrong',
      ...document.place(['prompts']),
      value: undefined,
      message: `prompts that the program itself speaks are missing: ${missing.join(', ')}`,
      allowed: ['a text under each of these names', ...meant].join('; '),
    },
  ];
}

/** More prompts than these without a text are told in one sentence. */
const MAX_TOLD = 5;

/** Prompts without a text in one of the languages in use. A text alone is in the usual one. */
function untranslatedPrompts(
  document: ConfigDocument,
  language: LanguageId,
  usual: LanguageId,
): readonly Problem[] {
  const missing = find(document.data, 'prompts.*').filter(
    ({ value }) => !hasText(value, language, usual),
  );
  const inUse = `in ${language}, a language in use`;
  if (missing.length > MAX_TOLD) {
    const names = missing.map(({ path }) => String(path.at(-1)));
    return [
      {
        kind: 'wrong',
        ...document.place(['prompts']),
        value: undefined,
        message: `${names.length} prompts have no text ${inUse}: ${listed(names)}`,
        allowed: `NAME: { ${usual}: TEXT, ${language}: TEXT } for each`,
      },
    ];
  }
  return missing.map(({ path, value }): Problem => {
    const allowed =
      typeof value === 'string' ? `{ ${usual}: TEXT, ${language}: TEXT }` : `${language}: TEXT`;
    return { kind: 'wrong', ...document.place(path), message: `has no text ${inUse}`, allowed };
  });
}

function listed(names: readonly string[]): string {
  return [...names.slice(0, MAX_TOLD), `and ${names.length - MAX_TOLD} more`].join(', ');
}

/** What is no prompt at all is told elsewhere. */
function hasText(value: Plain, language: LanguageId, usual: LanguageId): boolean {
  if (typeof value === 'string') return language === usual;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  return Object.hasOwn(value, language);
}
