import { canonicalName, headerList } from './headers.ts';
import type { SipMessage } from './message.ts';
import { SipParseError } from './parse-error.ts';
import { splitOutsideQuotes } from './text.ts';
import { formatVia, parseVia, type Via } from './via.ts';

/** The topmost Via of a message. Throws SipParseError without one; a message from `parseSipMessage` has one. */
export function topVia(message: SipMessage): Via {
  const [first] = headerList(message, 'Via');
  if (first === undefined) throw new SipParseError('Missing Via');
  return parseVia(first);
}

/** The message with another topmost Via in the place of its own; further ones stay, listed or apart. */
export function replaceTopVia<M extends SipMessage>(message: M, via: Via): M {
  return changeTopVia(message, (others) => [formatVia(via), ...others]);
}

/** The message without its topmost Via, as a proxy forwards a response (RFC 3261 section 16.7). */
export function withoutTopVia<M extends SipMessage>(message: M): M {
  return changeTopVia(message, (others) => others);
}

function changeTopVia<M extends SipMessage>(
  message: M,
  change: (others: readonly string[]) => readonly string[],
): M {
  const index = message.headers.findIndex((field) => canonicalName(field.name) === 'via');
  const field = message.headers[index];
  if (field === undefined) throw new SipParseError('Missing Via');
  const values = change(splitOutsideQuotes(field.value, ',').slice(1));
  const replacement = values.length === 0 ? [] : [{ name: field.name, value: values.join(', ') }];
  return { ...message, headers: message.headers.toSpliced(index, 1, ...replacement) };
}
