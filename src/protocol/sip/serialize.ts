import { canonicalName } from './headers.ts';
import type { SipMessage } from './message.ts';
import { hasControlCharacter, isToken } from './text.ts';

/** A message that would not be one on the wire: a line break in a value, a name that is no token. */
export class SipSerializeError extends Error {
  override readonly name = 'SipSerializeError';
}

/**
 * A message as bytes. Content-Length is always written, last, and true, whatever the message said.
 * Throws SipSerializeError rather than let a value forge a second header field.
 */
export function serializeSipMessage(message: SipMessage): Buffer {
  const lines = [startLine(message)];
  for (const { name, value } of message.headers) {
    if (canonicalName(name) === 'content-length') continue;
    if (!isToken(name)) throw new SipSerializeError('header field name is not a token');
    lines.push(`${name}: ${value}`);
  }
  lines.push(`Content-Length: ${message.body.length}`);
  if (lines.some(hasControlCharacter)) {
    throw new SipSerializeError('control character in a start line or header field');
  }
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return message.body.length === 0 ? head : Buffer.concat([head, message.body]);
}

function startLine(message: SipMessage): string {
  if (message.kind === 'response') return `SIP/2.0 ${message.status} ${message.reason}`;
  return `${message.method} ${message.uri} SIP/2.0`;
}
