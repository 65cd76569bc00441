import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeG711, MU_LAW } from '../../../src/protocol/audio/g711.ts';
import {
  encodeRtpPacket,
  type RtpHeader,
  type RtpHeaderFields,
  readRtpHeader,
} from '../../../src/protocol/rtp/packet.ts';
import { eventOfDigit, writeTelephoneEvent } from '../../../src/protocol/rtp/telephone-event.ts';

export const LOCALHOST = '127.0.0.1';

export interface ReceivedPacket extends RtpHeader {
  readonly payload: Buffer;
}

/** A phone's RTP port, driven packet by packet. */
export class FarEnd {
  readonly port: number;
  readonly packets: ReceivedPacket[] = [];
  readonly #socket: Socket;
  #sequence = 1000;
  #timestamp = 80_000;
  ssrc = 0x1234;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes: Buffer) => {
      const header = readRtpHeader(bytes);
      this.packets.push({
        ...header,
        payload: Buffer.from(bytes.subarray(header.payloadStart, header.payloadEnd)),
      });
    });
  }

  static async open(): Promise<FarEnd> {
    const socket = createSocket('udp4');
    socket.bind(0, LOCALHOST);
    await once(socket, 'listening');
    return new FarEnd(socket);
  }

  /** Sends to a session's port; the next packet is 20 ms later on its own time line. */
  async sound(
    port: number,
    payload: Uint8Array,
    fields: Partial<RtpHeaderFields> = {},
  ): Promise<void> {
    await this.#send(port, payload, fields);
    this.#timestamp += payload.length;
  }

  async event(port: number, payload: Uint8Array, fields: Partial<RtpHeaderFields>): Promise<void> {
    await this.#send(port, payload, { payloadType: 101, ...fields });
  }

  async raw(port: number, bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(bytes, port, LOCALHOST, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Waits until `count` packets have come. */
  async received(count: number): Promise<readonly ReceivedPacket[]> {
    while (this.packets.length < count) await once(this.#socket, 'message');
    return this.packets;
  }

  close(): void {
    this.#socket.close();
  }

  async #send(port: number, payload: Uint8Array, fields: Partial<RtpHeaderFields>): Promise<void> {
    const sequence = this.#sequence++ & 0xffff;
    const defaults = { marker: false, payloadType: 0, sequence, timestamp: this.#timestamp };
    await this.raw(port, encodeRtpPacket({ ...defaults, ssrc: this.ssrc, ...fields }, payload));
  }
}

/** One frame of a sine. */
export function tone(hz: number, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: 160 }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * index) / 8000)),
  );
}

/** A frame as the payload of a packet. */
export function encoded(frame: Int16Array, law = MU_LAW): Uint8Array {
  const bytes = new Uint8Array(frame.length);
  encodeG711(law, frame, bytes);
  return bytes;
}

/** The payload of a telephone-event. */
export function eventPayload(digit: string, durationSamples: number, end: boolean): Uint8Array {
  const bytes = new Uint8Array(4);
  const event = eventOfDigit(digit) ?? 255;
  writeTelephoneEvent(bytes, 0, { event, end, volume: 10, durationSamples });
  return bytes;
}
