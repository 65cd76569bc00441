import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpError } from '../../src/protocol/rtp/errors.ts';
import {
  encodeRtpPacket,
  looksLikeRtcp,
  MAX_RTP_BYTES,
  readRtpHeader,
} from '../../src/protocol/rtp/packet.ts';
import { decodeRtcp, encodeRtcp, type RtcpPacket } from '../../src/protocol/rtp/rtcp.ts';
import {
  decodeTelephoneEvent,
  digitOfEvent,
  eventOfDigit,
  writeTelephoneEvent,
} from '../../src/protocol/rtp/telephone-event.ts';

const uint16 = fc.nat({ max: 0xffff });
const uint32 = fc.nat({ max: 0xffffffff });

/** Bytes that often begin like RTP or RTCP, so that the fuzz gets past the first checks. */
const datagram = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.nat({ max: 63 }), fc.uint8Array({ maxLength: 300 }))
    .map(([low, rest]) => Uint8Array.from([0x80 | low, ...rest])),
  fc
    .tuple(
      fc.nat({ max: 31 }),
      fc.integer({ min: 200, max: 204 }),
      fc.uint8Array({ maxLength: 200 }),
    )
    .map(([count, type, rest]) => {
      const words = Math.floor(rest.length / 4);
      return Uint8Array.from([0x80 | count, type, 0, words, ...rest.subarray(0, words * 4)]);
    }),
);

/** What `read` gives, or undefined when it refuses with the codec's own error. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(RtpError);
    return undefined;
  }
}

const reportBlock = fc.record({
  ssrc: uint32,
  fractionLost: fc.nat({ max: 255 }),
  cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
  highestSequence: uint32,
  jitter: uint32,
  lastSenderReport: uint32,
  delaySinceLastSenderReport: uint32,
});
const reports = fc.array(reportBlock, { maxLength: 4 });
/** Without surrogates alone, which have no bytes in UTF-8. */
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

const rtcpPacket: fc.Arbitrary<RtcpPacket> = fc.oneof(
  fc.record({
    kind: fc.constant('sender-report' as const),
    ssrc: uint32,
    ntpSeconds: uint32,
    ntpFraction: uint32,
    rtpTimestamp: uint32,
    packets: uint32,
    bytes: uint32,
    reports,
  }),
  fc.record({ kind: fc.constant('receiver-report' as const), ssrc: uint32, reports }),
  fc.record({
    kind: fc.constant('source-description' as const),
    names: fc.array(fc.record({ ssrc: uint32, cname: name }), { maxLength: 3 }),
  }),
  fc.record(
    {
      kind: fc.constant('goodbye' as const),
      ssrcs: fc.array(uint32, { maxLength: 3 }),
      reason: name,
    },
    { requiredKeys: ['kind', 'ssrcs'] },
  ),
);

describe('the RTP codec', () => {
  it('reads back every packet it writes', () => {
    const fields = fc.record({
      marker: fc.boolean(),
      payloadType: fc.nat({ max: 127 }),
      sequence: uint16,
      timestamp: uint32,
      ssrc: uint32,
    });
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 200 }), (header, payload) => {
        const packet = encodeRtpPacket(header, payload);
        const read = readRtpHeader(packet);
        expect(read).toMatchObject(header);
        expect([...packet.subarray(read.payloadStart, read.payloadEnd)]).toEqual([...payload]);
      }),
    );
  });

  it('refuses any other bytes with its own error, and never points outside of them', () => {
    fc.assert(
      fc.property(datagram, (bytes) => {
        looksLikeRtcp(bytes);
        const header = tried(() => readRtpHeader(bytes));
        if (!header) return;
        expect(header.payloadStart).toBeGreaterThanOrEqual(12);
        expect(header.payloadStart).toBeLessThanOrEqual(header.payloadEnd);
        expect(header.payloadEnd).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('skips contributing sources, extension and padding', () => {
    const extended = Buffer.from([
      0xb1, 0x80, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 1, 1, 1, 1, 0xbe, 0xde, 0, 1, 2, 2, 2, 2, 42, 0, 0,
      3,
    ]);
    const header = readRtpHeader(extended);
    expect(header).toMatchObject({
      marker: true,
      payloadType: 0,
      sequence: 7,
      timestamp: 8,
      ssrc: 9,
    });
    expect([...extended.subarray(header.payloadStart, header.payloadEnd)]).toEqual([42]);
  });

  it.each([
    ['too-short', Buffer.alloc(11)],
    ['bad-version', Buffer.alloc(12)],
    ['bad-length', Buffer.from([0xa0, ...Buffer.alloc(11)])],
    ['bad-length', Buffer.from([0x8f, ...Buffer.alloc(11)])],
    ['too-long', Buffer.alloc(MAX_RTP_BYTES + 1, 0x80)],
  ])('refuses with %s', (code, bytes) => {
    expect(() => readRtpHeader(bytes)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the RTCP codec', () => {
  it('reads back every compound packet it writes', () => {
    fc.assert(
      fc.property(fc.array(rtcpPacket, { minLength: 1, maxLength: 4 }), (packets) => {
        expect(decodeRtcp(encodeRtcp(packets))).toEqual(packets);
      }),
    );
  });

  it('refuses any other bytes with its own error', () => {
    fc.assert(
      fc.property(datagram, (bytes) => {
        tried(() => decodeRtcp(bytes));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the telephone-event codec', () => {
  it('reads back every event it writes', () => {
    const event = fc.record({
      event: fc.nat({ max: 255 }),
      end: fc.boolean(),
      volume: fc.nat({ max: 63 }),
      durationSamples: uint16,
    });
    fc.assert(
      fc.property(event, (given) => {
        const bytes = new Uint8Array(6);
        writeTelephoneEvent(bytes, 2, given);
        expect(decodeTelephoneEvent(bytes.subarray(2))).toEqual(given);
      }),
    );
  });

  it('knows the 16 keys and no other', () => {
    for (const digit of '0123456789*#ABCD') {
      expect(digitOfEvent(eventOfDigit(digit) ?? 255)).toBe(digit);
    }
    expect([eventOfDigit('d'), eventOfDigit('x'), eventOfDigit(''), eventOfDigit('12')]).toEqual([
      15,
      undefined,
      undefined,
      undefined,
    ]);
    expect(digitOfEvent(16)).toBeUndefined();
  });

  it('refuses what does not fit', () => {
    const bytes = new Uint8Array(4);
    const event = { event: 1, end: false, volume: 10, durationSamples: 160 };
    expect(() => decodeTelephoneEvent(bytes.subarray(1))).toThrow(RtpError);
    expect(() => writeTelephoneEvent(bytes, 1, event)).toThrow(RtpError);
    expect(() => writeTelephoneEvent(bytes, 0, { ...event, durationSamples: 65_536 })).toThrow(
      RtpError,
    );
  });
});
