import { describe, expect, test } from 'vitest';
import { createIds } from '../../../src/observe/ids.ts';

describe('ids', () => {
  test('carry their kind and hold no digit', () => {
    expect(createIds().next('ticket')).toMatch(/^ticket-[b-z]{26}$/);
  });

  test('never repeat and sort in the order they were made, also within a millisecond', () => {
    const ids = createIds();
    const made = Array.from({ length: 50_000 }, () => ids.next('call'));
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(made);
  });

  test('sort on when the clock steps back', () => {
    const times = [5_000, 9_000, 2_000, 9_000, 9_001];
    const ids = createIds({ now: () => times.shift() ?? 0, randomInt: () => 7 });
    const made = Array.from({ length: 5 }, () => ids.next('rec'));
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(5);
  });

  test('count on into the next millisecond when the random part runs over', () => {
    const ids = createIds({ now: () => 1_000, randomInt: (below) => below - 1 });
    const made = Array.from({ length: 3 }, () => ids.next('call'));
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(3);
  });

  test('sort by time across servers', () => {
    const early = createIds({ now: () => 1_764_000_000_000, randomInt: () => 19 });
    const late = createIds({ now: () => 1_764_000_000_001, randomInt: () => 0 });
    expect(early.next('call') < late.next('call')).toBe(true);
  });
});
