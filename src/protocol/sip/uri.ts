import type { Parameters } from './parameters.ts';
import { SipParseError } from './parse-error.ts';

/** A SIP or SIPS URI (RFC 3261 section 19.1), escapes undone in user, password and parameters. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Absent for a URI that names only a host. */
  readonly user?: string;
  readonly password?: string;
  /** In lower case; an IPv6 address keeps its square brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: Parameters;
  /** What stands behind `?`, as it was written. */
  readonly headers?: string;
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const OPAQUE = /^[^\s<>"]+$/;
const USER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/%[\]#^`{|}:]*$/;
const PARAMETER = /^[A-Za-z0-9\-_.!~*'()[\]/:&+$%]+$/;
const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/;
const IPV6_REFERENCE = /^\[[0-9A-Fa-f:.]{2,45}\]$/;

/** The scheme of a URI in lower case. Throws SipParseError if there is none. */
export function schemeOf(uri: string): string {
  const colon = uri.indexOf(':');
  const scheme = uri.slice(0, Math.max(colon, 0));
  if (!SCHEME.test(scheme)) throw new SipParseError('Malformed URI');
  return scheme.toLowerCase();
}

/** Throws SipParseError unless this is a URI; one of scheme sip or sips is read in full. */
export function checkUri(uri: string): void {
  const scheme = schemeOf(uri);
  if (scheme === 'sip' || scheme === 'sips') parseSipUri(uri);
  else if (!OPAQUE.test(uri) || uri.length === scheme.length + 1) {
    throw new SipParseError('Malformed URI');
  }
}

/** Reads a SIP or SIPS URI without angle brackets. Throws SipParseError on anything else. */
export function parseSipUri(uri: string): SipUri {
  const scheme = schemeOf(uri);
  if (scheme !== 'sip' && scheme !== 'sips') throw new SipParseError('Not a SIP URI');
  const at = uri.indexOf('@');
  const userInfo = at < 0 ? undefined : parseUserInfo(uri.slice(scheme.length + 1, at));
  const rest = uri.slice(at < 0 ? scheme.length + 1 : at + 1);
  const question = rest.indexOf('?');
  const headers = question < 0 ? undefined : rest.slice(question + 1);
  if (headers !== undefined && !OPAQUE.test(headers)) throw new SipParseError('Malformed URI');
  const [hostPort = '', ...parameters] = (question < 0 ? rest : rest.slice(0, question)).split(';');
  return {
    scheme,
    ...userInfo,
    ...parseHostPort(hostPort),
    parameters: parseUriParameters(parameters),
    ...(headers === undefined ? {} : { headers }),
  };
}

/** A URI as text; what must be escaped is (RFC 3261 section 19.1.2). */
export function formatSipUri(uri: SipUri): string {
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) {
    text += escape(uri.user, USER_PLAIN);
    if (uri.password !== undefined) text += `:${escape(uri.password, PASSWORD_PLAIN)}`;
    text += '@';
  }
  text += formatHostPort(uri);
  for (const [name, value] of uri.parameters) {
    text += `;${escape(name, PARAMETER_PLAIN)}`;
    if (value !== '') text += `=${escape(value, PARAMETER_PLAIN)}`;
  }
  return uri.headers === undefined ? text : `${text}?${uri.headers}`;
}

/** Reads `host` or `host:port`. Throws SipParseError; port is 1 to 65535. */
export function parseHostPort(text: string): { readonly host: string; readonly port?: number } {
  const bracket = text.lastIndexOf(']');
  const colon = text.indexOf(':', bracket + 1);
  const host = (colon < 0 ? text : text.slice(0, colon)).trim().toLowerCase();
  if (!HOST_NAME.test(host) && !IPV6_REFERENCE.test(host)) {
    throw new SipParseError('Malformed Host');
  }
  if (colon < 0) return { host };
  const digits = text.slice(colon + 1).trim();
  const port = Number(digits);
  if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535) {
    throw new SipParseError('Malformed Port');
  }
  return { host, port };
}

export function formatHostPort(hop: { readonly host: string; readonly port?: number }): string {
  return hop.port === undefined ? hop.host : `${hop.host}:${hop.port}`;
}

function parseUserInfo(text: string): { readonly user: string; readonly password?: string } {
  if (text === '' || !USER.test(text)) throw new SipParseError('Malformed User in URI');
  const colon = text.indexOf(':');
  if (colon < 0) return { user: unescape(text) };
  return { user: unescape(text.slice(0, colon)), password: unescape(text.slice(colon + 1)) };
}

function parseUriParameters(pieces: readonly string[]): Parameters {
  const parameters = new Map<string, string>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = equals < 0 ? piece : piece.slice(0, equals);
    const value = equals < 0 ? undefined : piece.slice(equals + 1);
    if (!PARAMETER.test(name) || (value !== undefined && !PARAMETER.test(value))) {
      throw new SipParseError('Malformed URI Parameter');
    }
    const key = unescape(name).toLowerCase();
    if (parameters.has(key)) throw new SipParseError('Repeated URI Parameter');
    parameters.set(key, value === undefined ? '' : unescape(value));
  }
  return parameters;
}

/** Undoes `%xx`. Octets that are no UTF-8 stay escaped, so that nothing is lost. */
function unescape(text: string): string {
  if (!text.includes('%')) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new SipParseError('Malformed Escape in URI');
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

const USER_PLAIN = /[A-Za-z0-9\-_.!~*'()&=+$,;?/]/;
const PASSWORD_PLAIN = /[A-Za-z0-9\-_.!~*'()&=+$,]/;
const PARAMETER_PLAIN = /[A-Za-z0-9\-_.!~*'()[\]/:&+$]/;

function escape(text: string, plain: RegExp): string {
  let escaped = '';
  for (const character of text) {
    if (plain.test(character)) escaped += character;
    else {
      for (const octet of Buffer.from(character)) {
        escaped += `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
      }
    }
  }
  return escaped;
}
