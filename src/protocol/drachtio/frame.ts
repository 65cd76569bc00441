/**
 * Frames of drachtio's control protocol, the same in both directions: `<length>#<payload>`, the length in at most
 * five decimal digits counting the payload's bytes.
 */

/** drachtio-server's receive buffer, in bytes: an application's frame must fit into it. */
export const MAX_COMMAND_BYTES = 12_228;

/** The most that five digits can announce, in bytes: the limit from server to application. */
export const MAX_EVENT_BYTES = 99_999;

const MAX_LENGTH_DIGITS = 5;
const HASH = 0x23;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;

/** The peer's framing is broken, or a payload cannot be framed. There is no way to go on with that connection. */
export class ControlFrameError extends Error {
  override readonly name = 'ControlFrameError';
  readonly kind: 'bad-length' | 'too-long';

  constructor(kind: 'bad-length' | 'too-long', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Puts the length before a payload. Throws ControlFrameError when it has more than MAX_EVENT_BYTES, or none. */
export function encodeFrame(payload: Buffer | string): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  if (bytes.length === 0)
    throw new ControlFrameError('bad-length', 'an empty payload cannot be framed');
  if (bytes.length > MAX_EVENT_BYTES) {
    throw new ControlFrameError(
      'too-long',
      `a payload of ${bytes.length} bytes is over ${MAX_EVENT_BYTES}`,
    );
  }
  return Buffer.concat([Buffer.from(`${bytes.length}#`), bytes]);
}

/**
 * Cuts a byte stream into payloads, however the peer's writes were split or joined. Holds at most one frame and the
 * chunk being read.
 */
export class FrameReader {
  readonly #maxBytes: number;
  #pending: Buffer = Buffer.alloc(0);

  /** `maxBytes`: the longest payload accepted. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes what was read and gives the payloads now complete. Throws ControlFrameError; the stream is then lost. */
  push(chunk: Buffer): Buffer[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const payloads: Buffer[] = [];
    for (let payload = this.#next(); payload !== undefined; payload = this.#next())
      payloads.push(payload);
    return payloads;
  }

  #next(): Buffer | undefined {
    const digits = this.#lengthDigits();
    if (digits === undefined) return undefined;
    const length = Number(this.#pending.toString('latin1', 0, digits));
    if (length > this.#maxBytes) {
      throw new ControlFrameError(
        'too-long',
        `a frame of ${length} bytes is over ${this.#maxBytes}`,
      );
    }
    if (length === 0) throw new ControlFrameError('bad-length', 'a frame is empty');
    const start = digits + 1;
    if (this.#pending.length < start + length) return undefined;
    const payload = this.#pending.subarray(start, start + length);
    this.#pending = this.#pending.subarray(start + length);
    return payload;
  }

  /** The number of digits before the '#', or undefined while the '#' has not come. */
  #lengthDigits(): number | undefined {
    for (let index = 0; index < this.#pending.length; index++) {
      const byte = this.#pending[index];
      if (byte === HASH && index > 0) return index;
      if (
        byte === undefined ||
        byte < DIGIT_ZERO ||
        byte > DIGIT_NINE ||
        index >= MAX_LENGTH_DIGITS
      ) {
        throw new ControlFrameError('bad-length', 'a frame does not begin with its length');
      }
    }
    return undefined;
  }
}
