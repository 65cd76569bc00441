import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dtmfSequence } from '../../../src/protocol/audio/dtmf.ts';
import { decodeG711, MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { shareAt } from '../../../src/protocol/audio/spectrum.ts';
import { decodeTelephoneEvent } from '../../../src/protocol/rtp/telephone-event.ts';
import { randomRtpIds } from '../../../src/switch/rtp/ids.ts';
import { createRtpPorts } from '../../../src/switch/rtp/ports.ts';
import { openRtpSession } from '../../../src/switch/rtp/session.ts';
import type {
  DtmfEvent,
  RtpConfiguration,
  RtpPorts,
  RtpSession,
} from '../../../src/switch/rtp/types.ts';
import { encoded, eventPayload, FarEnd, LOCALHOST, tone } from './far-end.ts';
import { ManualClock } from './manual-clock.ts';

describe('the digits of an RTP session', () => {
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
});
