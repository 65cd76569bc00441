import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Agenda } from '../../../src/replay/agenda.ts';

describe('agenda', () => {
  test('things come by time, and those of one moment in the order they were added', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
        const agenda = new Agenda();
        const happened: [number, number][] = [];
        for (const [index, at] of times.entries()) {
          agenda.add(at, () => happened.push([at, index]));
        }
        for (let next = agenda.take(); next !== undefined; next = agenda.take()) next();
        const expected = times
          .map((at, index): [number, number] => [at, index])
          .toSorted(([a, first], [b, second]) => a - b || first - second);
        expect(happened).toEqual(expected);
      }),
    );
  });

  test('what is taken and added in turn keeps its order', () => {
    const agenda = new Agenda();
    const happened: string[] = [];
    agenda.add(5, () => happened.push('five'));
    agenda.add(1, () => {
      happened.push('one');
      agenda.add(3, () => happened.push('three'));
    });
    agenda.take()?.();
    expect(agenda.nextAt()).toBe(3);
    agenda.take()?.();
    agenda.take()?.();
    expect(happened).toEqual(['one', 'three', 'five']);
    expect(agenda.nextAt()).toBeUndefined();
    expect(agenda.take()).toBeUndefined();
  });
});
