import { describe, expect, it } from 'vitest';
import { Reception } from '../../../src/switch/rtp/receiving/reception.ts';
import { SourceLatch } from '../../../src/switch/rtp/receiving/source-latch.ts';

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('what was received', () => {
  const receive = (sequences: readonly number[]): Reception => {
    const reception = new Reception();
    for (const sequence of sequences) reception.arrived(sequence);
    return reception;
  };

  it.each([
    ['all', [1, 2, 3, 4], { lost: 0, duplicates: 0, reordered: 0 }],
    ['one lost', [1, 2, 4], { lost: 1, duplicates: 0, reordered: 0 }],
    ['order changed', [1, 3, 2, 4], { lost: 0, duplicates: 0, reordered: 1 }],
    ['one twice', [1, 2, 2, 3], { lost: 0, duplicates: 1, reordered: 0 }],
    ['over the wrap', [65534, 65535, 0, 1], { lost: 0, duplicates: 0, reordered: 0 }],
    ['lost at the wrap', [65534, 1], { lost: 2, duplicates: 0, reordered: 0 }],
    [
      'a new start of the sender',
      [1, 2, 3, 30_000, 30_001],
      { lost: 0, duplicates: 0, reordered: 1 },
    ],
    ['loss before a new start', [1, 3, 30_000, 30_001], { lost: 1, duplicates: 0, reordered: 1 }],
    ['a single stray number', [1, 2, 30_000, 3], { lost: 0, duplicates: 0, reordered: 1 }],
    [
      'a recording that is sent again, as no repetition',
      [...range(1, 80), ...range(1, 80)],
      { lost: -80, duplicates: 0, reordered: 79 },
    ],
    [
      'a long recording that is sent again, as a new start',
      [...range(1, 400), ...range(1, 400)],
      { lost: 0, duplicates: 0, reordered: 1 },
    ],
  ] as const)('counts %s', (_name, sequences, expected) => {
    const { lost, duplicates, reordered } = receive(sequences);
    expect({ lost, duplicates, reordered }).toEqual(expected);
  });

  it('reports the share lost since the report before', () => {
    const reception = receive([1, 2, 3, 5]);
    expect(reception.report()).toMatchObject({
      fractionLost: Math.floor(256 / 5),
      cumulativeLost: 1,
    });
    reception.arrived(6);
    expect(reception.report()).toMatchObject({ fractionLost: 0, cumulativeLost: 1 });
    expect(receive([65535, 0]).report().highestSequence).toBe(0x10000);
  });

  it('measures jitter as RFC 3550 A.8 does', () => {
    const reception = new Reception();
    let expected = 0;
    const arrivals = [0, 170, 310, 500];
    arrivals.forEach((arrival, index) => {
      reception.measureJitter(index * 160, arrival);
      if (index === 0) return;
      const difference = Math.abs(arrival - (arrivals[index - 1] ?? 0) - 160);
      expected += (difference - expected) / 16;
    });
    expect(reception.jitter).toBeCloseTo(expected, 10);
  });
});

describe('whose packets are heard', () => {
  const ADDRESS = '192.0.2.1';

  function latch(): SourceLatch {
    const made = new SourceLatch();
    made.expect([ADDRESS], 4000);
    return made;
  }

  it('believes the declared port at its first packet', () => {
    const source = latch();
    expect(source.judge(ADDRESS, 4000, 1, 10)).toBe('new-stream');
    expect(source.judge(ADDRESS, 4000, 1, 11)).toBe('same');
  });

  it('believes another port of the address after three packets in sequence', () => {
    const source = latch();
    expect([10, 11, 12].map((sequence) => source.judge(ADDRESS, 5000, 1, sequence))).toEqual([
      'foreign',
      'foreign',
      'new-stream',
    ]);
  });

  it('does not believe packets out of sequence', () => {
    const source = latch();
    expect([10, 20, 30, 40].map((sequence) => source.judge(ADDRESS, 5000, 1, sequence))).toEqual([
      'foreign',
      'foreign',
      'foreign',
      'foreign',
    ]);
  });

  it('never believes another address', () => {
    const source = latch();
    for (let sequence = 0; sequence < 50; sequence++) {
      expect(source.judge('192.0.2.9', 4000, 1, sequence)).toBe('foreign');
    }
  });

  it('lets another port take over only after 200 ms of silence', () => {
    const source = latch();
    source.judge(ADDRESS, 4000, 1, 10);
    const others = (first: number): string[] =>
      [0, 1, 2].map((offset) => source.judge(ADDRESS, 5000, 2, first + offset));
    expect(others(100)).toEqual(['foreign', 'foreign', 'foreign']);
    for (let tick = 0; tick < 10; tick++) source.tick();
    expect(others(200)).toEqual(['foreign', 'foreign', 'new-stream']);
  });

  it('takes a new SSRC of the same port after two packets', () => {
    const source = latch();
    source.judge(ADDRESS, 4000, 1, 10);
    expect(source.judge(ADDRESS, 4000, 2, 70)).toBe('foreign');
    expect(source.judge(ADDRESS, 4000, 2, 71)).toBe('new-stream');
  });

  it('forgets the source when SDP names another place, and only then', () => {
    const source = latch();
    source.judge(ADDRESS, 4000, 1, 10);
    source.expect([ADDRESS], 4000);
    expect(source.source).toBeDefined();
    source.expect([ADDRESS], 4002);
    expect(source.source).toBeUndefined();
  });
});
