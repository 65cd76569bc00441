import { EslFrameError } from './errors.ts';

/** One block on the wire: header lines up to an empty line, then a body when Content-Length says so. */
export interface EslFrame {
  readonly lines: readonly string[];
  readonly body: string;
}

export interface EslFrameLimits {
  readonly headerBytes: number;
  readonly headerLines: number;
  readonly bodyBytes: number;
}

/** FreeSWITCH itself reads up to 10 MiB; no command of this project comes near these. */
const DEFAULT_FRAME_LIMITS: EslFrameLimits = {
  headerBytes: 64 * 1024,
  headerLines: 512,
  bodyBytes: 1024 * 1024,
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into frames, whichever way TCP cut it before. Empty lines ahead of a frame and
 * carriage returns are skipped, as in `read_packet` of mod_event_socket.
 */
export class EslFrameReader {
  readonly #limits: EslFrameLimits;
  #buffer: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #pending: { lines: string[]; bodyBytes: number } | undefined;

  constructor(limits: EslFrameLimits = DEFAULT_FRAME_LIMITS) {
    this.#limits = limits;
  }

  /** Takes bytes and gives the frames that are now whole. Throws EslFrameError; nothing may be pushed after that. */
  push(chunk: Buffer): EslFrame[] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const frames: EslFrame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): EslFrame | undefined {
    this.#pending ??= this.#readHeader();
    const pending = this.#pending;
    if (pending === undefined || this.#buffer.length < pending.bodyBytes) return undefined;
    const body = this.#buffer.toString('utf8', 0, pending.bodyBytes);
    this.#consume(pending.bodyBytes);
    this.#pending = undefined;
    return { lines: pending.lines, body };
  }

  #readHeader(): { lines: string[]; bodyBytes: number } | undefined {
    this.#skipEmptyLines();
    const end = this.#headerEnd();
    if (end === undefined) {
      if (this.#buffer.length > this.#limits.headerBytes) throw this.#tooLong();
      return undefined;
    }
    if (end > this.#limits.headerBytes) throw this.#tooLong();
    const lines = this.#buffer
      .toString('utf8', 0, end)
      .split(/[\r\n]+/)
      .filter((line) => line !== '');
    if (lines.length > this.#limits.headerLines) {
      throw new EslFrameError('too-many-headers', `more than ${this.#limits.headerLines} lines`);
    }
    this.#consume(end);
    return { lines, bodyBytes: this.#contentLength(lines) };
  }

  #skipEmptyLines(): void {
    let start = 0;
    while (start < this.#buffer.length && isLineBreak(this.#buffer[start])) start++;
    if (start > 0) this.#consume(start);
  }

  /** Where the header ends: just after a line feed that follows another with at most carriage returns between. */
  #headerEnd(): number | undefined {
    let feeds = 0;
    for (let i = this.#scanned; i < this.#buffer.length; i++) {
      const byte = this.#buffer[i];
      if (byte === LINE_FEED) feeds++;
      else if (byte !== CARRIAGE_RETURN) feeds = 0;
      if (feeds === 2) return i + 1;
    }
    this.#scanned = Math.max(0, this.#buffer.length - 3);
    return undefined;
  }

  #contentLength(lines: readonly string[]): number {
    const line = lines.find((candidate) => /^content-length *:/i.test(candidate));
    if (line === undefined) return 0;
    const text = line.slice(line.indexOf(':') + 1).trim();
    if (!/^\d{1,10}$/.test(text)) {
      throw new EslFrameError('bad-content-length', 'Content-Length is not a number');
    }
    const bytes = Number(text);
    if (bytes > this.#limits.bodyBytes) {
      throw new EslFrameError('body-too-long', `body above ${this.#limits.bodyBytes} bytes`);
    }
    return bytes;
  }

  #consume(bytes: number): void {
    this.#buffer = this.#buffer.subarray(bytes);
    this.#scanned = 0;
  }

  #tooLong(): EslFrameError {
    return new EslFrameError('header-too-long', `header above ${this.#limits.headerBytes} bytes`);
  }
}

function isLineBreak(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}
