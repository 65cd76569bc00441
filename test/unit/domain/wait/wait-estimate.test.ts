import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWaits } from '../../../../src/domain/wait/kept-waits.ts';
import {
  afterAttempt,
  afterConversation,
  afterHold,
  afterTurn,
  type QueueWait,
  unmeasuredQueue,
} from '../../../../src/domain/wait/queue-wait.ts';
import { estimateWait, type LineAhead } from '../../../../src/domain/wait/wait-estimate.ts';

const QUEUE = unmeasuredQueue(300);

const LINE: LineAhead = {
  holdersAhead: 0,
  ticketsAhead: 0,
  staffed: 10,
  free: 0,
  soonFreeSeconds: [],
  wrapUpSeconds: 0,
  secondsToClosing: Number.POSITIVE_INFINITY,
};

function secondsFor(line: Partial<LineAhead>, queue: QueueWait = QUEUE): number {
  return estimateWait(queue, { ...LINE, ...line }).seconds;
}

describe('the estimated wait', () => {
  it.each<[string, Partial<LineAhead>, number]>([
    ['somebody is free and nobody ahead', { free: 1 }, 0],
    ['more are free than are ahead', { free: 3, holdersAhead: 2 }, 0],
    ['somebody is free and the tickets ahead pause', { free: 1, ticketsAhead: 5 }, 0],
    ['nobody works', { staffed: 0 }, Number.POSITIVE_INFINITY],
    ['nobody works, and nobody is planned to', { staffed: 0, plannedStaff: [] }, Infinity],
    ['everybody talks', {}, 30],
    ['nine are ahead', { holdersAhead: 9 }, 300],
    ['two of nine ahead are about to be served', { holdersAhead: 9, free: 2 }, 240],
    ['tickets are ahead', { ticketsAhead: 20 }, 30 * (1 + 20 * (0.65 + 0.1))],
    ['agents come later', { staffed: 0, plannedStaff: [{ afterSeconds: 600, staffed: 5 }] }, 600],
    [
      'agents come later for more than they can take at once',
      { staffed: 0, holdersAhead: 9, plannedStaff: [{ afterSeconds: 600, staffed: 5 }] },
      900,
    ],
    ['a change of staff is past', { plannedStaff: [{ afterSeconds: -5, staffed: 20 }] }, 15],
    ['the first wrap-up ends', { wrapUpSeconds: 30, soonFreeSeconds: [12, 4] }, 4],
    [
      'the second wrap-up ends',
      { wrapUpSeconds: 30, soonFreeSeconds: [12, 4], holdersAhead: 1 },
      12,
    ],
    ['after the wrap-ups', { wrapUpSeconds: 30, soonFreeSeconds: [12], holdersAhead: 1 }, 60],
  ])('when %s', (_name, line, seconds) => {
    expect(secondsFor(line)).toBeCloseTo(seconds, 6);
  });

  it('says when it goes beyond closing', () => {
    const line = { ...LINE, holdersAhead: 9 };
    expect(estimateWait(QUEUE, { ...line, secondsToClosing: 299 }).beyondClosing).toBe(true);
    expect(estimateWait(QUEUE, { ...line, secondsToClosing: 301 }).beyondClosing).toBe(false);
    expect(estimateWait(QUEUE, { ...LINE, staffed: 0 }).beyondClosing).toBe(false);
    expect(estimateWait(QUEUE, { ...LINE, staffed: 0, secondsToClosing: 3600 }).beyondClosing).toBe(
      true,
    );
  });

  it('is shorter when people give up, tickets excepted', () => {
    let queue = QUEUE;
    for (let count = 0; count < 500; count += 1) queue = afterHold(queue, 200, true);
    expect(secondsFor({ holdersAhead: 40 }, queue)).toBeLessThan(secondsFor({ holdersAhead: 40 }));
    expect(secondsFor({ ticketsAhead: 40 }, queue)).toBe(secondsFor({ ticketsAhead: 40 }));
  });

  it('follows what was measured', () => {
    let queue = QUEUE;
    for (let count = 0; count < 2000; count += 1) {
      queue = afterConversation(queue, 600);
      queue = afterAttempt(queue, { reached: count % 2 === 0, keptSeconds: 0 });
    }
    expect(secondsFor({ holdersAhead: 9 }, queue)).toBeGreaterThan(590);
    expect(secondsFor({ ticketsAhead: 18 }, queue)).toBeGreaterThan(590);
    expect(secondsFor({ ticketsAhead: 18 }, queue)).toBeLessThan(620);
  });

  it('learns that agents have other queues to answer as well', () => {
    let queue = QUEUE;
    const line = { ...LINE, holdersAhead: 29 };
    for (let count = 0; count < 3000; count += 1) {
      queue = afterTurn(queue, estimateWait(queue, line), 10, 1800 + (count % 200));
    }
    const after = estimateWait(queue, line);
    expect(after.seconds).toBeGreaterThan(1700);
    expect(after.lowSeconds).toBeLessThanOrEqual(after.seconds);
    expect(after.highSeconds).toBeGreaterThan(1900);
    expect(queue.accuracy.hours[10]?.count).toBe(3000);
  });

  it('learns nothing from a turn of which it said nothing, or that is no number', () => {
    const free = estimateWait(QUEUE, { ...LINE, free: 1 });
    const closed = estimateWait(QUEUE, { ...LINE, staffed: 0 });
    expect(afterTurn(QUEUE, free, 9, 5)).toBe(QUEUE);
    expect(afterTurn(QUEUE, closed, 9, 5)).toBe(QUEUE);
    expect(afterTurn(QUEUE, estimateWait(QUEUE, LINE), 9, Number.NaN)).toBe(QUEUE);
    expect(afterTurn(QUEUE, estimateWait(QUEUE, LINE), 9, -1)).toBe(QUEUE);
  });

  it('is nothing for who is next when a rest ends in this moment', () => {
    const resting = { ...LINE, holdersAhead: 0, ticketsAhead: 0, staffed: 1, free: 0 };
    const estimate = estimateWait(QUEUE, { ...resting, soonFreeSeconds: [0], wrapUpSeconds: 1 });
    expect(estimate).toMatchObject({ seconds: 0, lowSeconds: 0, highSeconds: 0 });
  });

  it('is never less for a longer line, and always within its band', () => {
    const count = fc.integer({ min: 0, max: 50_000 });
    const line = fc.record({
      holdersAhead: count,
      ticketsAhead: count,
      staffed: fc.integer({ min: 1, max: 2000 }),
      free: fc.constant(0),
      soonFreeSeconds: fc.array(fc.double({ min: -10, max: 60, noNaN: true }), { maxLength: 200 }),
      wrapUpSeconds: fc.integer({ min: 0, max: 40 }),
      plannedStaff: fc.array(
        fc.record({
          afterSeconds: fc.integer({ min: -100, max: 40_000 }),
          staffed: fc.integer({ min: 1, max: 2000 }),
        }),
        { maxLength: 60 },
      ),
      secondsToClosing: fc.constant(3600),
    });
    fc.assert(
      fc.property(line, (ahead) => {
        const estimate = estimateWait(QUEUE, ahead);
        expect(Number.isFinite(estimate.highSeconds)).toBe(true);
        expect(estimate.lowSeconds).toBeGreaterThanOrEqual(0);
        expect(estimate.lowSeconds).toBeLessThanOrEqual(estimate.seconds);
        expect(estimate.seconds).toBeLessThanOrEqual(estimate.highSeconds);
        const longer = { ...ahead, holdersAhead: ahead.holdersAhead + 5 };
        expect(secondsFor(longer)).toBeGreaterThanOrEqual(estimate.seconds * (1 - 1e-6));
      }),
    );
  });
});

