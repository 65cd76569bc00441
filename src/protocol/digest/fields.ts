/** A header value that is not Digest, lacks a field, or asks for what is not supported. */
export class DigestError extends Error {
  override readonly name = 'DigestError';
}

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const LONGEST_VALUE = 4096;
const MOST_FIELDS = 32;

/**
 * Reads `Digest name=value, name="value" ...` (RFC 7616 section 3.3). Names come in lower case, values
 * unquoted. Throws DigestError on another scheme, a repeated name, or what is over a limit.
 */
export function parseFields(value: string): ReadonlyMap<string, string> {
  if (value.length > LONGEST_VALUE) throw new DigestError('authentication header too long');
  const scheme = /^digest[ \t]+/i.exec(value);
  if (scheme === null) throw new DigestError('authentication scheme is not Digest');
  const fields = new Map<string, string>();
  let at = scheme[0].length;
  while (at < value.length) {
    const equals = value.indexOf('=', at);
    const name = value.slice(at, Math.max(equals, at)).trim().toLowerCase();
    if (!TOKEN.test(name) || fields.has(name) || fields.size >= MOST_FIELDS) {
      throw new DigestError('malformed authentication header');
    }
    const { text, end } = readValue(value, equals + 1);
    fields.set(name, text);
    at = end;
  }
  return fields;
}

/** A field that must be there. Throws DigestError. */
export function requireField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw new DigestError(`${name} missing`);
  return value;
}

/** A value in quotes, with what needs it escaped. */
export function quoteField(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** One value and the offset behind the comma that ends it. */
function readValue(value: string, from: number): { readonly text: string; readonly end: number } {
  let at = from;
  while (value[at] === ' ' || value[at] === '\t') at += 1;
  if (value[at] !== '"') {
    const comma = value.indexOf(',', at);
    const end = comma < 0 ? value.length : comma;
    const text = value.slice(at, end).trim();
    if (!TOKEN.test(text)) throw new DigestError('malformed authentication header');
    return { text, end: end + 1 };
  }
  let text = '';
  for (at += 1; value[at] !== '"'; at += 1) {
    if (value[at] === '\\') at += 1;
    const character = value[at];
    if (character === undefined) throw new DigestError('unclosed quote in authentication header');
    text += character;
  }
  const comma = value.indexOf(',', at);
  const end = comma < 0 ? value.length : comma;
  if (value.slice(at + 1, end).trim() !== '') {
    throw new DigestError('malformed authentication header');
  }
  return { text, end: end + 1 };
}
