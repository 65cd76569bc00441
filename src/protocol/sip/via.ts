import { formatParameters, type Parameters, parseParameters } from './parameters.ts';
import { SipParseError } from './parse-error.ts';
import { isToken, splitOutsideQuotes } from './text.ts';
import { formatHostPort, parseHostPort } from './uri.ts';

/** One Via value (RFC 3261 section 20.42): where a response goes. */
export interface Via {
  /** In upper case: UDP, TCP, TLS, WS, WSS ... */
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  /** `branch`, `received`, `rport` (`''` when asked for, RFC 3581), ... */
  readonly parameters: Parameters;
}

/** The start of every branch made to RFC 3261 (section 8.1.1.7). */
export const BRANCH_COOKIE = 'z9hG4bK';

const SENT_PROTOCOL = /^SIP\s*\/\s*2\.0\s*\/\s*([^\s/]+)\s+(\S.*)$/i;

/** Reads one Via value (not a list). Throws SipParseError. */
export function parseVia(value: string): Via {
  const [head = '', ...parameters] = splitOutsideQuotes(value, ';');
  const match = SENT_PROTOCOL.exec(head);
  const transport = match?.[1] ?? '';
  if (!isToken(transport)) throw new SipParseError('Malformed Via');
  return {
    transport: transport.toUpperCase(),
    ...parseHostPort(match?.[2] ?? ''),
    parameters: parseParameters(parameters),
  };
}

/** A Via value as text. */
export function formatVia(via: Via): string {
  return `SIP/2.0/${via.transport} ${formatHostPort(via)}${formatParameters(via.parameters)}`;
}
