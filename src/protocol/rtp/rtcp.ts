import { checkUnsigned, RtpError } from './errors.ts';
import { readUint32, writeUint32 } from './packet.ts';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const CNAME = 1;

/** The largest compound packet that is read, and the most packets in one. */
const MAX_RTCP_BYTES = 2048;
const MAX_PACKETS = 32;

/** One reception report (RFC 3550 section 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Lost since the last report, in 256ths. */
  readonly fractionLost: number;
  /** Signed, 24 bits. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last SR; 0 when none came. */
  readonly lastSenderReport: number;
  /** Since that SR came, in 65536ths of a second. */
  readonly delaySinceLastSenderReport: number;
}

export interface SenderReport {
  readonly kind: 'sender-report';
  readonly ssrc: number;
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly bytes: number;
  readonly reports: readonly ReportBlock[];
}

interface ReceiverReport {
  readonly kind: 'receiver-report';
  readonly ssrc: number;
  readonly reports: readonly ReportBlock[];
}

interface SourceDescription {
  readonly kind: 'source-description';
  /** Canonical name of each source; a source without one is left out. */
  readonly names: readonly { readonly ssrc: number; readonly cname: string }[];
}

interface Goodbye {
  readonly kind: 'goodbye';
  readonly ssrcs: readonly number[];
  readonly reason?: string;
}

export type RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye;

/**
 * Reads a compound packet (RFC 3550 section 6.1). Packet types other than SR, RR, SDES and BYE are
 * skipped. Throws RtpError when a length does not fit.
 */
export function decodeRtcp(bytes: Uint8Array): RtcpPacket[] {
  if (bytes.length < 4) throw new RtpError('too-short', 'an RTCP packet has at least 4 bytes');
  if (bytes.length > MAX_RTCP_BYTES) {
    throw new RtpError('too-long', `an RTCP packet has at most ${MAX_RTCP_BYTES} bytes`);
  }
  const packets: RtcpPacket[] = [];
  let offset = 0;
  for (let count = 0; offset < bytes.length; count++) {
    if (count === MAX_PACKETS) throw new RtpError('too-long', 'too many RTCP packets in one');
    const end = packetEnd(bytes, offset);
    const packet = decodeOne(bytes.subarray(offset, end));
    if (packet) packets.push(packet);
    offset = end;
  }
  return packets;
}

function packetEnd(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) throw new RtpError('bad-length', 'an RTCP header is cut off');
  const version = byte(bytes, offset) >> 6;
  if (version !== 2) throw new RtpError('bad-version', `RTCP version must be 2: ${version}`);
  const words = (byte(bytes, offset + 2) << 8) | byte(bytes, offset + 3);
  const end = offset + (words + 1) * 4;
  if (end > bytes.length) throw new RtpError('bad-length', 'an RTCP packet is cut off');
  return end;
}

function decodeOne(packet: Uint8Array): RtcpPacket | undefined {
  const count = byte(packet, 0) & 0x1f;
  switch (byte(packet, 1)) {
    case SENDER_REPORT:
      return decodeSenderReport(packet, count);
    case RECEIVER_REPORT:
      need(packet, 8 + count * 24);
      return {
        kind: 'receiver-report',
        ssrc: readUint32(packet, 4),
        reports: decodeReports(packet, 8, count),
      };
    case SOURCE_DESCRIPTION:
      return decodeDescription(packet, count);
    case GOODBYE:
      return decodeGoodbye(packet, count);
    default:
      return undefined;
  }
}

function decodeSenderReport(packet: Uint8Array, count: number): SenderReport {
  need(packet, 28 + count * 24);
  return {
    kind: 'sender-report',
    ssrc: readUint32(packet, 4),
    ntpSeconds: readUint32(packet, 8),
    ntpFraction: readUint32(packet, 12),
    rtpTimestamp: readUint32(packet, 16),
    packets: readUint32(packet, 20),
    bytes: readUint32(packet, 24),
    reports: decodeReports(packet, 28, count),
  };
}

function decodeReports(packet: Uint8Array, start: number, count: number): ReportBlock[] {
  return Array.from({ length: count }, (_, index) => {
    const offset = start + index * 24;
    const loss = readUint32(packet, offset + 4);
    return {
      ssrc: readUint32(packet, offset),
      fractionLost: loss >>> 24,
      cumulativeLost: (loss << 8) >> 8,
      highestSequence: readUint32(packet, offset + 8),
      jitter: readUint32(packet, offset + 12),
      lastSenderReport: readUint32(packet, offset + 16),
      delaySinceLastSenderReport: readUint32(packet, offset + 20),
    };
  });
}

/** Chunks of items (RFC 3550 section 6.5): type, length, text; a zero ends a chunk, padded to 4. */
function decodeDescription(packet: Uint8Array, count: number): SourceDescription {
  const names: { ssrc: number; cname: string }[] = [];
  let offset = 4;
  for (let chunk = 0; chunk < count; chunk++) {
    need(packet, offset + 5);
    const ssrc = readUint32(packet, offset);
    offset += 4;
    while (byte(packet, offset) !== 0) {
      need(packet, offset + 2);
      const end = offset + 2 + byte(packet, offset + 1);
      need(packet, end + 1);
      if (byte(packet, offset) === CNAME)
        names.push({ ssrc, cname: text(packet, offset + 2, end) });
      offset = end;
    }
    offset = (offset + 4) & ~3;
  }
  return { kind: 'source-description', names };
}

