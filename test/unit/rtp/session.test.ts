import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dtmfSequence } from '../../../src/protocol/audio/dtmf.ts';
import { A_LAW, decodeG711, encodeG711, MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { powerAt, shareAt } from '../../../src/protocol/audio/spectrum.ts';
import { encodeRtcp } from '../../../src/protocol/rtp/rtcp.ts';
import {
  decodeTelephoneEvent,
  eventOfDigit,
  writeTelephoneEvent,
} from '../../../src/protocol/rtp/telephone-event.ts';
import { randomRtpIds } from '../../../src/switch/rtp/ids.ts';
import { createRtpPorts } from '../../../src/switch/rtp/ports.ts';
import { openRtpSession } from '../../../src/switch/rtp/session.ts';
import type {
  DtmfEvent,
  RtpConfiguration,
  RtpPorts,
  RtpSession,
} from '../../../src/switch/rtp/types.ts';
import { FarEnd, LOCALHOST } from './far-end.ts';
import { ManualClock } from './manual-clock.ts';

function tone(hz: number, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: 160 }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * index) / 8000)),
  );
}

function encoded(frame: Int16Array, law = MU_LAW): Uint8Array {
  const bytes = new Uint8Array(frame.length);
  encodeG711(law, frame, bytes);
  return bytes;
}

function eventPayload(digit: string, durationSamples: number, end: boolean): Uint8Array {
  const bytes = new Uint8Array(4);
  const event = eventOfDigit(digit) ?? 255;
  writeTelephoneEvent(bytes, 0, { event, end, volume: 10, durationSamples });
  return bytes;
}

