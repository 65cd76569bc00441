/** The keys of a telephone that a caller can press (A to D exist on the wire but mean nothing here). */
export const KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'] as const;
export type Key = (typeof KEYS)[number];

/** True if `text` is one key. */
export function isKey(text: string): text is Key {
  return (KEYS as readonly string[]).includes(text);
}

/** True if the key is a digit. */
export function isDigit(key: Key): boolean {
  return key !== '*' && key !== '#';
}
