import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeRtpPacket, readRtpHeader } from '../../src/protocol/rtp/packet.ts';
import { session } from '../support/rtp-ear.ts';

const FRAME_SAMPLES = 160;
const HEADER_BYTES = 12;
/** Silence in mu-law. */
const SILENCE = 0xff;

/** What one call received since the measuring began. */
export interface Reception {
  /** Times between one packet and the next, in milliseconds. */
  readonly gapsMs: number[];
  packets: number;
  /** Packets that never came, by their sequence numbers. */
  lost: number;
  /** Talk spurts begun: the time before them was meant. */
  spurts: number;
}

/** Sound of one call: a socket that notes when packets come, and says one value all the time. */
export class Sound {
  readonly #socket: Socket;
  readonly #awaited: { readonly level: number | undefined; readonly heard: () => void }[] = [];
  #target: { readonly address: string; readonly port: number } | undefined;
  #level = SILENCE;
  #sequence = 0;
  #reception: Reception | undefined;
  #last:
    | { readonly atMs: number; readonly sequence: number; readonly timestamp: number }
    | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (packet) => this.#receive(packet, performance.now()));
  }

  static async open(): Promise<Sound> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Sound(socket);
  }

  get sdp(): string {
    return session(this.#socket.address().port);
  }

  /** Sends to where the other side's description says. */
  aim(description: Buffer): void {
    const text = description.toString();
    const port = /^m=audio (\d+)/mu.exec(text)?.[1];
    const address = /^c=IN IP4 (\S+)/mu.exec(text)?.[1];
    if (port === undefined || address === undefined) throw new Error('no sound was described');
    this.#target = { address, port: Number(port) };
  }

  /** Says this mu-law value from now on. */
  say(level: number): void {
    this.#level = level;
  }

  /** Sends the next 20 ms. */
  speak(): void {
    if (this.#target === undefined) return;
    this.#sequence += 1;
    const timestamp = this.#sequence * FRAME_SAMPLES;
    const packet = encodeRtpPacket(
      { marker: false, payloadType: 0, sequence: this.#sequence & 0xffff, timestamp, ssrc: 7 },
      new Uint8Array(FRAME_SAMPLES).fill(this.#level),
    );
    this.#socket.send(packet, this.#target.port, this.#target.address);
  }

  /** Resolves at a packet full of this value; undefined: at any packet. */
  hears(level?: number): Promise<void> {
    return new Promise((heard) => {
      this.#awaited.push({ level, heard });
    });
  }

  /** Begins to measure. */
  measure(): void {
    this.#last = undefined;
    this.#reception = { gapsMs: [], packets: 0, lost: 0, spurts: 0 };
  }

  get reception(): Reception | undefined {
    return this.#reception;
  }

  close(): void {
    this.#target = undefined;
    this.#socket.close();
  }

  #receive(packet: Buffer, atMs: number): void {
    const { marker, payloadType, sequence, timestamp } = readRtpHeader(packet);
    if (payloadType !== 0) return;
    if (this.#awaited.length > 0) this.#listen(packet);
    const { reception, last } = { reception: this.#reception, last: this.#last };
    this.#last = { atMs, sequence, timestamp };
    if (reception === undefined) return;
    reception.packets += 1;
    if (last === undefined) return;
    if (marker) {
      reception.spurts += 1;
      return;
    }
    reception.gapsMs.push(atMs - last.atMs);
    reception.lost += ((sequence - last.sequence) & 0xffff) - 1;
  }

  #listen(packet: Buffer): void {
    const value = packet[HEADER_BYTES];
    const middle = packet[HEADER_BYTES + FRAME_SAMPLES / 2];
    for (const wish of this.#awaited.slice()) {
      if (wish.level !== undefined && (value !== wish.level || middle !== wish.level)) continue;
      this.#awaited.splice(this.#awaited.indexOf(wish), 1);
      wish.heard();
    }
  }
}

/** Lets all speak every 20 ms, free of drift. @returns what ends it */
export function speakAll(sounds: Iterable<Sound>): () => void {
  const startMs = performance.now();
  let frame = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startMs) / 20);
    for (; frame < due; frame += 1) for (const sound of sounds) sound.speak();
  }, 10);
  return () => clearInterval(timer);
}
