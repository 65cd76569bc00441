import type { Socket } from 'node:dgram';
import { type Companding, encodeG711 } from '../../../protocol/audio/g711.ts';
import { RTP_HEADER_BYTES, writeRtpHeader } from '../../../protocol/rtp/packet.ts';
import {
  TELEPHONE_EVENT_BYTES,
  type TelephoneEvent,
  writeTelephoneEvent,
} from '../../../protocol/rtp/telephone-event.ts';
import { FRAME_SAMPLES } from '../types.ts';

/** Buffers used in turn, so that one still with the system is not written over. */
const BUFFERS = 8;

/** Where packets go. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

/** Our stream of one session: numbers, stamps and sends its packets, without allocating any. */
export class PacketWriter {
  readonly ssrc: number;
  readonly #socket: Socket;
  readonly #firstTimestamp: number;
  readonly #sound: readonly Buffer[] = buffers(RTP_HEADER_BYTES + FRAME_SAMPLES);
  readonly #events: readonly Buffer[] = buffers(RTP_HEADER_BYTES + TELEPHONE_EVENT_BYTES);
  #turn = 0;
  #sequence: number;
  #timestamp: number;
  #eventTimestamp = 0;
  #marker = true;
  #packets = 0;
  #bytes = 0;

  constructor(socket: Socket, ssrc: number, sequence: number, timestamp: number) {
    this.#socket = socket;
    this.ssrc = ssrc >>> 0;
    this.#sequence = sequence & 0xffff;
    this.#firstTimestamp = timestamp >>> 0;
    this.#timestamp = this.#firstTimestamp;
  }

  get packets(): number {
    return this.#packets;
  }

  /** Bytes of payload. */
  get bytes(): number {
    return this.#bytes;
  }

  /** RTP timestamp of the present tick. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** The time line goes on through silence: `ticks` is the time since the session was opened. */
  setTime(ticks: number): void {
    this.#timestamp = (this.#firstTimestamp + ticks * FRAME_SAMPLES) >>> 0;
  }

  /** Encodes the sound of the next `sendSound`. */
  load(law: Companding, frame: Int16Array): void {
    const buffer = this.#sound[this.#turn];
    if (buffer) encodeG711(law, frame, buffer, RTP_HEADER_BYTES);
  }

  sendSound(payloadType: number, to: Destination): void {
    this.#send(this.#sound[this.#turn], payloadType, this.#timestamp, this.#marker, to);
    this.#marker = false;
  }

  /** One packet of a telephone-event; all of one event bear the timestamp of its first. */
  sendEvent(payloadType: number, event: TelephoneEvent, first: boolean, to: Destination): void {
    const buffer = this.#events[this.#turn];
    if (first) this.#eventTimestamp = this.#timestamp;
    if (buffer) writeTelephoneEvent(buffer, RTP_HEADER_BYTES, event);
    this.#send(buffer, payloadType, this.#eventTimestamp, first, to);
    this.#marker = true;
  }

  /** Nothing goes out at this tick: what comes next begins a talkspurt (RFC 3551 section 4.1). */
  pause(): void {
    this.#marker = true;
  }

  #send(
    buffer: Buffer | undefined,
    payloadType: number,
    timestamp: number,
    marker: boolean,
    to: Destination,
  ): void {
    if (!buffer) return;
    const { ssrc } = this;
    writeRtpHeader(buffer, { marker, payloadType, sequence: this.#sequence, timestamp, ssrc });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets++;
    this.#bytes += buffer.length - RTP_HEADER_BYTES;
    this.#turn = (this.#turn + 1) % BUFFERS;
    this.#socket.send(buffer, to.port, to.address);
  }
}

function buffers(length: number): Buffer[] {
  return Array.from({ length: BUFFERS }, () => Buffer.alloc(length));
}
