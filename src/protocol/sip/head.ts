import { canonicalName } from './headers.ts';
import type { SipLimits } from './limits.ts';
import type { Header } from './message.ts';
import { hasControlCharacter, isToken } from './text.ts';

/** The start line and the header section of a message, before anything in them is judged. */
export interface Head {
  readonly startLine: string;
  /** Every field that could be read, even when there is a problem, so that a refusal can be addressed. */
  readonly headers: readonly Header[];
  /** The first thing found wrong, in the words of a reason phrase. */
  readonly problem: string | undefined;
}

const LF = 0x0a;
const CR = 0x0d;

/** Header fields whose values accessors take apart at length, and which nobody needs to be long. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'contact',
  'reply-to',
  'refer-to',
  'referred-by',
  'p-asserted-identity',
  'p-preferred-identity',
  'remote-party-id',
]);

/**
 * Where the body starts: the offset just behind the empty line that ends the header section, or -1.
 * Lines may end with CRLF or, as lenient peers have it, LF alone. Looks from `from` on, so that a
 * stream is never scanned twice.
 */
export function findBodyStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** Reads start line and header fields, unfolding continuation lines (RFC 3261 section 7.3.1). Never throws. */
export function readHead(bytes: Buffer, limits: SipLimits): Head {
  const lines = unfold(bytes, limits);
  const [startLine = '', ...fields] = lines.texts;
  const headers: Header[] = [];
  let problem = lines.problem;
  if (hasControlCharacter(startLine)) problem ??= 'Control Character in Start Line';
  for (const line of fields) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    const value = line.slice(colon + 1).trim();
    if (!isToken(name)) problem ??= 'Malformed Header Field';
    else if (hasControlCharacter(value)) problem ??= 'Control Character in Header Field';
    else {
      headers.push({ name, value });
      if (line.length > limits.addressLineBytes && ADDRESS_FIELDS.has(canonicalName(name))) {
        problem ??= `${name} Too Long`;
      }
    }
  }
  return { startLine, headers, problem };
}

interface Lines {
  readonly texts: readonly string[];
  readonly problem: string | undefined;
}

/** Logical lines up to the empty one. Those over the limit are left out, as are those over the count. */
function unfold(bytes: Buffer, limits: SipLimits): Lines {
  const texts: string[] = [];
  let problem: string | undefined;
  let parts: string[] = [];
  let lineBytes = 0;
  const endLine = (): void => {
    if (lineBytes > limits.lineBytes) problem ??= 'Header Field Too Long';
    else if (parts.length > 0) texts.push(parts.join(' '));
    parts = [];
    lineBytes = 0;
  };
  for (let start = 0; start < bytes.length; ) {
    const lineFeed = bytes.indexOf(LF, start);
    const next = lineFeed < 0 ? bytes.length : lineFeed + 1;
    let end = lineFeed < 0 ? bytes.length : lineFeed;
    if (end > start && bytes[end - 1] === CR) end -= 1;
    if (end === start) break;
    const folded = bytes[start] === 0x20 || bytes[start] === 0x09;
    if (folded && texts.length + parts.length === 0) problem ??= 'White Space Before Start Line';
    if (!folded) endLine();
    if (texts.length > limits.headerCount) {
      problem ??= 'Too Many Header Fields';
      break;
    }
    lineBytes += end - start;
    if (lineBytes <= limits.lineBytes) {
      const text = bytes.toString('utf8', start, end);
      parts.push(folded ? text.trim() : text);
    }
    start = next;
  }
  endLine();
  return { texts, problem };
}
