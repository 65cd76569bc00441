import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeSlots, isBookable, type SlotBook } from '../../../src/domain/callback/slots.ts';
import type { OpeningHours } from '../../../src/domain/hours/hours.ts';

const MINUTE_MS = 60_000;
const OFFICE = [{ fromMinute: 8 * 60, toMinute: 18 * 60 }];
const HOURS: OpeningHours = {
  id: 'office',
  timeZone: 'America/New_York',
  week: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: [], sun: [] },
  holidays: new Set(['2026-11-26']),
};
/** Half-hour slots; two agents until noon, one after, none on Friday; four calls an hour and agent. */
const BOOK: SlotBook = {
  settings: {
    minutes: 30,
    bookableShare: 0.5,
    horizonHours: 24,
    forecast: [
      { days: ['mon', 'tue', 'wed', 'thu'], fromMinute: 480, toMinute: 720, agents: 2 },
      { days: ['mon', 'tue', 'wed', 'thu'], fromMinute: 720, toMinute: 1080, agents: 1 },
    ],
  },
  hours: HOURS,
  handleSeconds: 900,
  booked: new Map(),
  suits: () => true,
};
const at = (text: string): number => Date.parse(text);
/** A Tuesday. */
const NINE = at('2026-11-24T09:00:00-05:00');

/** How many can book a slot before it is full. */
function capacity(book: SlotBook, from: number): number {
  const slot = { from, to: from + 30 * MINUTE_MS };
  let count = 0;
  while (count < 10_000 && isBookable({ ...book, booked: new Map([[from, count]]) }, slot, from)) {
    count += 1;
  }
  return count;
}

describe('capacity of a slot', () => {
  test.each([
    ['by the agents forecast: 2 agents, 2 calls each, half of them', '2026-11-24T09:00', 2],
    ['fewer after noon', '2026-11-24T12:00', 1],
    ['none after closing', '2026-11-24T18:00', 0],
    ['none before opening', '2026-11-24T07:30', 0],
    ['none where the forecast names nobody', '2026-11-27T09:00', 0],
    ['none on a holiday', '2026-11-26T09:00', 0],
  ])('%s', (_name, local, calls) => {
    expect(capacity(BOOK, at(`${local}:00-05:00`))).toBe(calls);
  });

  test('none for a slot that closing cuts', () => {
    const half: OpeningHours = {
      ...HOURS,
      week: { ...HOURS.week, tue: [{ fromMinute: 480, toMinute: 555 }] },
    };
    expect(capacity({ ...BOOK, hours: half }, NINE)).toBe(0);
    expect(capacity({ ...BOOK, hours: half }, NINE - 30 * MINUTE_MS)).toBe(2);
  });

  test('whole calls only, and none of a handle time of nothing', () => {
    expect(capacity({ ...BOOK, handleSeconds: 1_900 }, NINE)).toBe(0);
    expect(capacity({ ...BOOK, handleSeconds: 0 }, NINE)).toBe(1_800);
  });

  test('a queue without hours is read by UTC', () => {
    expect(capacity({ ...BOOK, hours: undefined }, at('2026-11-24T09:00:00Z'))).toBe(2);
  });
});