describe('what was measured', () => {
  it('is read again as it was kept', () => {
    const refunds = afterConversation(afterHold(QUEUE, 20, true), 250);
    const read = readWaits(JSON.parse(JSON.stringify({ refunds, payments: QUEUE })));
    expect(read).toEqual({ waits: { refunds, payments: QUEUE }, damaged: [] });
  });

  it.each<[string, unknown]>([
    ['no object', 5],
    ['a text for a number', { ...QUEUE, bias: { slow: 'x' } }],
    ['a part missing', { ...QUEUE, patience: undefined }],
    ['a list too short', { ...QUEUE, patience: { ...QUEUE.patience, abandoned: [1] } }],
    [
      'a list without end',
      { ...QUEUE, handleTimes: { ...QUEUE.handleTimes, newest: Array(9999).fill(1) } },
    ],
    ['no number', { ...QUEUE, band: { ...QUEUE.band, lowScore: Number.NaN } }],
    ['a handle time of nothing', unmeasuredQueue(0)],
  ])('is left out when damaged: %s', (_name, damaged) => {
    const read = readWaits({ refunds: damaged, payments: QUEUE });
    expect(read).toEqual({ waits: { payments: QUEUE }, damaged: ['refunds'] });
  });

  it.each([undefined, null, [], 'x'])('is nothing when %s was kept', (kept) => {
    expect(readWaits(kept)).toEqual({ waits: {}, damaged: [] });
  });
});