function decodeGoodbye(packet: Uint8Array, count: number): Goodbye {
  const end = 4 + count * 4;
  need(packet, end);
  const ssrcs = Array.from({ length: count }, (_, index) => readUint32(packet, 4 + index * 4));
  if (packet.length === end) return { kind: 'goodbye', ssrcs };
  const reasonEnd = end + 1 + byte(packet, end);
  need(packet, reasonEnd);
  return { kind: 'goodbye', ssrcs, reason: text(packet, end + 1, reasonEnd) };
}

/** Writes a compound packet. Throws RtpError `bad-value` when a field does not fit. */
export function encodeRtcp(packets: readonly RtcpPacket[]): Buffer {
  return Buffer.concat(packets.map(encodeOne));
}

function encodeOne(packet: RtcpPacket): Buffer {
  switch (packet.kind) {
    case 'sender-report':
      return encodeSenderReport(packet);
    case 'receiver-report': {
      const bytes = start(RECEIVER_REPORT, packet.reports.length, 8 + packet.reports.length * 24);
      put(bytes, 4, 'ssrc', packet.ssrc);
      writeReports(bytes, 8, packet.reports);
      return bytes;
    }
    case 'source-description':
      return encodeDescription(packet);
    case 'goodbye':
      return encodeGoodbye(packet);
  }
}

function encodeSenderReport(report: SenderReport): Buffer {
  const bytes = start(SENDER_REPORT, report.reports.length, 28 + report.reports.length * 24);
  put(bytes, 4, 'ssrc', report.ssrc);
  put(bytes, 8, 'ntpSeconds', report.ntpSeconds);
  put(bytes, 12, 'ntpFraction', report.ntpFraction);
  put(bytes, 16, 'rtpTimestamp', report.rtpTimestamp);
  put(bytes, 20, 'packets', report.packets);
  put(bytes, 24, 'bytes', report.bytes);
  writeReports(bytes, 28, report.reports);
  return bytes;
}

function writeReports(bytes: Buffer, first: number, reports: readonly ReportBlock[]): void {
  reports.forEach((report, index) => {
    const offset = first + index * 24;
    checkUnsigned('fractionLost', report.fractionLost, 255);
    checkUnsigned('cumulativeLost + 2^23', report.cumulativeLost + 0x800000, 0xffffff);
    put(bytes, offset, 'ssrc', report.ssrc);
    writeUint32(
      bytes,
      offset + 4,
      (report.fractionLost << 24) | (report.cumulativeLost & 0xffffff),
    );
    put(bytes, offset + 8, 'highestSequence', report.highestSequence);
    put(bytes, offset + 12, 'jitter', report.jitter);
    put(bytes, offset + 16, 'lastSenderReport', report.lastSenderReport);
    put(bytes, offset + 20, 'delaySinceLastSenderReport', report.delaySinceLastSenderReport);
  });
}

function encodeDescription(description: SourceDescription): Buffer {
  const chunks = description.names.map(({ ssrc, cname }) => {
    const name = Buffer.from(cname, 'utf8');
    checkUnsigned('length of cname', name.length, 255);
    const chunk = Buffer.alloc((4 + 2 + name.length + 4) & ~3);
    put(chunk, 0, 'ssrc', ssrc);
    chunk[4] = CNAME;
    chunk[5] = name.length;
    name.copy(chunk, 6);
    return chunk;
  });
  const body = Buffer.concat(chunks);
  const bytes = start(SOURCE_DESCRIPTION, chunks.length, 4 + body.length);
  body.copy(bytes, 4);
  return bytes;
}

function encodeGoodbye(goodbye: Goodbye): Buffer {
  const reason = Buffer.from(goodbye.reason ?? '', 'utf8');
  checkUnsigned('length of reason', reason.length, 255);
  const reasonStart = 4 + goodbye.ssrcs.length * 4;
  const reasonBytes = reason.length === 0 ? 0 : (1 + reason.length + 3) & ~3;
  const bytes = start(GOODBYE, goodbye.ssrcs.length, reasonStart + reasonBytes);
  goodbye.ssrcs.forEach((ssrc, index) => {
    put(bytes, 4 + index * 4, 'ssrc', ssrc);
  });
  if (reasonBytes > 0) {
    bytes[reasonStart] = reason.length;
    reason.copy(bytes, reasonStart + 1);
  }
  return bytes;
}

function start(type: number, count: number, length: number): Buffer {
  checkUnsigned('number of entries', count, 31);
  const bytes = Buffer.alloc(length);
  bytes[0] = 0x80 | count;
  bytes[1] = type;
  bytes.writeUInt16BE(length / 4 - 1, 2);
  return bytes;
}

function put(bytes: Buffer, offset: number, name: string, value: number): void {
  checkUnsigned(name, value, 0xffffffff);
  writeUint32(bytes, offset, value);
}

function need(bytes: Uint8Array, length: number): void {
  if (bytes.length < length) throw new RtpError('bad-length', 'an RTCP packet is cut off');
}

function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('utf8');
}
