import { withTag } from './address.ts';
import { canonicalName } from './headers.ts';
import type { Header, SipRequest, SipResponse } from './message.ts';
import { SipParseError } from './parse-error.ts';
import { reasonPhrase } from './status.ts';

const NO_BODY = Buffer.alloc(0);
const COPIED_FIELDS: ReadonlySet<string> = new Set(['via', 'from', 'to', 'call-id', 'cseq']);

export interface ResponseOptions {
  /** The standard phrase of the status when absent. */
  readonly reason?: string;
  /** Added to To when the request's has none; required by RFC 3261 section 8.2.6.2 for all but 100. */
  readonly toTag?: string;
  readonly headers?: readonly Header[];
  readonly body?: Buffer;
}

/**
 * A response with what must be copied from the request (RFC 3261 section 8.2.6.2): Via, From, To,
 * Call-ID, CSeq, and Record-Route when it may make a dialog (101 to 299).
 */
export function responseTo(
  request: SipRequest,
  status: number,
  options: ResponseOptions = {},
): SipResponse {
  const makesDialog = status > 100 && status < 300;
  const copied = request.headers.flatMap((field) => {
    const name = canonicalName(field.name);
    if (name === 'to' && options.toTag !== undefined) {
      return [{ name: field.name, value: withTag(field.value, options.toTag) }];
    }
    const wanted = COPIED_FIELDS.has(name) || (makesDialog && name === 'record-route');
    return wanted ? [field] : [];
  });
  return {
    kind: 'response',
    status,
    reason: options.reason ?? reasonPhrase(status),
    headers: [...copied, ...(options.headers ?? [])],
    body: options.body ?? NO_BODY,
  };
}

/**
 * The response (400, 505) to a request that could not be parsed, made of what could be read of it.
 * Nothing when there is nobody to answer: no Via, a response, or an ACK.
 */
export function refusalOf(error: SipParseError, toTag: string): SipResponse | undefined {
  const request = error.request;
  if (request === undefined || request.method === 'ACK') return undefined;
  const copied = request.headers.filter((field) => COPIED_FIELDS.has(canonicalName(field.name)));
  if (!copied.some((field) => canonicalName(field.name) === 'via')) return undefined;
  return {
    kind: 'response',
    status: error.status,
    reason: error.reason,
    headers: copied.map((field) => tagged(field, toTag)),
    body: NO_BODY,
  };
}

function tagged(field: Header, toTag: string): Header {
  if (canonicalName(field.name) !== 'to') return field;
  try {
    return { name: field.name, value: withTag(field.value, toTag) };
  } catch (error) {
    if (error instanceof SipParseError) return field; // the malformed To may be why we refuse
    throw error;
  }
}
