import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { A_LAW, decodeG711, encodeG711, MU_LAW } from '../../src/protocol/audio/g711.ts';
import { levelDb, shareAt } from '../../src/protocol/audio/spectrum.ts';
import { encodeRtpPacket, readRtpHeader } from '../../src/protocol/rtp/packet.ts';
import {
  decodeTelephoneEvent,
  digitOfEvent,
  eventOfDigit,
  writeTelephoneEvent,
} from '../../src/protocol/rtp/telephone-event.ts';
import { type KeySending, keyPackets, toneSamples } from './key-packets.ts';
import { until } from './waiting.ts';

const FRAME = 160;
const EVENT_TYPE = 101;
/** No packet for so long is silence. */
const SILENCE_MS = 400;

export interface SessionOptions {
  readonly direction?: string;
  readonly telephoneEvent?: boolean;
  /** Of the o= line. */
  readonly version?: number;
}

/** A session description of a phone whose sound is at `port` of loopback. */
export function session(
  port: number,
  law: 'PCMU' | 'PCMA' = 'PCMU',
  { direction = 'sendrecv', telephoneEvent = true, version = 1 }: SessionOptions = {},
): string {
  const type = law === 'PCMU' ? 0 : 8;
  return [
    'v=0',
    `o=phone 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP ${type}${telephoneEvent ? ` ${EVENT_TYPE}` : ''}`,
    `a=rtpmap:${type} ${law}/8000`,
    ...(telephoneEvent
      ? [`a=rtpmap:${EVENT_TYPE} telephone-event/8000`, `a=fmtp:${EVENT_TYPE} 0-15`]
      : []),
    `a=${direction}`,
    '',
  ].join('\r\n');
}

/** Sound of one test phone: says a tone or silence every 20 ms, and hears. */
export class RtpEar {
  readonly port: number;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #law: 'PCMU' | 'PCMA';
  #heard: Int16Array = new Int16Array(0);
  #packets = 0;
  #heardAt = 0;
  readonly #keys: string[] = [];
  #target: { address: string; port: number } | undefined;
  #frequencies: readonly number[] = [];
  #followsSource = false;
  #onFrame: (samples: Int16Array) => void = () => undefined;
  /** What goes out instead of the tones, a packet each. */
  readonly #queued: (() => void)[] = [];
  #framesLeft = Number.POSITIVE_INFINITY;
  #phase = 0;
  #sequence = 0;
  #timestamp = 0;

  private constructor(socket: Socket, law: 'PCMU' | 'PCMA') {
    this.#socket = socket;
    this.#law = law;
    this.port = socket.address().port;
    socket.on('message', (bytes, source) => {
      if (this.#followsSource) this.#target = source;
      this.#receive(bytes);
    });
    this.#timer = setInterval(() => this.#speak(), 20);
  }

  static async open(law: 'PCMU' | 'PCMA' = 'PCMU'): Promise<RtpEar> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpEar(socket, law);
  }

  get packets(): number {
    return this.#packets;
  }

  /** A session with this ear. `direction` as an SDP attribute. */
  sdp(options: SessionOptions = {}): string {
    return session(this.port, this.#law, options);
  }

  /** Sends to where the other side's session says. */
  aim(sdp: string): void {
    const port = /^m=audio (\d+)/mu.exec(sdp)?.[1];
    const address = /^c=IN IP4 (\S+)/mu.exec(sdp)?.[1];
    if (port === undefined || address === undefined) throw new Error(`no audio in: ${sdp}`);
    this.#target = { address, port: Number(port) };
  }

  /** Sends to wherever sound comes from, as soon as it comes. */
  aimAtSource(): void {
    this.#followsSource = true;
  }

  /** Gives every frame that is heard to `listener`, decoded, 8 kHz. */
  onFrame(listener: (samples: Int16Array) => void): void {
    this.#onFrame = listener;
  }

  /** Says these tones until told otherwise; none is silence. */
  say(...frequencies: number[]): void {
    this.#framesLeft = Number.POSITIVE_INFINITY;
    this.#frequencies = frequencies;
  }

  /** Says these tones for so many frames of 20 ms, then nothing. */
  sayFor(frames: number, ...frequencies: number[]): void {
    this.say(...frequencies);
    this.#framesLeft = frames;
  }

  /** Says this sound once, in place of the tones. Resolves when all was sent. */
  saySound(samples: Int16Array): Promise<void> {
    for (let start = 0; start < samples.length; start += FRAME) {
      const frame = new Int16Array(FRAME);
      frame.set(samples.subarray(start, start + FRAME));
      this.#queued.push(() => this.#sendSound(frame));
    }
    return new Promise((resolve) => {
      this.#queued.push(resolve);
    });
  }

  /** One key by RFC 4733: 5 packets, then its end three times. */
  key(digit: string): void {
    const event = eventOfDigit(digit);
    if (event === undefined) throw new Error(`no such key: ${digit}`);
    const timestamp = this.#timestamp;
    for (let index = 1; index <= 8; index += 1) {
      const payload = Buffer.alloc(4);
      const duration = FRAME * Math.min(index, 6);
      writeTelephoneEvent(payload, 0, {
        event,
        end: index > 5,
        volume: 10,
        durationSamples: duration,
      });
      this.#send(payload, EVENT_TYPE, timestamp, index === 1);
    }
    this.#timestamp += FRAME * 8;
  }

  /** Presses keys one after another as a person does. Resolves when all were sent. */
  press(keys: string, how: KeySending = 'rfc4733'): Promise<void> {
    let first = 0;
    for (const [index, packet] of keyPackets(keys, how, this.#law).entries()) {
      this.#queued.push(() => {
        if (index === 0) first = this.#timestamp + FRAME;
        this.#timestamp += FRAME;
        this.#send(packet.payload, packet.payloadType, first + packet.timestamp, packet.marker);
      });
    }
    return new Promise((resolve) => {
      this.#queued.push(resolve);
    });
  }

