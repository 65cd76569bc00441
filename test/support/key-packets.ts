import { A_LAW, encodeG711, MU_LAW } from '../../src/protocol/audio/g711.ts';
import { eventOfDigit, writeTelephoneEvent } from '../../src/protocol/rtp/telephone-event.ts';

/** Samples of 20 ms. */
const FRAME = 160;
/** Packets that a key pressed by hand lasts, and the pause before the next. */
const KEY_PACKETS = 5;
const PAUSE_PACKETS = 4;
const EVENT_TYPE = 101;
/** Row and column of each key (ITU-T Q.23). */
const KEY_ROWS = ['123A', '456B', '789C', '*0#D'];
const ROW_HZ = [697, 770, 852, 941];
const COLUMN_HZ = [1209, 1336, 1477, 1633];
const AMPLITUDE = 6000;

/** What goes into one RTP packet of a stream of 20 ms packets. */
export interface MediaPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  /** Samples after the first packet; the packets of one event share theirs. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** How keys are sent. */
export type KeySending = 'rfc4733' | 'in-band';

/** Keys one after another as a person presses them, 100 ms each, a packet for every 20 ms. */
export function keyPackets(
  keys: string,
  how: KeySending,
  law: 'PCMU' | 'PCMA',
): readonly MediaPacket[] {
  const packets: MediaPacket[] = [];
  const add = (payloads: readonly Omit<MediaPacket, 'timestamp'>[], isOneEvent: boolean): void => {
    const first = packets.length * FRAME;
    for (const packet of payloads) {
      packets.push({ ...packet, timestamp: isOneEvent ? first : packets.length * FRAME });
    }
  };
  for (const key of keys) {
    if (how === 'rfc4733') add(eventPayloads(key), true);
    else add(soundPayloads(tonesOf(key), KEY_PACKETS, law), false);
    add(soundPayloads([], PAUSE_PACKETS, law), false);
  }
  return packets;
}

/** One event; its last packet goes out three times (RFC 4733 section 2.5.1.4). */
function eventPayloads(key: string): readonly Omit<MediaPacket, 'timestamp'>[] {
  const event = eventOfDigit(key);
  if (event === undefined) throw new Error(`no such key: ${key}`);
  return Array.from({ length: KEY_PACKETS + 2 }, (_, index) => {
    const payload = Buffer.alloc(4);
    const duration = Math.min(index + 1, KEY_PACKETS);
    writeTelephoneEvent(payload, 0, {
      event,
      end: duration === KEY_PACKETS,
      volume: 10,
      durationSamples: FRAME * duration,
    });
    return { payloadType: EVENT_TYPE, marker: index === 0, payload };
  });
}

function soundPayloads(
  frequencies: readonly number[],
  count: number,
  law: 'PCMU' | 'PCMA',
): readonly Omit<MediaPacket, 'timestamp'>[] {
  return Array.from({ length: count }, (_, index) => {
    const payload = new Uint8Array(FRAME);
    const samples = toneSamples(frequencies, index * FRAME, FRAME, AMPLITUDE);
    encodeG711(law === 'PCMU' ? MU_LAW : A_LAW, samples, payload);
    return { payloadType: law === 'PCMU' ? 0 : 8, marker: false, payload };
  });
}

/** Samples `from` to `from + count` of sines at 8 kHz, each of this amplitude. */
export function toneSamples(
  frequencies: readonly number[],
  from: number,
  count: number,
  amplitude: number,
): Int16Array {
  return Int16Array.from({ length: count }, (_, index) => {
    const seconds = (from + index) / 8000;
    return frequencies.reduce(
      (sum, frequency) => sum + amplitude * Math.sin(2 * Math.PI * frequency * seconds),
      0,
    );
  });
}

function tonesOf(key: string): readonly number[] {
  const row = KEY_ROWS.findIndex((keys) => keys.includes(key));
  const tones = [ROW_HZ[row], COLUMN_HZ[KEY_ROWS[row]?.indexOf(key) ?? -1]];
  if (key.length !== 1 || row < 0) throw new Error(`no such key: ${key}`);
  return tones.filter((tone) => tone !== undefined);
}
