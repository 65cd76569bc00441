import { EMPTY_LINE, type Entry, joinLine, type Line } from '../../src/domain/queue/line.ts';

/** A line of so many, one in three a ticket. */
export function longLine(entries: number): Line {
  let line = EMPTY_LINE;
  for (let number = 0; number < entries; number += 1) {
    line = joinLine(line, entryAt(number), undefined, true);
  }
  return line;
}

/** The one who stands there. */
export function entryAt(number: number): Entry {
  return {
    id: `call-${number}`,
    kind: number % 3 === 0 ? 'ticket' : 'holder',
    queue: 'refunds',
    skills: [],
    arrivedAt: number * 1000,
    arrivalSequence: number,
  };
}