  /** Resolves once this key has come by RFC 4733. */
  async keyHeard(digit: string): Promise<void> {
    await until(() => this.#keys.includes(digit), `the key ${digit}`);
  }

  /** Resolves once what is heard now is mostly `frequency`. */
  async hears(frequency: number, patienceMs?: number): Promise<void> {
    await until(
      () =>
        this.#heard.length >= 1600 &&
        levelDb(this.#heard) > -45 &&
        shareAt(this.#heard, [frequency]) > 0.7,
      `a tone of ${frequency} Hz`,
      patienceMs,
    );
  }

  /** Resolves once `frequency` is not heard any more: something else is, or nothing comes at all. */
  async hearsNo(frequency: number): Promise<void> {
    this.forget();
    const since = Date.now();
    await until(() => {
      if (this.#heard.length < 1600)
        return Date.now() - Math.max(since, this.#heardAt) > SILENCE_MS;
      return levelDb(this.#heard) < -45 || shareAt(this.#heard, [frequency]) < 0.2;
    }, `the end of ${frequency} Hz`);
  }

  /** Sends nothing any more, as a phone with silence suppression. */
  mute(): void {
    this.#target = undefined;
  }

  /** Forgets what was heard. */
  forget(): void {
    this.#heard = new Int16Array(0);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #receive(bytes: Buffer): void {
    const head = readRtpHeader(bytes);
    if (head.payloadType === EVENT_TYPE) {
      const { event, end } = decodeTelephoneEvent(bytes.subarray(12));
      const digit = digitOfEvent(event);
      if (end && digit !== undefined) this.#keys.push(digit);
    }
    if (head.payloadType !== 0 && head.payloadType !== 8) return;
    this.#packets += 1;
    this.#heardAt = Date.now();
    const law = head.payloadType === 0 ? MU_LAW : A_LAW;
    const samples = decodeG711(law, bytes.subarray(12));
    this.#onFrame(samples);
    const joined = new Int16Array(this.#heard.length + samples.length);
    joined.set(this.#heard);
    joined.set(samples, this.#heard.length);
    this.#heard = joined.slice(-1600);
  }

  #speak(): void {
    if (this.#framesLeft <= 0) this.say();
    this.#framesLeft -= 1;
    const queued = this.#queued.shift();
    if (queued === undefined) this.#say(this.#frequencies);
    else queued();
  }

  #say(frequencies: readonly number[]): void {
    const samples = toneSamples(frequencies, this.#phase, FRAME, 6000);
    this.#phase += FRAME;
    this.#sendSound(samples);
  }

  #sendSound(samples: Int16Array): void {
    const payload = new Uint8Array(FRAME);
    encodeG711(this.#law === 'PCMU' ? MU_LAW : A_LAW, samples, payload);
    this.#timestamp += FRAME;
    this.#send(payload, this.#law === 'PCMU' ? 0 : 8, this.#timestamp, false);
  }

  #send(payload: Uint8Array, payloadType: number, timestamp: number, marker: boolean): void {
    if (this.#target === undefined) return;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const packet = encodeRtpPacket(
      {
        payloadType,
        marker,
        sequence: this.#sequence,
        timestamp: timestamp >>> 0,
        ssrc: 0x1234_0000 + this.port,
      },
      payload,
    );
    this.#socket.send(packet, this.#target.port, this.#target.address);
  }
}
