export type RtpErrorCode = 'too-short' | 'bad-version' | 'bad-length' | 'bad-value' | 'too-long';

/** Bytes are not RTP, RTCP or a telephone-event, or a value does not fit into their fields. */
export class RtpError extends Error {
  override readonly name = 'RtpError';
  readonly code: RtpErrorCode;

  constructor(code: RtpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws `bad-value` unless `value` is a whole number from 0 to `max`. */
export function checkUnsigned(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RtpError('bad-value', `${name} must be a whole number from 0 to ${max}: ${value}`);
  }
}
