import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryId } from '../../../src/domain/queue/floor.ts';
import { lineFactOf, type RecordedFact } from '../../../src/domain/queue/line-fact.ts';
import {
  EMPTY_HISTORY,
  isInLine,
  type LineHistory,
  type Overtake,
  stepHistory,
} from '../../../src/domain/queue/overtake.ts';
import { type Move, playLine } from './overtake-line.ts';

type Detail = RecordedFact['detail'];

/** A ledger written by hand: one fact a second. */
function ledger(...facts: readonly [what: string, about: string, detail?: Detail][]) {
  return facts.map(([what, about, detail = {}], second) => ({
    at: second * 1000,
    about,
    what,
    detail,
  }));
}

function read(facts: readonly RecordedFact[]) {
  let history: LineHistory = EMPTY_HISTORY;
  const overtakes: Overtake[] = [];
  for (const recorded of facts) {
    const fact = lineFactOf(recorded);
    if (fact === undefined) continue;
    const step = stepHistory(history, fact);
    ({ history } = step);
    overtakes.push(...step.overtakes);
  }
  return { history, overtakes };
}

const at = (arrivedAt: number, more: Detail = {}): Detail => ({
  queue: 'refunds',
  arrivedAt,
  arrivalSequence: arrivedAt,
  ...more,
});
const ticket = (arrivedAt: number, more: Detail = {}): Detail =>
  at(arrivedAt, { callId: 'call-a', key: '1', ...more });
const toAlice = (arrivedAt: number, more: Detail = {}): Detail =>
  at(arrivedAt, { agentId: 'alice', ...more });

const A_WAITS: readonly [string, string, Detail?][] = [
  ['joinedLine', 'call-a', at(1)],
  ['ticketRegistered', 'ticket-a', ticket(1)],
  ['joinedLine', 'call-b', at(2)],
];

describe('a ledger proves who went before a ticket, and why', () => {
  it.each<[string, readonly [string, string, Detail?][], string]>([
    ['the caller may still be on the line', [], 'registered'],
    [
      'not reached',
      [['attemptEnded', 'ticket-a', { cause: 'busy', state: 'waiting' }]],
      'unreachable',
    ],
    [
      'chose later',
      [['attemptEnded', 'ticket-a', { cause: 'choseLater', state: 'waiting' }]],
      'choseLater',
    ],
    [
      'the carrier failed',
      [['attemptEnded', 'ticket-a', { cause: 'congestion', state: 'waiting' }]],
      'fault',
    ],
    ['a booked time', [['ticketSlotChanged', 'ticket-a', { slotFrom: 9, slotTo: 10 }]], 'slot'],
    [
      'night there',
      [['ticketPaused', 'ticket-a', { because: 'calledHours', notBefore: 9 }]],
      'calledHours',
    ],
    ['queue closed', [['ticketPaused', 'ticket-a', { because: 'closed', notBefore: 9 }]], 'closed'],
    [
      'dialling off',
      [['ticketPaused', 'ticket-a', { because: 'dialling', notBefore: 9 }]],
      'dialling',
    ],
    [
      'being called',
      [
        ['ticketDue', 'ticket-a'],
        ['assigned', 'ticket-a', toAlice(1)],
      ],
      'beingCalled',
    ],
    ['being rung', [['attemptStarted', 'ticket-a', { agentId: 'bob' }]], 'beingCalled'],
  ])('%s', (_, before, reason) => {
    const { overtakes } = read(ledger(...A_WAITS, ...before, ['assigned', 'call-b', toAlice(2)]));
    expect(overtakes).toMatchObject([
      { overtaken: 'ticket-a', by: 'call-b', agentId: 'alice', reason },
    ]);
  });

  it('the agent lacks a skill', () => {
    const { overtakes } = read(
      ledger(
        ['joinedLine', 'call-a', at(1, { skills: 'tax es' })],
        ['joinedLine', 'call-b', at(2)],
        ['assigned', 'call-b', toAlice(2, { skills: 'tax' })],
      ),
    );
    expect(overtakes.map(({ reason }) => reason)).toEqual(['skill']);
  });

  it('no skill is lacking: unexplained', () => {
    const { overtakes } = read(
      ledger(
        ['joinedLine', 'call-a', at(1, { skills: 'tax' })],
        ['joinedLine', 'call-b', at(2)],
        ['assigned', 'call-b', toAlice(2, { skills: 'tax es' })],
      ),
    );
    expect(overtakes).toMatchObject([{ overtaken: 'call-a', by: 'call-b', reason: undefined }]);
  });

  it('a supervisor moved the other to the front', () => {
    const { overtakes } = read(
      ledger(
        ...A_WAITS,
        ['ticketDue', 'ticket-a'],
        ['ticketMoved', 'call-b', at(0.5)],
        ['assigned', 'call-b', toAlice(0.5)],
      ),
    );
    expect(overtakes.map(({ reason }) => reason)).toEqual(['moved']);
  });

  it('the other was let to the front by grace', () => {
    const { overtakes } = read(
      ledger(
        ...A_WAITS,
        ['ticketDue', 'ticket-a'],
        ['joinedLine', 'call-c', at(0.5, { grace: true })],
        ['assigned', 'call-c', toAlice(0.5)],
      ),
    );
    expect(overtakes).toMatchObject([
      { overtaken: 'ticket-a', reason: 'grace' },
      { overtaken: 'call-b', reason: 'grace' },
    ]);
  });

  it('a caller who holds again stands where their ticket stood', () => {
    const { overtakes } = read(
      ledger(
        ...A_WAITS,
        ['ticketCancelled', 'ticket-a', { because: 'returned' }],
        ['returnedToLine', 'call-c', at(1, { ticketId: 'ticket-a' })],
        ['assigned', 'call-b', toAlice(2)],
      ),
    );
    expect(overtakes).toMatchObject([{ overtaken: 'call-c', by: 'call-b', reason: undefined }]);
  });

  it('nobody is overtaken by somebody who came before', () => {
    const { overtakes } = read(ledger(...A_WAITS, ['assigned', 'ticket-a', toAlice(1)]));
    expect(overtakes).toEqual([]);
  });

  it('nobody is overtaken who has left, or waits in another line', () => {
    const { overtakes, history } = read(
      ledger(
        ...A_WAITS,
        ['joinedLine', 'call-d', at(1.5, { queue: 'general' })],
        ['ticketCancelled', 'ticket-a'],
        ['assigned', 'call-b', toAlice(2)],
        ['leftLine', 'call-b', { queue: 'refunds' }],
      ),
    );
    expect(overtakes).toEqual([]);
    expect(
      ['call-a', 'ticket-a', 'call-b', 'call-d'].filter((id) => isInLine(history, id as EntryId)),
    ).toEqual(['call-d']);
  });

  it('facts that are not about a line, or lack what they should say, change nothing', () => {
    const { history, overtakes } = read(
      ledger(
        ['joinedLine', 'call-a', { queue: 'refunds' }],
        ['ticketRegistered', 'ticket-a', { arrivedAt: 'soon' }],
        ['agentChanged', 'alice', { to: 'ready' }],
        ['ticketDue', 'ticket-z'],
        ['leftLine', 'call-z', { queue: 'refunds' }],
      ),
    );
    expect(overtakes).toEqual([]);
    expect(history).toEqual(EMPTY_HISTORY);
  });
});

