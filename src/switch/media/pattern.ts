/** Longest pattern taken from outside. */
const MAX_PATTERN = 256;

/**
 * Whether a text matches a regular expression anywhere, as FreeSWITCH's `switch_regex_match` does with PCRE.
 * What no JavaScript engine takes, or is too long, matches nothing. Nested repetition is refused, because it
 * could take for ever on a text of some length.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern.length > MAX_PATTERN || /[+*}]\)[+*{]/.test(pattern)) return false;
  try {
    return new RegExp(pattern).test(text);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
