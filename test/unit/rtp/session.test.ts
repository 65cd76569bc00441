import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { A_LAW, decodeG711, MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { powerAt, shareAt } from '../../../src/protocol/audio/spectrum.ts';
import { encodeRtcp } from '../../../src/protocol/rtp/rtcp.ts';
import { randomRtpIds } from '../../../src/switch/rtp/ids.ts';
import { createRtpPorts } from '../../../src/switch/rtp/ports.ts';
import { openRtpSession } from '../../../src/switch/rtp/session.ts';
import type {
  DtmfEvent,
  RtpConfiguration,
  RtpPorts,
  RtpSession,
} from '../../../src/switch/rtp/types.ts';
import { encoded, FarEnd, LOCALHOST, tone } from './far-end.ts';
import { ManualClock } from './manual-clock.ts';

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

  it('plays comfort noise as silence and does not take it for loss', async () => {
    configure();
    await far.sound(session.localPort, encoded(tone(500)));
    await far.sound(session.localPort, Uint8Array.of(60), { payloadType: 13 });
    await far.sound(session.localPort, encoded(tone(500)));
    await arrived(3);
    expect(session.statistics()).toMatchObject({ packetsReceived: 3, lost: 0, malformed: 0 });
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