const WEIGHTS: Readonly<Record<Move['what'], number>> = {
  join: 6,
  register: 2,
  serve: 4,
  due: 2,
  fail: 2,
  pause: 1,
  leave: 1,
  missed: 1,
  move: 1,
  grace: 1,
};
const WHATS = (Object.keys(WEIGHTS) as Move['what'][]).map((what) => ({
  arbitrary: fc.constant(what),
  weight: WEIGHTS[what],
}));
const MOVES = fc.array(
  fc.record<Move>({
    what: fc.oneof(...WHATS),
    whom: fc.nat({ max: 1000 }),
    skills: fc.subarray(['tax', 'es']),
    where: fc.nat({ max: 1000 }),
  }),
  { minLength: 20, maxLength: 80 },
);

describe('any line', () => {
  it('that serves by rule has no unexplained overtake', () => {
    fc.assert(
      fc.property(MOVES, (moves) => {
        const { facts } = playLine(moves, { fair: true });
        expect(read(facts).overtakes.filter(({ reason }) => reason === undefined)).toEqual([]);
      }),
    );
  });

  it('that serves out of order is found out in each case, and in no other', () => {
    fc.assert(
      fc.property(MOVES, (moves) => {
        const { facts, wrongs } = playLine(moves, { fair: false });
        const unexplained = read(facts)
          .overtakes.filter(({ reason }) => reason === undefined)
          .map(({ at: when, overtaken, by }) => `${when} ${overtaken} by ${by}`);
        expect(unexplained.toSorted()).toEqual(wrongs.toSorted());
      }),
    );
  });

  it('is wrong often enough for the search to mean something', () => {
    const played = fc
      .sample(MOVES, { numRuns: 200, seed: 7 })
      .map((moves) => playLine(moves, { fair: false }));
    expect(played.filter(({ wrongs }) => wrongs.length > 0).length).toBeGreaterThan(20);
  });
});

describe('while nobody may be called', () => {
  const held = { held: 'dialling' };
  const TWO_TICKETS: readonly [string, string, Detail?][] = [
    ['ticketRegistered', 'ticket-a', at(1)],
    ['ticketRegistered', 'ticket-b', at(2)],
    ['ticketDue', 'ticket-a'],
    ['ticketDue', 'ticket-b'],
  ];
  const reasons = (...facts: readonly [string, string, Detail?][]) =>
    read(ledger(...TWO_TICKETS, ...facts)).overtakes.map(({ reason }) => reason);

  it('a customer on the line, whose agent did not come, goes before those to be called', () => {
    const overtaking = reasons(
      ['ticketPaused', 'ticket-a', { because: 'calledHours' }],
      ['assigned', 'ticket-b', toAlice(2)],
      ['agentMissed', 'ticket-b'],
      ['ticketDue', 'ticket-a'],
      ['assigned', 'ticket-b', toAlice(2, held)],
    );
    expect(overtaking).toEqual(['calledHours', 'dialling']);
  });

  it('nobody goes before a customer who is on the line already', () => {
    const overtaking = reasons(
      ['assigned', 'ticket-a', toAlice(1)],
      ['agentMissed', 'ticket-a'],
      ['joinedLine', 'call-c', at(3)],
      ['assigned', 'call-c', toAlice(3, held)],
    );
    expect(overtaking).toEqual([undefined, 'dialling']);
  });
});
