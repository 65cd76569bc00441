import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../../src/domain/call/call-record.ts';
import type { CallId } from '../../../../src/domain/ids.ts';
import type { RecordedFact } from '../../../../src/domain/queue/line-fact.ts';
import { ReportFold, TallyBook } from '../../../../src/domain/report/fold.ts';
import { type Grain, periodOf } from '../../../../src/domain/report/period.ts';
import type { Tally } from '../../../../src/domain/report/tally.ts';
import { Diary } from './diary.ts';

const ZONE = 'America/New_York';
const START = Date.UTC(2026, 9, 31, 4);
const HOUR = 3_600_000;

/** What one caller does, in seconds after they joined. */
interface Way {
  readonly joinsAt: number;
  readonly queue: string;
  readonly quote: number;
  readonly offers: readonly ('declined' | 'ignored')[];
  readonly ending: 'answered' | 'abandoned' | 'connected' | 'cancelled' | 'expired' | 'none';
  readonly attempts: readonly ('busy' | 'choseLater' | 'ourFailure')[];
  readonly slot: boolean;
  readonly seconds: number;
}

const WAY: fc.Arbitrary<Way> = fc.record({
  joinsAt: fc.integer({ min: 0, max: 60 * HOUR }),
  queue: fc.constantFrom('refunds', 'general'),
  quote: fc.integer({ min: 0, max: 3000 }),
  offers: fc.array(fc.constantFrom('declined' as const, 'ignored' as const), { maxLength: 3 }),
  ending: fc.constantFrom<Way['ending']>(
    'answered',
    'abandoned',
    'connected',
    'connected',
    'cancelled',
    'expired',
    'none',
  ),
  attempts: fc.array(
    fc.constantFrom('busy' as const, 'choseLater' as const, 'ourFailure' as const),
    {
      maxLength: 3,
    },
  ),
  slot: fc.boolean(),
  seconds: fc.integer({ min: 1, max: 4000 }),
});

/** Writes everybody's way, each on their own. */
function diaryOf(ways: readonly Way[]): Diary {
  const diary = new Diary();
  for (const [index, way] of ways.entries()) write(diary, way, index);
  diary.facts.sort((a, b) => a.at - b.at || a.position - b.position);
  return diary;
}

function write(diary: Diary, way: Way, index: number): void {
  const id: CallId = `call-${index}`;
  const joined = START + way.joinsAt;
  let at = joined;
  const next = () => (at += way.seconds * 100);
  const place = { queue: way.queue, arrivedAt: joined, arrivalSequence: index };
  const quoted = { waitSeconds: way.quote, lowSeconds: way.quote / 2, highSeconds: way.quote * 2 };
  diary.tell(at, 'joinedLine', id, { ...place, ...quoted });
  for (const answer of way.offers) {
    diary.tell(next(), 'callbackOffered', id, { queue: way.queue, ...quoted });
    if (answer === 'declined') diary.tell(next(), 'callbackDeclined', id, { queue: way.queue });
  }
  if (way.ending === 'answered') {
    diary.tell(next(), 'assigned', id, { ...place, agentId: 'alice' });
    diary.call(id, joined - 1000, { connectedAt: at }).tell(at, 'leftLine', id, place);
  } else if (way.ending === 'abandoned') {
    diary.call(id, joined, { end: { at: next(), outcome: 'abandonedOnHold' } });
    diary.tell(at, 'leftLine', id, place);
  } else writeTicket(diary, way, index, { place, next });
}

function writeTicket(
  diary: Diary,
  way: Way,
  index: number,
  { place, next }: { readonly place: RecordedFact['detail']; readonly next: () => number },
): void {
  const ticket = `ticket-${index}`;
  const from = next();
  const slot = way.slot ? { slotFrom: from + 1000, slotTo: from + 2000 } : {};
  diary.tell(from, 'ticketRegistered', ticket, { ...place, callId: `call-${index}`, ...slot });
  diary.tell(next(), 'ticketDue', ticket);
  for (const cause of way.attempts) {
    diary.tell(next(), 'attemptStarted', ticket, { agentId: 'alice' });
    diary.tell(next(), 'attemptEnded', ticket, { cause, state: 'waiting' });
    diary.tell(next(), 'ticketDue', ticket);
  }
  if (way.ending === 'cancelled') diary.tell(next(), 'ticketCancelled', ticket);
  if (way.ending === 'expired') diary.tell(next(), 'ticketExpired', ticket);
  if (way.ending !== 'connected') return;
  diary.tell(next(), 'attemptStarted', ticket, { agentId: 'alice' });
  diary.tell(next(), 'customerConfirmed', ticket).tell(next(), 'ticketConnected', ticket);
}

function tallies(diary: Diary, grain: Grain) {
  const book = new TallyBook();
  const fold = new ReportFold({
    tallyFor: (queue, at) => book.at(queue, periodOf(grain, ZONE, at)),
  });
  const calls = [...diary.calls].toSorted((a, b) => a.startedAt - b.startedAt);
  for (const call of calls) fold.takeCall(call);
  for (const fact of diary.facts) fold.takeFact(fact);
  return [...book.rows()];
}

type Rows = ReturnType<typeof tallies>;

