import { createHash } from 'node:crypto';
import type { LanguageId } from '../domain/ids.ts';
import type { Prompt } from './configuration.ts';

/** The prompt that is heard before anything is collected. */
const NOTICE = 'notice-callback';
const DIGITS = 12;

/**
 * A fingerprint of the notice's wording in each language: the first 12 hexadecimal digits of its
 * SHA-256. Kept with each consent, so that it can be told what had been said.
 */
export function noticeVersions(
  prompts: ReadonlyMap<string, Prompt>,
): ReadonlyMap<LanguageId, string> {
  const texts = prompts.get(NOTICE)?.texts ?? new Map<string, string>();
  return new Map([...texts].map(([language, text]) => [language, noticeVersion(text)]));
}

function noticeVersion(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
