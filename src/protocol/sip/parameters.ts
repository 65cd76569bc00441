import { SipParseError } from './parse-error.ts';
import { isToken, quote, unquote } from './text.ts';

/** Header or URI parameters in their order: names in lower case, values unquoted, `''` for one without a value. */
export type Parameters = ReadonlyMap<string, string>;

const VALUE = /^[^\s"<>;,]+$/;

/**
 * Reads header parameters from pieces already split at `;` (generic-param, RFC 3261 section 25.1).
 * Throws SipParseError on an empty, malformed or repeated one.
 */
export function parseParameters(pieces: readonly string[]): Parameters {
  const parameters = new Map<string, string>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).trim().toLowerCase();
    if (!isToken(name)) throw new SipParseError('Malformed Parameter');
    if (parameters.has(name)) throw new SipParseError('Repeated Parameter');
    parameters.set(name, equals < 0 ? '' : parameterValue(piece.slice(equals + 1).trim()));
  }
  return parameters;
}

function parameterValue(text: string): string {
  if (text.startsWith('"')) return unquote(text);
  if (!VALUE.test(text)) throw new SipParseError('Malformed Parameter Value');
  return text;
}

/** Header parameters as text, each with its leading `;`; values that need quotes get them. */
export function formatParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) {
    if (value === '') text += `;${name}`;
    else text += `;${name}=${VALUE.test(value) ? value : quote(value)}`;
  }
  return text;
}