/** Adds up rows whose periods begin alike. */
function rolledUp(rows: Rows, length: number): ReadonlyMap<string, Record<string, number>> {
  const sums = new Map<string, Record<string, number>>();
  for (const { queue, period, tally } of rows) {
    const name = `${queue} ${period.slice(0, length)}`;
    const sum = sums.get(name) ?? {};
    const { overtakes, ...counts } = tally;
    for (const [count, value] of Object.entries({ ...counts, ...overtakes, _: 0 })) {
      sum[count] = (sum[count] ?? 0) + value;
    }
    sums.set(name, sum);
  }
  return sums;
}

const everyTally = (check: (tally: Tally) => void) =>
  fc.assert(
    fc.property(fc.array(WAY, { maxLength: 25 }), (ways) => {
      for (const { tally } of tallies(diaryOf(ways), 'hour')) check(tally);
    }),
  );

describe('whatever happens', () => {
  it('hours add up to days, and days to the whole', () => {
    fc.assert(
      fc.property(fc.array(WAY, { maxLength: 25 }), (ways) => {
        const diary = diaryOf(ways);
        const days = tallies(diary, 'day');
        expect(rolledUp(tallies(diary, 'hour'), 10)).toEqual(rolledUp(days, 10));
        expect(rolledUp(days, 0)).toEqual(rolledUp(tallies(diary, 'queue'), 0));
      }),
    );
  });

  it('each step has at most as many people as the one before', () => {
    everyTally((tally) => {
      expect(tally.offered).toBeLessThanOrEqual(tally.joined);
      expect(tally.accepted + tally.declined).toBeLessThanOrEqual(tally.offered);
      expect(tally.accepted).toBeLessThanOrEqual(tally.registered);
      expect(tally.attempted).toBeLessThanOrEqual(tally.registered);
      expect(tally.reached).toBeLessThanOrEqual(tally.attempted);
      expect(tally.connected).toBeLessThanOrEqual(tally.reached);
      expect(tally.attempts).toBeGreaterThanOrEqual(tally.attempted);
      expect(tally.answeredOnHold + tally.abandonedOnHold + tally.registered).toBeLessThanOrEqual(
        tally.joined,
      );
    });
  });

  it('every ticket is open or has ended in one way', () => {
    everyTally(({ registered, connected, cancelled, exhausted, expired, open }) => {
      expect(connected + cancelled + exhausted + expired + open).toBe(registered);
    });
  });

  it('every promise is kept, early or late, and no time is negative', () => {
    everyTally((tally) => {
      expect(tally.punctual + tally.early + tally.late).toBe(tally.promised);
      expect(tally.bandsHeld).toBeLessThanOrEqual(tally.bands);
      expect(tally.bands).toBeLessThanOrEqual(tally.estimates);
      expect(Math.abs(tally.estimateBiasMs)).toBeLessThanOrEqual(tally.estimateErrorMs);
      const { holdWaitMs, abandonedAfterMs, callbackWaitMs, holdSavedMs } = tally;
      expect(
        Math.min(holdWaitMs, abandonedAfterMs, callbackWaitMs, holdSavedMs),
      ).toBeGreaterThanOrEqual(0);
      expect(holdSavedMs).toBeLessThanOrEqual(callbackWaitMs);
    });
  });

  it('the search meets every way', () => {
    const ways = fc.sample(fc.array(WAY, { minLength: 20, maxLength: 25 }), {
      numRuns: 30,
      seed: 5,
    });
    const sum = rolledUp(
      ways.flatMap((some) => tallies(diaryOf(some), 'queue')),
      0,
    );
    const met = { ...sum.get('refunds ') };
    for (const count of [
      'answeredOnHold',
      'abandonedOnHold',
      'accepted',
      'declined',
      'connected',
      'cancelled',
      'expired',
      'open',
      'early',
      'late',
      'punctual',
      'bandsHeld',
      'holdSavedMs',
      'unexplained',
    ]) {
      expect(met[count], count).toBeGreaterThan(0);
    }
  });
});

describe('a fold', () => {
  it('gives up whom it has followed longest when there are too many, and says so', () => {
    const book = new TallyBook();
    const fold = new ReportFold({ tallyFor: () => book.at('refunds', ''), maxFollowed: 2 });
    const diary = new Diary().joins(1, 'call-a').joins(2, 'call-b').joins(3, 'call-c');
    diary.tell(4, 'callbackOffered', 'call-a').tell(4, 'callbackOffered', 'call-b');
    for (const fact of diary.facts) fold.takeFact(fact);
    expect([fold.followed, fold.givenUp]).toEqual([2, 1]);
    expect(book.at('refunds', '')).toMatchObject({ joined: 3, offered: 1 });
  });

  it('remembers nobody who has left, and no call that never joins a line', () => {
    const fold = new ReportFold({ tallyFor: () => new TallyBook().at('q', '') });
    const facts = diaryOf(
      fc
        .sample(WAY, { numRuns: 300, seed: 3 })
        .map((way): Way => ({ ...way, ending: 'connected' })),
    ).facts;
    for (const fact of facts) fold.takeFact(fact);
    const call = (n: number): CallRecord | undefined =>
      new Diary().call(`call-menu-${n}`, START + n, {
        end: { at: START + n, outcome: 'abandonedInMenu' },
      }).calls[0];
    for (let n = 0; n < 30_000; n += 1) {
      const record = call(n);
      if (record !== undefined) fold.takeCall(record);
    }
    expect(fold.followed).toBe(0);
    expect(fold.callsKept).toBeLessThanOrEqual(10_001);
  });
});
