import { parseAddress } from '../../protocol/sip/address.ts';
import { SipParseError } from '../../protocol/sip/parse-error.ts';
import type { TimerHeaders } from '../session-timer.ts';
import type { SrfRequest, SrfResponse } from './srf.ts';

/** A request that can not be understood; `status` answers it. */
export class BadRequest extends Error {
  readonly status: number;
  /** For the response. */
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'BadRequest';
    this.status = status;
    this.headers = headers;
  }
}

/** Longest value of a header that is given to a parser. The library's are quadratic in white space. */
const MAX_ADDRESS_CHARACTERS = 1_024;
const MAX_HEADER_CHARACTERS = 4_096;
const MAX_HEADERS = 100;

const ADDRESS_HEADERS = new Set([
  'from',
  'to',
  'contact',
  'reply-to',
  'refer-to',
  'referred-by',
  'remote-party-id',
  'p-asserted-identity',
]);

/** Must come before any accessor of the library. @throws BadRequest */
export function checkSizes(message: { readonly headers: Readonly<Record<string, string>> }): void {
  const headers = Object.entries(message.headers);
  if (headers.length > MAX_HEADERS) throw new BadRequest(400, 'too many headers');
  for (const [name, value] of headers) {
    const limit = ADDRESS_HEADERS.has(name.toLowerCase())
      ? MAX_ADDRESS_CHARACTERS
      : MAX_HEADER_CHARACTERS;
    if (String(value).length > limit) throw new BadRequest(400, `header too long: ${name}`);
  }
}

/** What decides about a new call. */
export interface InviteFacts {
  readonly source: { readonly address: string; readonly port: number; readonly protocol: string };
  readonly requestUri: string;
  readonly from: string;
  readonly fromUri: string;
  readonly assertedIdentity: string | undefined;
  readonly privacy: string | undefined;
  readonly authorization: string | undefined;
  /** Session description offered; undefined if we are to offer. */
  readonly offer: string | undefined;
  readonly timer: TimerHeaders;
}

/** Options of ours that a Require may name (RFC 3261 section 8.2.2.3). */
const EXTENSIONS = new Set(['timer']);

/** Cheap: strangers get this far. @throws BadRequest: 400, 415, 420 or 481 */
export function readInvite(request: SrfRequest): InviteFacts {
  checkSizes(request);
  const from = required(request, 'from');
  const to = address(required(request, 'to'), 'To');
  const fromAddress = address(from, 'From');
  if (!fromAddress.parameters.has('tag')) throw new BadRequest(400, 'From without a tag');
  if (to.parameters.has('tag')) throw new BadRequest(481, 'no such dialog');
  checkExtensions(request.get('require'));
  return {
    source: {
      address: request.source_address,
      port: request.source_port,
      protocol: request.protocol,
    },
    requestUri: request.uri,
    from,
    fromUri: fromAddress.uri,
    assertedIdentity: request.get('p-asserted-identity'),
    privacy: request.get('privacy'),
    authorization: request.get('proxy-authorization') ?? request.get('authorization'),
    offer: sdpOf(request),
    timer: timerHeaders(request),
  };
}

/**
 * The session description in a message; undefined if there is no body.
 * @throws BadRequest 415 for a body of another kind
 */
export function sdpOf(message: SrfRequest | SrfResponse): string | undefined {
  const body = message.body ?? '';
  if (body.trim() === '') return undefined;
  const type = (message.get('content-type') ?? 'application/sdp').split(';')[0] ?? '';
  if (type.trim().toLowerCase() !== 'application/sdp') {
    throw new BadRequest(415, 'not a session description', { Accept: 'application/sdp' });
  }
  return body;
}

export function timerHeaders(message: SrfRequest | SrfResponse): TimerHeaders {
  return {
    sessionExpires: message.get('session-expires') ?? message.get('x'),
    minSe: message.get('min-se'),
    supported: message.get('supported'),
  };
}

/** @throws BadRequest 400 */
export function required(request: SrfRequest, name: string): string {
  const value = request.get(name);
  if (value === undefined || value === '') throw new BadRequest(400, `no ${name}`);
  return value;
}

/** @throws BadRequest 400 */
export function address(value: string, name: string): ReturnType<typeof parseAddress> {
  try {
    return parseAddress(value);
  } catch (error) {
    if (error instanceof SipParseError) throw new BadRequest(400, `malformed ${name}`);
    throw error;
  }
}

function checkExtensions(require: string | undefined): void {
  const wanted = (require ?? '').split(',').map((option) => option.trim().toLowerCase());
  const unknown = wanted.filter((option) => option !== '' && !EXTENSIONS.has(option));
  if (unknown.length > 0) {
    throw new BadRequest(420, 'an extension is required that we do not have', {
      Unsupported: unknown.join(', '),
    });
  }
}

/**
 * The library reads these only after its 200 has left, and then fails with the call up at the far
 * end: so they are read here once, the same way, while a refusal is still possible.
 * @throws BadRequest
 */
export function checkDialogHeaders(request: SrfRequest): void {
  try {
    const contacts: unknown = request.getParsedHeader('Contact');
    const first: unknown = Array.isArray(contacts) ? contacts[0] : undefined;
    if (!hasText(first, 'uri')) throw new BadRequest(400, 'Contact without a URI');
    request.getParsedHeader('From');
    request.getParsedHeader('To');
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest(400, 'malformed Contact, From or To');
  }
}

function hasText(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const text: unknown = Reflect.get(value, name);
  return typeof text === 'string' && text !== '';
}