describe('slots that are offered', () => {
  const times = (book: SlotBook, now: number, limit = 100): readonly string[] =>
    freeSlots(book, now, limit).map(({ from }) => new Date(from).toISOString().slice(5, 16));

  test('begin on the grid, with ten minutes of notice', () => {
    expect(times(BOOK, NINE - 10 * MINUTE_MS, 1)).toEqual(['11-24T14:00']);
    expect(times(BOOK, NINE - 9 * MINUTE_MS, 1)).toEqual(['11-24T14:30']);
  });

  test('skip the night and what is booked out', () => {
    const booked = new Map([
      [NINE, 2],
      [NINE + 30 * MINUTE_MS, 1],
    ]);
    expect(times({ ...BOOK, booked }, NINE - 60 * MINUTE_MS, 3)).toEqual([
      '11-24T13:30',
      '11-24T14:30',
      '11-24T15:00',
    ]);
    const evening = at('2026-11-24T18:00:00-05:00');
    expect(times(BOOK, evening, 1)).toEqual(['11-25T13:00']);
  });

  test('are as many as were asked for, and none beyond the horizon', () => {
    expect(times(BOOK, NINE, 5)).toHaveLength(5);
    const short = { ...BOOK, settings: { ...BOOK.settings, horizonHours: 2 } };
    expect(times(short, NINE)).toEqual(['11-24T14:30', '11-24T15:00', '11-24T15:30']);
    expect(times(BOOK, NINE, 0)).toEqual([]);
  });

  test('begin and end when the customer may be called', () => {
    const book = { ...BOOK, suits: (now: number) => now >= at('2026-11-24T10:10:00-05:00') };
    expect(times(book, NINE, 2)).toEqual(['11-24T15:30', '11-24T16:00']);
    const early = { ...BOOK, suits: (now: number) => now < at('2026-11-24T09:50:00-05:00') };
    expect(times(early, NINE)).toEqual([]);
  });

  test.each([
    ['ahead', '2027-03-15T06:00:00-04:00', '2027-03-15T12:00:00.000Z'],
    ['back', '2026-11-02T06:00:00-05:00', '2026-11-02T13:00:00.000Z'],
  ])('on the morning after clocks went %s begin when the doors open', (_name, now, first) => {
    const [slot] = freeSlots(BOOK, at(now), 1);
    expect(new Date(slot?.from ?? 0).toISOString()).toBe(first);
  });

  test('on the day the clocks change a night shift has a slot for every half hour there is', () => {
    const night = [{ fromMinute: 0, toMinute: 360 }];
    const hours: OpeningHours = { ...HOURS, week: { ...HOURS.week, sun: night } };
    const forecast = [{ days: ['sun'] as const, fromMinute: 0, toMinute: 360, agents: 2 }];
    const book = { ...BOOK, hours, settings: { ...BOOK.settings, forecast } };
    expect(freeSlots(book, at('2026-03-08T00:00:00-05:00') - 10 * MINUTE_MS, 99)).toHaveLength(10);
    expect(freeSlots(book, at('2026-11-01T00:00:00-04:00') - 10 * MINUTE_MS, 99)).toHaveLength(14);
  });
});

describe('a slot can be booked', () => {
  const slot = (from: number, minutes = 30) => ({ from, to: from + minutes * MINUTE_MS });
  test.each([
    ['one that is free', slot(NINE + 30 * MINUTE_MS), true],
    ['one without notice, that was offered a while ago', slot(NINE), true],
    ['one that has begun', slot(NINE - 30 * MINUTE_MS), false],
    ['one off the grid', slot(NINE + MINUTE_MS), false],
    ['one of another length', slot(NINE, 60), false],
    ['one beyond the horizon', slot(NINE + 24 * 60 * MINUTE_MS), false],
    ['one that is no time', slot(Number.NaN), false],
  ])('%s', (_name, asked, bookable) => {
    expect(isBookable(BOOK, asked, NINE)).toBe(bookable);
  });

  test('until it is full', () => {
    const book = { ...BOOK, booked: new Map([[NINE, 2]]) };
    expect(isBookable(book, slot(NINE), NINE)).toBe(false);
  });

  test('whatever is offered, at any time, can be booked', () => {
    const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
    const minutes = fc.constantFrom(5, 10, 15, 20, 30, 60);
    fc.assert(
      fc.property(moment, minutes, (now, length) => {
        const book = { ...BOOK, settings: { ...BOOK.settings, minutes: length } };
        const slots = freeSlots(book, now, 20);
        for (const each of slots) expect(isBookable(book, each, now)).toBe(true);
        const begins = slots.map(({ from }) => from);
        expect(begins).toEqual(begins.toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });
});
