import { formatParameters, type Parameters, parseParameters } from './parameters.ts';
import { SipParseError } from './parse-error.ts';
import { quote, splitOutsideQuotes, unquote } from './text.ts';
import { checkUri } from './uri.ts';

/** The value of From, To, Contact, Route, Refer-To and the like (RFC 3261 section 20.10). */
export interface NameAddress {
  /** Without its quotes; `''` when there is none. */
  readonly displayName: string;
  /** Without angle brackets, as it was written. */
  readonly uri: string;
  /** Header parameters (`tag`, `expires`, `q` ...), not those of the URI. */
  readonly parameters: Parameters;
}

const PLAIN_NAME = /^[^"<>,;:@\\]*$/;

/** Reads one address. Throws SipParseError; a URI of scheme sip is checked, others are taken as they are. */
export function parseAddress(value: string): NameAddress {
  const [head = '', ...parameters] = splitOutsideQuotes(value, ';');
  return { ...parseNameAndUri(head), parameters: parseParameters(parameters) };
}

/** Reads a comma-separated list of addresses (Contact, Route, Record-Route, Path). `*` is not one. Throws SipParseError. */
export function parseAddressList(value: string): NameAddress[] {
  return splitOutsideQuotes(value, ',').map(parseAddress);
}

/** An address as text, always with angle brackets, so that URI parameters stay the URI's. */
export function formatAddress(address: NameAddress): string {
  const name = address.displayName === '' ? '' : `${quote(address.displayName)} `;
  return `${name}<${address.uri}>${formatParameters(address.parameters)}`;
}

/** The tag of a From or To value, if it has one. Throws SipParseError. */
export function tagOf(value: string): string | undefined {
  return parseAddress(value).parameters.get('tag') || undefined;
}

/** A From or To value with this tag appended; one that has a tag already is returned as it is. Throws SipParseError. */
export function withTag(value: string, tag: string): string {
  return tagOf(value) === undefined ? `${value};tag=${tag}` : value;
}

function parseNameAndUri(text: string): { readonly displayName: string; readonly uri: string } {
  const open = openingBracket(text);
  if (open < 0) {
    // RFC 3261 section 20: a URI with a comma, question mark or semicolon must be in brackets.
    if (/[,?]/.test(text)) throw new SipParseError('Address Needs Angle Brackets');
    checkUri(text);
    return { displayName: '', uri: text };
  }
  const uri = text.slice(open + 1, -1);
  if (!text.endsWith('>')) throw new SipParseError('Malformed Address');
  checkUri(uri);
  return { displayName: parseDisplayName(text.slice(0, open).trim()), uri };
}

function parseDisplayName(text: string): string {
  if (text.startsWith('"')) return unquote(text);
  if (!PLAIN_NAME.test(text)) throw new SipParseError('Malformed Display Name');
  return text;
}

/** Where the `<` outside a quoted string stands, or -1. */
function openingBracket(text: string): number {
  if (!text.startsWith('"')) return text.indexOf('<');
  let index = 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return text.indexOf('<', index);
}
