/** One header field as it stood on the wire; `name` keeps its spelling, `value` is unfolded and trimmed. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** A SIP request (RFC 3261 section 7.1). The body is bytes: its charset is its content type's business. */
export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** A SIP response (RFC 3261 section 7.2). */
export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;
