import { writeFile } from 'node:fs/promises';
import { encodeRtpPacket } from '../../src/protocol/rtp/packet.ts';
import type { MediaPacket } from './key-packets.ts';

/** Of libpcap's file format: microseconds, Ethernet. */
const MAGIC = 0xa1b2c3d4;
const ETHERNET = 1;
const MAX_PACKET_BYTES = 65_535;
const FRAME_BYTES = 14 + 20 + 8;
const PACKET_MS = 20;
const START_SECONDS = 1_700_000_000;
const RTP_PORT = 40_000;

/**
 * Writes RTP packets as a capture (pcap) that SIPp plays. Addresses are of no account: SIPp takes
 * those of its call.
 */
export async function writePacketFile(
  path: string,
  packets: readonly MediaPacket[],
): Promise<void> {
  await writeFile(path, Buffer.concat([fileHeader(), ...packets.map(record)]));
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(MAX_PACKET_BYTES, 16);
  header.writeUInt32LE(ETHERNET, 20);
  return header;
}

function record(packet: MediaPacket, index: number): Buffer {
  const { payloadType, marker, timestamp, payload } = packet;
  const rtp = encodeRtpPacket(
    { payloadType, marker, sequence: index + 1, timestamp: timestamp + 160, ssrc: 0x5155_0001 },
    payload,
  );
  const header = Buffer.alloc(16);
  const atMs = index * PACKET_MS;
  header.writeUInt32LE(START_SECONDS + Math.floor(atMs / 1000), 0);
  header.writeUInt32LE((atMs % 1000) * 1000, 4);
  header.writeUInt32LE(FRAME_BYTES + rtp.length, 8);
  header.writeUInt32LE(FRAME_BYTES + rtp.length, 12);
  return Buffer.concat([header, frame(rtp)]);
}

/** Ethernet, IPv4 and UDP around an RTP packet, without checksums: nobody sends it as it is. */
function frame(rtp: Uint8Array): Buffer {
  const bytes = Buffer.alloc(FRAME_BYTES);
  bytes.writeUInt16BE(0x0800, 12);
  bytes.writeUInt8(0x45, 14);
  bytes.writeUInt16BE(20 + 8 + rtp.length, 16);
  bytes.writeUInt8(64, 22);
  bytes.writeUInt8(17, 23);
  bytes.set([127, 0, 0, 1], 26);
  bytes.set([127, 0, 0, 1], 30);
  bytes.writeUInt16BE(RTP_PORT, 34);
  bytes.writeUInt16BE(RTP_PORT, 36);
  bytes.writeUInt16BE(8 + rtp.length, 38);
  return Buffer.concat([bytes, rtp]);
}
