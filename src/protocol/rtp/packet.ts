import { checkUnsigned, RtpError } from './errors.ts';

/** Bytes of the fixed header (RFC 3550 section 5.1). */
export const RTP_HEADER_BYTES = 12;

/** The largest packet that is read: one Ethernet frame and room to spare. */
export const MAX_RTP_BYTES = 2048;

/**
 * The header of one packet and where its payload lies in the datagram. Mutable, so that a receiver
 * reads every packet into the same object.
 */
export interface RtpHeader {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadStart: number;
  /** One past the last byte of the payload: padding is left out. */
  payloadEnd: number;
}

export function emptyRtpHeader(): RtpHeader {
  return {
    marker: false,
    payloadType: 0,
    sequence: 0,
    timestamp: 0,
    ssrc: 0,
    payloadStart: RTP_HEADER_BYTES,
    payloadEnd: RTP_HEADER_BYTES,
  };
}

/**
 * Reads a datagram (RFC 3550 section 5.1; extensions and contributing sources are skipped) into
 * `header`, which it returns. Throws RtpError; `header` is then as it was.
 */
export function readRtpHeader(bytes: Uint8Array, header: RtpHeader = emptyRtpHeader()): RtpHeader {
  const length = bytes.length;
  if (length < RTP_HEADER_BYTES) {
    throw new RtpError('too-short', `an RTP packet has at least 12 bytes: ${length}`);
  }
  if (length > MAX_RTP_BYTES) {
    throw new RtpError('too-long', `an RTP packet has at most ${MAX_RTP_BYTES} bytes: ${length}`);
  }
  const first = at(bytes, 0);
  if (first >> 6 !== 2) {
    throw new RtpError('bad-version', `RTP version must be 2: ${first >> 6}`);
  }
  const payloadStart = skipExtras(bytes, first);
  const payloadEnd = length - paddingBytes(bytes, first);
  if (payloadStart > payloadEnd) {
    throw new RtpError('bad-length', 'RTP header and padding are longer than the packet');
  }
  const second = at(bytes, 1);
  header.marker = second >= 0x80;
  header.payloadType = second & 0x7f;
  header.sequence = (at(bytes, 2) << 8) | at(bytes, 3);
  header.timestamp = readUint32(bytes, 4);
  header.ssrc = readUint32(bytes, 8);
  header.payloadStart = payloadStart;
  header.payloadEnd = payloadEnd;
  return header;
}

function skipExtras(bytes: Uint8Array, first: number): number {
  const afterSources = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return afterSources;
  if (afterSources + 4 > bytes.length) {
    throw new RtpError('bad-length', 'RTP extension is cut off');
  }
  const words = (at(bytes, afterSources + 2) << 8) | at(bytes, afterSources + 3);
  return afterSources + 4 + words * 4;
}

function paddingBytes(bytes: Uint8Array, first: number): number {
  if ((first & 0x20) === 0) return 0;
  const count = at(bytes, bytes.length - 1);
  if (count === 0) throw new RtpError('bad-length', 'RTP padding of 0 bytes');
  return count;
}

/** What is written into a packet's first 12 bytes. */
export interface RtpHeaderFields {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Writes the 12 bytes of a header without extension, padding or contributing sources. */
export function writeRtpHeader(into: Uint8Array, fields: RtpHeaderFields): void {
  if (into.length < RTP_HEADER_BYTES) {
    throw new RtpError('too-short', 'an RTP header needs 12 bytes');
  }
  checkUnsigned('payloadType', fields.payloadType, 127);
  checkUnsigned('sequence', fields.sequence, 0xffff);
  checkUnsigned('timestamp', fields.timestamp, 0xffffffff);
  checkUnsigned('ssrc', fields.ssrc, 0xffffffff);
  into[0] = 0x80;
  into[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  into[2] = fields.sequence >>> 8;
  into[3] = fields.sequence & 0xff;
  writeUint32(into, 4, fields.timestamp);
  writeUint32(into, 8, fields.ssrc);
}

/** A whole packet; for tests and rare packets, since it allocates. */
export function encodeRtpPacket(fields: RtpHeaderFields, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
  if (packet.length > MAX_RTP_BYTES) {
    throw new RtpError('too-long', `an RTP packet has at most ${MAX_RTP_BYTES} bytes`);
  }
  writeRtpHeader(packet, fields);
  packet.set(payload, RTP_HEADER_BYTES);
  return packet;
}

/** Whether a datagram on a shared port is RTCP (RFC 5761 section 4: packet types 192 to 223). */
export function looksLikeRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return bytes.length >= 4 && at(bytes, 0) >> 6 === 2 && type >= 192 && type <= 223;
}

/** Signed distance from `from` to `to` in 16-bit sequence numbers: -32768 to 32767. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Signed distance from `from` to `to` in 32-bit timestamps. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** The byte at `index`, 0 beyond the end; callers check lengths first. */
function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

export function readUint32(bytes: Uint8Array, offset: number): number {
  return (
    ((at(bytes, offset) << 24) |
      (at(bytes, offset + 1) << 16) |
      (at(bytes, offset + 2) << 8) |
      at(bytes, offset + 3)) >>>
    0
  );
}

export function writeUint32(into: Uint8Array, offset: number, value: number): void {
  into[offset] = value >>> 24;
  into[offset + 1] = (value >>> 16) & 0xff;
  into[offset + 2] = (value >>> 8) & 0xff;
  into[offset + 3] = value & 0xff;
}
