/** Every pair of ports in the range is taken. */
export class PortsExhaustedError extends Error {
  override readonly name = 'PortsExhaustedError';
  readonly address: string;
  readonly capacity: number;

  constructor(address: string, capacity: number) {
    super(`no free RTP port pair on ${address}: all ${capacity} are taken`);
    this.address = address;
    this.capacity = capacity;
  }
}

export type RtpSessionErrorCode =
  | 'bad-configuration'
  | 'bad-digits'
  | 'digit-queue-full'
  | 'closed';

/** A session was asked for what it cannot do. */
export class RtpSessionError extends Error {
  override readonly name = 'RtpSessionError';
  readonly code: RtpSessionErrorCode;

  constructor(code: RtpSessionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type AudioSourceErrorCode =
  | 'not-found'
  | 'bad-format'
  | 'too-large'
  | 'bad-name'
  | 'unreadable';

/** A source cannot be opened. FreeSWITCH answers `File Not Found` for `not-found`. */
export class AudioSourceError extends Error {
  override readonly name = 'AudioSourceError';
  readonly code: AudioSourceErrorCode;
  /** The name as it was asked for. */
  readonly source: string;

  constructor(code: AudioSourceErrorCode, source: string, reason: string, cause?: unknown) {
    super(`${source}: ${reason}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.source = source;
  }
}

export type RecorderErrorCode = 'cannot-open' | 'write-failed' | 'too-slow' | 'too-long';

/** A recording could not begin or had to end. */
export class RecorderError extends Error {
  override readonly name = 'RecorderError';
  readonly code: RecorderErrorCode;
  readonly path: string;

  constructor(code: RecorderErrorCode, path: string, reason: string, cause?: unknown) {
    super(`${path}: ${reason}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }
}
