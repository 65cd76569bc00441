import { SipParseError } from './parse-error.ts';

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** Is this a `token` (RFC 3261 section 25.1)? */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Does the text hold a control character other than the horizontal tab? */
export function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/**
 * Splits at `separator` (one character) where it stands outside quoted strings and angle brackets.
 * Pieces are trimmed and may be empty. Throws SipParseError on an unclosed quote or bracket.
 */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (bracketed) {
      if (character === '>') bracketed = false;
    } else if (character === '"') quoted = true;
    else if (character === '<') bracketed = true;
    else if (character === separator) {
      pieces.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (quoted) throw new SipParseError('Unclosed Quoted String');
  if (bracketed) throw new SipParseError('Unclosed Angle Bracket');
  pieces.push(text.slice(start).trim());
  return pieces;
}

/** The content of a quoted string, its backslash escapes undone. Throws SipParseError unless `text` is exactly one. */
export function unquote(text: string): string {
  let content = '';
  for (let index = 1; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') {
      if (index !== text.length - 1) throw new SipParseError('Malformed Quoted String');
      return content;
    }
    if (character === '\\') index += 1;
    content += text[index] ?? '';
  }
  throw new SipParseError('Unclosed Quoted String');
}

/** The text as a quoted string (RFC 3261 section 25.1), quotes and backslashes escaped. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}
