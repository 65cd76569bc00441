import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PAUSE_REASONS, type PauseReason } from '../../../src/domain/callback/ticket.ts';
import {
  comparePlaces,
  countAhead,
  countForWait,
  EMPTY_LINE,
  type Entry,
  everyoneInLine,
  isToBeCalled,
  joinLine,
  type Line,
  leaveLine,
  lineLength,
  nextInLine,
  passOver,
  placeBefore,
  ticketsInLine,
} from '../../../src/domain/queue/line.ts';

const NO_SKILLS: ReadonlySet<string> = new Set();

function entry(kind: Entry['kind'], arrivedAt: number, arrivalSequence = arrivedAt): Entry {
  const id = kind === 'holder' ? (`call-${arrivalSequence}` as const) : `ticket-${arrivalSequence}`;
  return { id: id as Entry['id'], kind, queue: 'refunds', arrivedAt, arrivalSequence, skills: [] };
}

function lineOf(...entries: readonly Entry[]): Line {
  return entries.reduce(
    (line, each) => joinLine(line, each, undefined, each.kind === 'ticket'),
    EMPTY_LINE,
  );
}

describe('who counts for the wait of those behind', () => {
  /** Reasons for which a ticket will be called within the hour, as likely as not. */
  const SOON: readonly PauseReason[] = ['registered', 'unreachable', 'fault'];

  test.each(PAUSE_REASONS)('a ticket that waits because of %s', (because) => {
    const ticket = entry('ticket', 1);
    const line = joinLine(EMPTY_LINE, ticket, because, true);
    const tickets = Number(SOON.includes(because));
    expect(countForWait(line, undefined)).toEqual({ holders: 0, tickets });
    expect(countForWait(passOver(lineOf(ticket), ticket, because), undefined).tickets).toBe(
      tickets,
    );
    expect(ticketsInLine(line)).toBe(1);
    expect(countAhead(line, entry('holder', 2))).toBe(1);
  });

  test('one who is with an agent still does, one who has left does not', () => {
    const holder = entry('holder', 1);
    const line = passOver(lineOf(holder), holder, undefined);
    expect(countForWait(line, undefined).holders).toBe(1);
    expect(countForWait(leaveLine(line, holder), undefined).holders).toBe(0);
  });

  test('those behind do not', () => {
    const line = lineOf(entry('holder', 1), entry('ticket', 2), entry('holder', 3));
    expect(countForWait(line, entry('holder', 3))).toEqual({ holders: 1, tickets: 1 });
    expect(countForWait(line, entry('holder', 1))).toEqual({ holders: 0, tickets: 0 });
  });
});

describe('who has to be called', () => {
  test('is passed where nobody may be, and served where they are on the line', () => {
    const ticket = entry('ticket', 1);
    const line = lineOf(ticket, entry('holder', 2));
    expect(isToBeCalled(line, ticket)).toBe(true);
    expect(nextInLine(line, NO_SKILLS)?.id).toBe('ticket-1');
    expect(nextInLine(line, NO_SKILLS, 'onLine')?.id).toBe('call-2');
    const onLine = joinLine(line, ticket, undefined, false);
    expect(isToBeCalled(onLine, ticket)).toBe(false);
    expect(nextInLine(onLine, NO_SKILLS, 'onLine')?.id).toBe('ticket-1');
    expect(nextInLine(leaveLine(onLine, ticket), NO_SKILLS)?.id).toBe('call-2');
  });
});

describe('a place before somebody', () => {
  test('is nobody else’s, and before them: whoever stands where', () => {
    const places = fc.array(fc.record({ at: fc.nat(3), sequence: fc.nat(12) }), { minLength: 1 });
    fc.assert(
      fc.property(places, fc.nat(), (taken, pick) => {
        const entries = taken.map(({ at, sequence }) => entry('holder', at, sequence));
        const line = lineOf(...entries);
        const somebody = entries[pick % entries.length] ?? entry('holder', 0);
        const place = placeBefore(line, somebody);
        expect(comparePlaces(place, somebody)).toBeLessThan(0);
        expect(entries.every((each) => comparePlaces(each, place) !== 0)).toBe(true);
        expect(Object.keys(place).toSorted()).toEqual(['arrivalSequence', 'arrivedAt']);
      }),
    );
  });

  test('is right before them among arrivals of other moments', () => {
    const line = lineOf(entry('holder', 1), entry('holder', 5), entry('holder', 9));
    expect(countAhead(line, placeBefore(line, entry('holder', 5)))).toBe(1);
  });
});

test('whoever joins and leaves, the line is in order and as long as it should be', () => {
  const arrivals = fc.uniqueArray(fc.nat(1_000), { maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(arrivals, fc.nat(7), (times, every) => {
      const entries = times.map((at) => entry(at % 2 === 0 ? 'holder' : 'ticket', at));
      const leaving = entries.filter((_, index) => index % (every + 1) === 0);
      const line = leaving.reduce(leaveLine, lineOf(...entries));
      const left = entries.filter((each) => !leaving.includes(each)).toSorted(comparePlaces);
      expect([...everyoneInLine(line)]).toEqual(left);
      expect(lineLength(line)).toBe(left.length);
      expect(nextInLine(line, NO_SKILLS)).toEqual(left[0]);
    }),
  );
});