describe('an RTP session', () => {
  let clock: ManualClock;
  let ports: RtpPorts;
  let session: RtpSession;
  let far: FarEnd;
  let digits: DtmfEvent[];

  beforeEach(async () => {
    clock = new ManualClock();
    ports = createRtpPorts({ address: LOCALHOST, minPort: 0, maxPort: 0 });
    session = await openRtpSession({ ports, clock, ids: randomRtpIds });
    far = await FarEnd.open();
    digits = [];
    session.on('dtmf', (event) => digits.push(event));
  });

  afterEach(() => {
    session.close();
    far.close();
  });

  function configure(changes: Partial<RtpConfiguration> = {}): void {
    session.configure({
      remote: { address: LOCALHOST, port: far.port },
      codec: 'PCMU',
      payloadType: 0,
      telephoneEventType: 101,
      direction: 'sendrecv',
      ...changes,
    });
  }

  /** Lets the datagrams sent so far arrive: the last one is known by the session's counters. */
  async function arrived(count: number): Promise<void> {
    const seen = (): number => {
      const { packetsReceived, malformed, foreign } = session.statistics();
      return packetsReceived + malformed + foreign;
    };
    while (seen() < count) await new Promise((resolve) => setImmediate(resolve));
  }

  it.each(['PCMU', 'PCMA'] as const)('sends a frame a tick as %s', async (codec) => {
    configure({ codec, payloadType: codec === 'PCMU' ? 0 : 8 });
    for (let tick = 0; tick < 3; tick++) {
      session.send(tone(1000));
      clock.advance();
    }
    const [first, second, third] = await far.received(3);
    expect(first?.marker).toBe(true);
    expect(second?.marker).toBe(false);
    expect(first?.payloadType).toBe(codec === 'PCMU' ? 0 : 8);
    expect((third?.timestamp ?? 0) - (second?.timestamp ?? 0)).toBe(160);
    expect(((third?.sequence ?? 0) - (first?.sequence ?? 0)) & 0xffff).toBe(2);
    const law = codec === 'PCMU' ? MU_LAW : A_LAW;
    expect(shareAt(decodeG711(law, second?.payload ?? new Uint8Array()), [1000])).toBeGreaterThan(
      0.99,
    );
  });

  it('sends nothing without a frame, and marks the start of the next talkspurt', async () => {
    configure();
    session.send(tone(500));
    clock.advance(4);
    session.send(tone(500));
    clock.advance();
    const [first, second] = await far.received(2);
    expect(far.packets).toHaveLength(2);
    expect(second?.marker).toBe(true);
    expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(4 * 160);
    expect(((second?.sequence ?? 0) - (first?.sequence ?? 0)) & 0xffff).toBe(1);
  });

  it.each([
    ['recvonly', false],
    ['inactive', false],
    ['sendonly', true],
    ['sendrecv', true],
  ] as const)('with direction %s sends: %s', async (direction, sends) => {
    configure({ direction });
    session.send(tone(500));
    clock.advance();
    expect(session.statistics().packetsSent).toBe(sends ? 1 : 0);
  });

  it('plays what it receives after the delay of the buffer, and silence around it', async () => {
    configure();
    const heard: { power: number; silent: boolean }[] = [];
    session.onFrame((frame, silent) => heard.push({ power: powerAt(frame, 1000), silent }));
    clock.advance();
    for (let count = 0; count < 3; count++) {
      await far.sound(session.localPort, encoded(tone(1000)));
    }
    await arrived(3);
    clock.advance(7);
    expect(heard.map(({ silent }) => silent)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(heard[3]?.power).toBeGreaterThan(1e7);
    expect(heard[6]?.power).toBe(0);
  });

  it('hears nothing while it does not receive', async () => {
    configure({ direction: 'sendonly' });
    const bye = once(session, 'bye');
    await far.sound(session.localPort, encoded(tone(1000)));
    await far.raw(session.localPort, encodeRtcp([{ kind: 'goodbye', ssrcs: [far.ssrc] }]));
    await bye;
    expect(session.statistics().packetsReceived).toBe(0);
  });

  it('exchanges RTCP reports every 5 s, and learns loss and round trip from them', async () => {
    const other = await openRtpSession({ ports, clock, ids: randomRtpIds });
    configure({ remote: { address: LOCALHOST, port: other.localPort } });
    other.configure({
      remote: { address: LOCALHOST, port: session.localPort },
      codec: 'PCMU',
      payloadType: 0,
      direction: 'sendrecv',
    });
    while (session.statistics().roundTripMs === undefined) {
      session.send(tone(500));
      other.send(tone(700));
      clock.advance();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(clock.tick).toBeLessThanOrEqual(510);
    const { roundTripMs, remoteLost } = session.statistics();
    expect(roundTripMs).toBeLessThan(1000);
    expect(remoteLost).toBe(0);
    const bye = once(session, 'bye');
    other.close();
    await bye;
  });

  describe('digits received as telephone-events', () => {
    const send = (
      digit: string,
      timestamp: number,
      packets: readonly (readonly [number, boolean])[],
      markFirst = true,
    ): Promise<void> =>
      packets.reduce(
        (before, [duration, end], index) =>
          before.then(() =>
            far.event(session.localPort, eventPayload(digit, duration, end), {
              timestamp,
              marker: markFirst && index === 0,
            }),
          ),
        Promise.resolve(),
      );

    it('tells a digit once, however often its end is repeated', async () => {
      configure();
      await send('5', 1000, [
        [160, false],
        [320, false],
        [480, true],
        [480, true],
        [480, true],
      ]);
      await send('5', 5000, [
        [160, false],
        [800, true],
        [800, true],
        [800, true],
      ]);
      await arrived(9);
      clock.advance(20);
      expect(digits).toEqual([
        { digit: '5', durationMs: 60, source: 'rtp' },
        { digit: '5', durationMs: 100, source: 'rtp' },
      ]);
    });

    it('tells a digit whose ends were lost, when the next begins or after a while', async () => {
      configure();
      await send('1', 1000, [
        [160, false],
        [800, false],
      ]);
      await send('2', 5000, [
        [160, false],
        [640, false],
      ]);
      await arrived(4);
      expect(digits.map(({ digit }) => digit)).toEqual(['1']);
      clock.advance(10);
      expect(digits.map(({ digit }) => digit)).toEqual(['1', '2']);
    });

    it('tells a digit of which only an end arrived', async () => {
      configure();
      await send('#', 1000, [[960, true]], false);
      await arrived(1);
      expect(digits).toEqual([{ digit: '#', durationMs: 120, source: 'rtp' }]);
    });

    it('takes an event longer than 8 seconds for one digit', async () => {
      configure();
      await send('*', 1000, [
        [160, false],
        [0xffff, false],
      ]);
      await send(
        '*',
        1000 + 0xffff,
        [
          [160, false],
          [1600, true],
        ],
        false,
      );
      await arrived(4);
      expect(digits).toEqual([{ digit: '*', durationMs: 8392, source: 'rtp' }]);
    });

    it('takes a sender that moves the timestamp with each packet for one digit', async () => {
      configure();
      await send('7', 1000, [[160, false]]);
      await send('7', 1160, [[320, false]], false);
      await send('7', 1320, [[480, true]], false);
      await send('7', 1320, [[480, true]], false);
      await arrived(4);
      clock.advance(20);
      expect(digits.map(({ digit }) => digit)).toEqual(['7']);
    });

    it('passes over events that are no keys, and counts payloads that are cut off', async () => {
      configure();
      await far.event(session.localPort, Uint8Array.of(16, 0x80, 3, 0), { timestamp: 1 });
      await far.event(session.localPort, Uint8Array.of(1, 0x80, 3), { timestamp: 2 });
      await arrived(2);
      expect(digits).toEqual([]);
      expect(session.statistics().malformed).toBe(1);
    });
  });

  describe('digits received as tones', () => {
    async function hear(sound: Int16Array): Promise<void> {
      for (let start = 0; start + 160 <= sound.length; start += 160) {
        const before = session.statistics().packetsReceived;
        await far.sound(session.localPort, encoded(sound.subarray(start, start + 160)));
        await arrived(before + 1);
        clock.advance();
      }
      clock.advance(10);
    }

    it('tells each once when asked to listen', async () => {
      configure();
      session.detectInband(true);
      await hear(dtmfSequence('1159#'));
      expect(digits.map(({ digit }) => digit).join('')).toBe('1159#');
      expect(digits.every(({ source }) => source === 'inband')).toBe(true);
    });

    it('does not listen unless asked', async () => {
      configure();
      await hear(dtmfSequence('1'));
      expect(digits).toEqual([]);
    });

    it('leaves tones alone once the phone has sent telephone-events', async () => {
      configure();
      session.detectInband(true);
      await far.event(session.localPort, eventPayload('1', 800, true), { timestamp: 1000 });
      await arrived(1);
      await hear(dtmfSequence('1'));
      expect(digits).toEqual([{ digit: '1', durationMs: 100, source: 'rtp' }]);
    });
  });

  describe('digits sent', () => {
    it('go out as telephone-events with a marked start and three ends', async () => {
      configure();
      const sent = session.sendDigits('4', { durationMs: 60, gapMs: 60 });
      for (let tick = 0; tick < 8; tick++) {
        session.send(tone(500));
        clock.advance();
      }
      await sent;
      const packets = await far.received(8);
      const events = packets
        .filter(({ payloadType }) => payloadType === 101)
        .map(({ payload, marker, timestamp }) => ({
          ...decodeTelephoneEvent(payload),
          marker,
          timestamp,
        }));
      expect(events.map(({ durationSamples }) => durationSamples)).toEqual([
        160, 320, 480, 480, 480,
      ]);
      expect(events.map(({ end }) => end)).toEqual([false, false, true, true, true]);
      expect(events.map(({ marker }) => marker)).toEqual([true, false, false, false, false]);
      expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1);
      expect(events[0]?.event).toBe(4);
    });

    it('go out as tones when telephone-event was not agreed on', async () => {
      session.configure({
        remote: { address: LOCALHOST, port: far.port },
        codec: 'PCMU',
        payloadType: 0,
        direction: 'sendrecv',
      });
      const sent = session.sendDigits('4', { durationMs: 100, gapMs: 60 });
      clock.advance(8);
      await sent;
      const packets = await far.received(8);
      const sound = decodeG711(MU_LAW, Buffer.concat(packets.slice(0, 5).map((p) => p.payload)));
      expect(shareAt(sound, [770, 1209])).toBeGreaterThan(0.95);
      expect(shareAt(decodeG711(MU_LAW, packets[6]?.payload ?? Buffer.alloc(0)), [770])).toBe(0);
    });

    it('are sent in order with their pauses', async () => {
      configure();
      const sent = session.sendDigits('1w2');
      clock.advance(8 + 25 + 8);
      await sent;
      const packets = await far.received(14);
      const marked = packets.filter(({ marker }) => marker);
      expect(marked.map(({ payload }) => payload[0])).toEqual([1, 2]);
      const [first, second] = marked;
      expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe((8 + 25) * 160);
    });

    it.each([
      ['', {}],
      ['12x', {}],
      ['1', { durationMs: 10 }],
      ['1', { gapMs: 100_000 }],
    ])('are refused when they are %j with %j', async (wrong, options) => {
      await expect(session.sendDigits(wrong, options)).rejects.toMatchObject({
        code: 'bad-digits',
      });
    });

    it('are refused when too many wait, and rejected when the session closes', async () => {
      const waiting = session.sendDigits('1'.repeat(128));
      await expect(session.sendDigits('1')).rejects.toMatchObject({ code: 'digit-queue-full' });
      session.close();
      await expect(waiting).rejects.toMatchObject({ code: 'closed' });
      await expect(session.sendDigits('1')).rejects.toMatchObject({ code: 'closed' });
    });
  });

  it('answers a phone behind NAT where it comes from, if asked to', async () => {
    const elsewhere = await FarEnd.open();
    configure({ remote: { address: LOCALHOST, port: elsewhere.port }, symmetric: true });
    const media = once(session, 'media');
    for (let count = 0; count < 3; count++) {
      await far.sound(session.localPort, encoded(tone(500)));
    }
    await media;
    session.send(tone(500));
    clock.advance();
    await far.received(1);
    expect(elsewhere.packets).toHaveLength(0);
    elsewhere.close();
  });

  it('drops packets from addresses that were not named', async () => {
    configure({ remote: { address: '127.0.0.2', port: far.port } });
    for (let count = 0; count < 5; count++) {
      await far.sound(session.localPort, encoded(tone(500)));
    }
    await arrived(5);
    expect(session.statistics()).toMatchObject({ foreign: 5, packetsReceived: 0 });
  });

  it('lets no other port push out a source that speaks', async () => {
    configure();
    const intruder = await FarEnd.open();
    intruder.ssrc = 0x9999;
    await far.sound(session.localPort, encoded(tone(500)));
    for (let count = 0; count < 5; count++) {
      await intruder.sound(session.localPort, encoded(tone(1500)));
    }
    await far.sound(session.localPort, encoded(tone(500)));
    await arrived(7);
    expect(session.statistics()).toMatchObject({ foreign: 5, packetsReceived: 2, lost: 0 });
    intruder.close();
  });

  it('counts what is not RTP and goes on', async () => {
    configure();
    await far.raw(session.localPort, Buffer.from('hello'));
    await far.raw(session.localPort, Buffer.alloc(20));
    await far.sound(session.localPort, encoded(tone(500)), { payloadType: 97 });
    await far.sound(session.localPort, encoded(tone(500)));
    await arrived(4);
    expect(session.statistics()).toMatchObject({ malformed: 3, packetsReceived: 1 });
  });

  it.each([
    [{ remote: { address: 'example.org', port: 4000 } }],
    [{ remote: { address: LOCALHOST, port: 70_000 } }],
    [{ payloadType: 128 }],
    [{ payloadType: 101 }],
    [{ alsoFrom: ['nobody'] }],
  ])('refuses the configuration %j', (wrong) => {
    expect(() => configure(wrong)).toThrow(expect.objectContaining({ code: 'bad-configuration' }));
  });

  it('sends nothing to the address 0.0.0.0', () => {
    configure({ remote: { address: '0.0.0.0', port: 4000 } });
    session.send(tone(500));
    clock.advance();
    expect(session.statistics().packetsSent).toBe(0);
  });

  it('gives its ports back when it is closed', () => {
    expect(ports.inUse).toBe(1);
    session.close();
    session.close();
    expect(ports.inUse).toBe(0);
    expect(session.closed).toBe(true);
  });
});
