/**
 * Splits an application's or command's argument as FreeSWITCH's switch_separate_string does: at spaces, with
 * quotes `'` holding together what belongs together, and `^^X` in front making X the separator.
 */
export function separate(
  text: string,
  separator = ' ',
  limit = Number.POSITIVE_INFINITY,
): string[] {
  if (text.startsWith('^^') && text.length > 3)
    return cut(text.slice(3), text[2] ?? separator, limit);
  return cut(text, separator, limit);
}

function cut(text: string, separator: string, limit: number): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '\\' && (text[i + 1] === "'" || text[i + 1] === separator)) {
      part += text[++i] ?? '';
    } else if (character === "'" && (quoted || text.includes("'", i + 1))) {
      quoted = !quoted;
    } else if (character === separator && !quoted && parts.length + 1 < limit) {
      if (separator !== ' ' || part !== '') parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  if (part !== '' || separator !== ' ') parts.push(part);
  return parts;
}
