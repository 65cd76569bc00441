import type { E164 } from '../domain/ids.ts';

/** A number as written by people (`+1 800 555-0100`) without what stands between its digits. */
export function normalNumber(text: string): E164 {
  return `+${text.replace(/\D/gu, '')}`;
}
