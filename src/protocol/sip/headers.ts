import type { Header, SipMessage } from './message.ts';
import { splitOutsideQuotes } from './text.ts';

/** Compact forms (RFC 3261 section 7.3.3 and the IANA registry of SIP header fields). */
const COMPACT_FORMS: ReadonlyMap<string, string> = new Map([
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['n', 'identity-info'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
]);

/** The long form of a header field name in lower case: `v` and `Via` are both `via`. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return COMPACT_FORMS.get(lower) ?? lower;
}

/** Anything that has header fields: a message, or what could be read of a refused one. */
interface WithHeaders {
  readonly headers: readonly Header[];
}

/** The first value of a header field, in long or compact form and any case. */
export function header(message: WithHeaders, name: string): string | undefined {
  const wanted = canonicalName(name);
  return message.headers.find((field) => canonicalName(field.name) === wanted)?.value;
}

/** Every value of a header field in its order, one for each line; lists are not split, see `headerList`. */
export function headers(message: WithHeaders, name: string): string[] {
  const wanted = canonicalName(name);
  return message.headers
    .filter((field) => canonicalName(field.name) === wanted)
    .map((field) => field.value);
}

/**
 * Every value of a list header (Via, Route, Contact, Supported ...), over all its lines, split at
 * commas outside quotes and angle brackets. Throws SipParseError on an unclosed quote or bracket.
 */
export function headerList(message: WithHeaders, name: string): string[] {
  return headers(message, name)
    .flatMap((value) => splitOutsideQuotes(value, ','))
    .filter((value) => value !== '');
}

/** The message with this header field set: the first one replaced, further ones dropped, or added at the end. */
export function withHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const wanted = canonicalName(name);
  const first = message.headers.findIndex((field) => canonicalName(field.name) === wanted);
  if (first < 0) return appendHeader(message, name, value);
  const kept = message.headers.flatMap((field, index) => {
    if (index === first) return [{ name, value }];
    return canonicalName(field.name) === wanted ? [] : [field];
  });
  return { ...message, headers: kept };
}

/** The message without any field of this name. */
export function withoutHeader<M extends SipMessage>(message: M, name: string): M {
  const wanted = canonicalName(name);
  return {
    ...message,
    headers: message.headers.filter((field) => canonicalName(field.name) !== wanted),
  };
}

/** The message with one more field at the end. */
export function appendHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  return { ...message, headers: [...message.headers, { name, value }] };
}

/** The message with one more field before all others, as Via, Route and Record-Route are pushed. */
export function prependHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  return { ...message, headers: [{ name, value }, ...message.headers] };
}
