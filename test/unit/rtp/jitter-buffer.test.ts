import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { MU_LAW } from '../../../src/protocol/audio/g711.ts';
import { JitterBuffer, type PutResult } from '../../../src/switch/rtp/receiving/jitter-buffer.ts';

/** One byte stands for a packet's number, so that what is played can be read back. */
function packet(number: number, samples = 160): Uint8Array {
  return new Uint8Array(samples).fill(number & 0xff);
}

describe('the jitter buffer', () => {
  let buffer: JitterBuffer;
  const frame = new Int16Array(160);

  beforeEach(() => {
    buffer = new JitterBuffer();
  });

  function put(number: number, timestamp = number * 160, samples = 160, marker = false): PutResult {
    return buffer.put(MU_LAW, packet(number, samples), 0, samples, timestamp >>> 0, marker);
  }

  /** The numbers of the packets played in so many ticks; undefined is silence. */
  function play(ticks: number): (number | undefined)[] {
    return Array.from({ length: ticks }, () => {
      const present = buffer.take(frame);
      return present ? MU_LAW.decode.indexOf(frame[0] ?? 0) : undefined;
    });
  }

  it('is silent before the first packet', () => {
    expect(play(2)).toEqual([undefined, undefined]);
    expect(buffer.delayMs).toBe(0);
  });

  it('holds the first packet back for 40 ms', () => {
    put(1);
    expect(play(4)).toEqual([undefined, undefined, 1, undefined]);
    expect(buffer.delayMs).toBe(40);
  });

  it('puts packets in order', () => {
    expect([put(1), put(3), put(2)]).toEqual(['kept', 'kept', 'kept']);
    expect(play(5)).toEqual([undefined, undefined, 1, 2, 3]);
  });

  it('plays silence for what is lost', () => {
    put(1);
    put(3);
    expect(play(5)).toEqual([undefined, undefined, 1, undefined, 3]);
  });

  it('knows a packet that came twice', () => {
    put(1);
    expect(put(1)).toBe('duplicate');
  });

  it('goes over the wrap of timestamps', () => {
    const start = 2 ** 32 - 160;
    put(1, start);
    put(2, start + 160);
    put(3, start + 320);
    expect(play(5)).toEqual([undefined, undefined, 1, 2, 3]);
  });

  it.each([80, 240, 320, 480])('joins packets of %i samples', (samples) => {
    for (let number = 1; number <= 6; number++) put(number, number * samples, samples);
    const heard: number[] = [];
    for (let tick = 0; tick < 2 + Math.floor((6 * samples) / 160); tick++) {
      buffer.take(frame);
      for (const sample of frame) heard.push(MU_LAW.decode.indexOf(sample));
    }
    const sound = heard.slice(320);
    const expected = Array.from(
      { length: sound.length },
      (_, index) => 1 + Math.floor(index / samples),
    );
    expect(sound).toEqual(expected);
  });

  it('waits longer after a late packet, but no longer than 120 ms', () => {
    put(1);
    play(2);
    for (let number = 2; number <= 200; number++) {
      // Each packet is up to 180 ms later than the first was.
      play(1);
      if (number > 10) put(number - 9);
      expect(buffer.delayMs).toBeLessThanOrEqual(120);
    }
  });

  it('keeps a packet that is late for the present delay by lengthening it', () => {
    put(1);
    play(4);
    expect(put(2)).toBe('kept');
    expect(play(1)).toEqual([2]);
    expect(buffer.delayMs).toBeGreaterThan(40);
  });

  it('shortens the delay again when packets are punctual for some seconds', () => {
    put(1);
    play(4);
    put(2);
    const longer = buffer.delayMs;
    for (let number = 3; number < 600; number++) {
      put(number);
      play(1);
    }
    expect(buffer.delayMs).toBeLessThan(longer);
    expect(buffer.delayMs).toBeGreaterThanOrEqual(30);
  });

  it('starts anew when the sender begins another time line', () => {
    put(1);
    play(3);
    const other = 5_000_000;
    expect([put(2, other), put(3, other + 160), put(4, other + 320)]).toEqual([
      'misfit',
      'misfit',
      'restarted',
    ]);
    expect(play(3)).toEqual([undefined, undefined, 4]);
  });

  it('starts anew at once at a marked packet, as after a pause of the sender', () => {
    put(1);
    play(500);
    expect(put(2, 320, 160, true)).toBe('restarted');
    expect(play(3)).toEqual([undefined, undefined, 2]);
  });

  it('never plays a packet twice or out of order, whatever arrives when', () => {
    const step = fc.record({ number: fc.integer({ min: 1, max: 60 }), ticks: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        buffer = new JitterBuffer();
        let last = 0;
        for (const { number, ticks } of steps) {
          if (put(number) === 'restarted') last = 0;
          for (const heard of play(ticks)) {
            if (heard === undefined) continue;
            expect(heard).toBeGreaterThan(last);
            last = heard;
          }
          expect(buffer.delayMs).toBeLessThanOrEqual(600);
        }
      }),
    );
  });
});
