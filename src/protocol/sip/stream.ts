import { findBodyStart, type Head, readHead } from './head.ts';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.ts';
import type { SipMessage } from './message.ts';
import { assembleMessage, contentLength, refusal } from './parse.ts';
import { SipParseError } from './parse-error.ts';

/** What a stream brought. */
export type StreamItem =
  | { readonly kind: 'message'; readonly message: SipMessage; readonly bytes: number }
  /** A keep-alive of two empty lines, to be answered with one (RFC 5626 section 4.4.1). */
  | { readonly kind: 'ping' }
  /** `fatal`: where the next message starts is unknown; nothing more is read, the connection must be closed. */
  | { readonly kind: 'error'; readonly error: SipParseError; readonly fatal: boolean };

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a byte stream into SIP messages by Content-Length (RFC 3261 section 18.3), which a stream
 * must carry. Holds at most one message of the largest size; each byte is copied and scanned a
 * constant number of times, however it is split.
 */
export class SipStreamReader {
  readonly #limits: SipLimits;
  #buffer = Buffer.alloc(4096);
  /** Unread bytes are those from `#start` to `#end`. */
  #start = 0;
  #end = 0;
  /** No header section ends before this offset. */
  #scanned = 0;
  #head:
    | { readonly head: Head; readonly bodyStart: number; readonly messageEnd: number }
    | undefined;
  #failed = false;

  constructor(limits: SipLimits = DEFAULT_SIP_LIMITS) {
    this.#limits = limits;
  }

  /** Takes what was read from the connection and returns what it completes, in order. Never throws. */
  push(chunk: Buffer): StreamItem[] {
    const items: StreamItem[] = [];
    // A slice at a time, so that what is held stays within one message and one slice.
    const sliceBytes = this.#limits.messageBytes;
    for (let offset = 0; offset < chunk.length && !this.#failed; offset += sliceBytes) {
      this.#append(chunk.subarray(offset, offset + sliceBytes));
      for (let item = this.#next(); item !== undefined; item = this.#next()) items.push(item);
    }
    return items;
  }

  #append(chunk: Buffer): void {
    const held = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const needed = held + chunk.length;
      const grown =
        needed > this.#buffer.length / 2 ? Buffer.alloc(Math.max(needed * 2, 4096)) : this.#buffer;
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#buffer = grown;
      this.#shift(-this.#start);
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  #shift(by: number): void {
    this.#scanned += by;
    if (this.#head !== undefined) {
      const { head, bodyStart, messageEnd } = this.#head;
      this.#head = { head, bodyStart: bodyStart + by, messageEnd: messageEnd + by };
    }
    this.#start += by;
    this.#end += by;
  }

  #next(): StreamItem | undefined {
    if (this.#failed) return undefined;
    if (this.#head === undefined) {
      const item = this.#skipEmptyLines() ?? this.#readHead();
      if (item !== undefined) return item;
    }
    const current = this.#head;
    if (current === undefined || current.messageEnd > this.#end) return undefined;
    const bytes = current.messageEnd - this.#start;
    const body = Buffer.from(this.#buffer.subarray(current.bodyStart, current.messageEnd));
    this.#head = undefined;
    this.#start = current.messageEnd;
    this.#scanned = current.messageEnd;
    try {
      return { kind: 'message', message: assembleMessage(current.head, body), bytes };
    } catch (error) {
      return { kind: 'error', error: parseError(error), fatal: false };
    }
  }

  /** Empty lines between messages mean nothing, two in a row are a ping. */
  #skipEmptyLines(): StreamItem | undefined {
    while (this.#start < this.#end) {
      const held = this.#buffer.subarray(this.#start, this.#end);
      if (held[0] === CR && held[1] === LF && held[2] === CR && held[3] === LF) {
        this.#skip(4);
        return { kind: 'ping' };
      }
      // The start of what may become a ping stays until its next bytes are here.
      const mayBePing = held[0] === CR && (held[1] ?? LF) === LF && (held[2] ?? CR) === CR;
      if (held.length < 4 && mayBePing) return undefined;
      if (held[0] !== CR && held[0] !== LF) return undefined;
      this.#skip(1);
    }
    return undefined;
  }

  #skip(bytes: number): void {
    this.#start += bytes;
    this.#scanned = Math.max(this.#scanned, this.#start);
  }

  #readHead(): StreamItem | undefined {
    const held = this.#buffer.subarray(0, this.#end);
    const bodyStart = findBodyStart(held, this.#scanned);
    const headEnd = bodyStart < 0 ? this.#end : bodyStart;
    if (headEnd - this.#start > this.#limits.messageBytes) return this.#fail('Message Too Long');
    if (bodyStart < 0) {
      // The end may lie across the border: LF, then CR LF still to come.
      this.#scanned = Math.max(this.#start, this.#end - 2);
      return undefined;
    }
    const head = readHead(held.subarray(this.#start, bodyStart), this.#limits);
    try {
      const bodyBytes = contentLength(head);
      if (bodyBytes === undefined) return this.#fail('Missing Content-Length', head);
      const messageEnd = bodyStart + bodyBytes;
      if (messageEnd - this.#start > this.#limits.messageBytes) {
        return this.#fail('Message Too Long', head);
      }
      this.#head = { head, bodyStart, messageEnd };
      return undefined;
    } catch (error) {
      return this.#fail(parseError(error).reason, head);
    }
  }

  #fail(reason: string, head?: Head): StreamItem {
    this.#failed = true;
    const unread = this.#buffer.subarray(this.#start, this.#end);
    const known = head ?? readHead(unread, this.#limits);
    this.#buffer = Buffer.alloc(0);
    return { kind: 'error', error: refusal(known)(reason), fatal: true };
  }
}

function parseError(error: unknown): SipParseError {
  if (error instanceof SipParseError) return error;
  throw error;
}
