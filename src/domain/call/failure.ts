/** Whose failure it was. Every failure is classified once, here or where it is first seen. */
export type FailureOrigin =
  | 'caller'
  | 'callee'
  | 'carrier'
  | 'drachtio'
  | 'freeswitch'
  | 'store'
  | 'us';

/** Why an outgoing call did not lead to a conversation. */
export type DialCause =
  | 'busy'
  | 'noAnswer'
  | 'declined'
  | 'invalidNumber'
  | 'congestion'
  | 'carrierFailure'
  | 'unreachable'
  | 'withdrawn'
  | 'ourFailure';

/** A failure of something outside the rules, with who is to blame. The message holds no numbers. */
export class CallFailure extends Error {
  readonly origin: FailureOrigin;

  constructor(origin: FailureOrigin, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CallFailure';
    this.origin = origin;
  }
}

/** An outgoing call that was not answered. `status` is the final SIP response, if there was one. */
export class DialFailure extends CallFailure {
  readonly dialCause: DialCause;
  readonly status: number | undefined;

  constructor(dialCause: DialCause, status?: number, options?: ErrorOptions) {
    super(DIAL_ORIGIN[dialCause], `call failed: ${dialCause}`, options);
    this.name = 'DialFailure';
    this.dialCause = dialCause;
    this.status = status;
  }
}

const DIAL_ORIGIN: Readonly<Record<DialCause, FailureOrigin>> = {
  busy: 'callee',
  noAnswer: 'callee',
  declined: 'callee',
  invalidNumber: 'caller',
  congestion: 'carrier',
  carrierFailure: 'carrier',
  unreachable: 'callee',
  withdrawn: 'us',
  ourFailure: 'us',
};

const STATUS_CAUSE: ReadonlyMap<number, DialCause> = new Map<number, DialCause>([
  [403, 'declined'],
  [404, 'invalidNumber'],
  [408, 'noAnswer'],
  [410, 'invalidNumber'],
  [480, 'noAnswer'],
  [484, 'invalidNumber'],
  [486, 'busy'],
  // Not our own withdrawal, which is told apart before: the network gave up.
  [487, 'noAnswer'],
  [503, 'congestion'],
  [600, 'busy'],
  [603, 'declined'],
  [604, 'invalidNumber'],
  [607, 'declined'],
  [608, 'declined'],
]);

/** The cause behind a final SIP response to our INVITE (RFC 3261 section 21, RFC 8197, RFC 8688). */
export function dialCauseOf(status: number): DialCause {
  return STATUS_CAUSE.get(status) ?? (status >= 600 ? 'declined' : 'carrierFailure');
}
