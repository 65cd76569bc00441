import { parseAddress } from '../../protocol/sip/address.ts';
import { canonicalName } from '../../protocol/sip/headers.ts';
import type { Header } from '../../protocol/sip/message.ts';

/**
 * How drachtio-server (its SIP stack Sofia) spells and orders header fields. Those of this list it knows: they get
 * this spelling, and stand in a message in this order; all others follow as the application wrote them.
 */
const KNOWN_FIELDS = [
  'Via',
  'Route',
  'Record-Route',
  'Max-Forwards',
  'Proxy-Require',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Contact',
  'RSeq',
  'RAck',
  'Request-Disposition',
  'Accept-Contact',
  'Reject-Contact',
  'Expires',
  'Date',
  'Retry-After',
  'Timestamp',
  'Min-Expires',
  'Subject',
  'Priority',
  'Call-Info',
  'Organization',
  'Server',
  'User-Agent',
  'In-Reply-To',
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Allow',
  'Require',
  'Supported',
  'Unsupported',
  'Event',
  'Allow-Events',
  'Subscription-State',
  'Proxy-Authenticate',
  'Proxy-Authentication-Info',
  'Proxy-Authorization',
  'Authorization',
  'WWW-Authenticate',
  'Authentication-Info',
  'Error-Info',
  'Warning',
  'Refer-To',
  'Referred-By',
  'Replaces',
  'Session-Expires',
  'Min-SE',
  'Path',
  'Service-Route',
  'Reason',
  'Security-Client',
  'Security-Server',
  'Security-Verify',
  'Privacy',
  'SIP-ETag',
  'SIP-If-Match',
  'MIME-Version',
  'Content-Type',
  'Content-Encoding',
  'Content-Language',
  'Content-Disposition',
  'Content-Length',
  'Refer-Sub',
  'Alert-Info',
  'Reply-To',
  'P-Asserted-Identity',
  'P-Preferred-Identity',
  'Remote-Party-ID',
] as const;

const SPELLING = new Map(KNOWN_FIELDS.map((name) => [name.toLowerCase(), name as string]));
const RANK = new Map(KNOWN_FIELDS.map((name, index) => [name.toLowerCase(), index]));

/** What an application may not set. */
const SERVERS_OWN: ReadonlySet<string> = new Set([
  'via',
  'route',
  'rseq',
  'record-route',
  'content-length',
]);

/** Fields in which `@localhost` stands for the server's own address. */
const WITH_OWN_ADDRESS: ReadonlySet<string> = new Set([
  'from',
  'contact',
  'to',
  'p-asserted-identity',
]);

/** The fields an application gave, cleaned: its own spelling corrected, the server's own ones left out. */
export function applicationHeaders(given: readonly Header[], ownHostPort: string): Header[] {
  return given.flatMap(({ name, value }) => {
    const key = canonicalName(name);
    if (SERVERS_OWN.has(key)) return [];
    return [
      {
        name: spell(name),
        value: WITH_OWN_ADDRESS.has(key) ? withOwnAddress(value, ownHostPort) : value,
      },
    ];
  });
}

/** `@localhost`, with or without a port, becomes `@host:port`. */
function withOwnAddress(value: string, ownHostPort: string): string {
  return value.replace(/@localhost(?::\d{1,5})?/, `@${ownHostPort}`);
}

/** `x-...` stays as it is; other unknown names get a capital after each dash. */
function spell(name: string): string {
  const known = SPELLING.get(canonicalName(name));
  if (known !== undefined) return known;
  if (/^x-/i.test(name)) return name;
  return name.replaceAll(/(^|-)([a-z])/g, (match) => match.toUpperCase());
}

/** Fields in the stack's order; those of one name keep theirs. */
export function ordered(fields: readonly Header[]): Header[] {
  const last = KNOWN_FIELDS.length;
  const rank = (field: Header): number => RANK.get(canonicalName(field.name)) ?? last;
  return fields.toSorted((left, right) => rank(left) - rank(right));
}

/** The first value under this name. */
export function find(fields: readonly Header[], name: string): string | undefined {
  const key = canonicalName(name);
  return fields.find((field) => canonicalName(field.name) === key)?.value;
}

/** Fields other than these. */
export function without(fields: readonly Header[], ...names: readonly string[]): Header[] {
  const keys = new Set(names.map(canonicalName));
  return fields.filter((field) => !keys.has(canonicalName(field.name)));
}

/** An application's From or To in the form the stack writes: always with angle brackets. Throws SipParseError. */
export function withBrackets(value: string): string {
  const { displayName, uri } = parseAddress(value);
  return displayName === '' && !value.includes('<') ? value.replace(uri, `<${uri}>`) : value;
}

/** The body is of no known type and the application named none. */
export class MissingContentTypeError extends Error {
  override readonly name = 'MissingContentTypeError';

  constructor() {
    super('missing content-type');
  }
}

/** The Content-Type a body needs beside the given fields; SDP is known by its first line. Throws MissingContentTypeError. */
export function contentType(
  body: Buffer,
  given: readonly Header[],
  required: 'required' | 'optional',
): Header[] {
  if (body.length === 0 || find(given, 'Content-Type') !== undefined) return [];
  if (body.subarray(0, 3).toString('latin1') === 'v=0')
    return [{ name: 'Content-Type', value: 'application/sdp' }];
  if (required === 'required') throw new MissingContentTypeError();
  return [];
}
