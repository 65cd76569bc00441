import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../src/domain/collections/ordered-map.ts';
import {
  admitDialling,
  admitRegistration,
  type Ceilings,
  NO_USE,
  type RecentUse,
} from '../../../src/domain/numbering/ceilings.ts';
import {
  MAX_RECENT_TIMES,
  noTimes,
  timesOf,
  withTime,
} from '../../../src/domain/numbering/recent.ts';
import { NO_CEILINGS } from '../../support/number-policy.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse('2026-06-01T12:00:00Z');

/** What came of one try: admitted, or the rule that stood against it. */
interface Outcome {
  readonly rule: string | undefined;
  readonly notBefore: number | undefined;
}

/** A state that tries are made on, one after another. */
class Uses {
  #use: RecentUse = NO_USE;
  readonly #ceilings: Ceilings;

  constructor(ceilings: Partial<Ceilings>) {
    this.#ceilings = { ...NO_CEILINGS, ...ceilings };
  }

  register(now: number, number = 'a', ...callers: readonly (string | undefined)[]): Outcome {
    const caller = callers.length === 0 ? 'c' : callers[0];
    return this.#take(admitRegistration(this.#use, { number, caller }, this.#ceilings, now));
  }

  dial(now: number, number = 'a', region: string | undefined = 'US-DC'): Outcome {
    return this.#take(admitDialling(this.#use, { number, region }, this.#ceilings, now));
  }

  #take(admission: ReturnType<typeof admitDialling>): Outcome {
    if (!admission.ok) return { rule: admission.rule, notBefore: admission.notBefore };
    this.#use = admission.use;
    return { rule: undefined, notBefore: undefined };
  }
}

describe('registrations', () => {
  it('of one number within a day are as many as its ceiling', () => {
    const uses = new Uses({ registrationsPerNumberPerDay: 2 });
    expect(uses.register(START).rule).toBeUndefined();
    expect(uses.register(START + HOUR_MS).rule).toBeUndefined();
    const third = uses.register(START + 2 * HOUR_MS);
    expect(third).toEqual({ rule: 'registrationsPerNumberPerDay', notBefore: START + DAY_MS });
    expect(uses.register(START + 2 * HOUR_MS, 'b').rule).toBeUndefined();
    expect(uses.register(START + DAY_MS).rule).toBeUndefined();
    expect(uses.register(START + DAY_MS).rule).toBe('registrationsPerNumberPerDay');
  });

  it('of one caller are counted whatever numbers they are for', () => {
    const uses = new Uses({ registrationsPerCallerPerDay: 3 });
    for (const number of ['a', 'b', 'c']) uses.register(START, number, 'hostile');
    expect(uses.register(START, 'd', 'hostile').rule).toBe('registrationsPerCallerPerDay');
    expect(uses.register(START, 'd', 'another').rule).toBeUndefined();
  });

  it('of callers who withhold their number are not lumped together', () => {
    const uses = new Uses({ registrationsPerCallerPerDay: 1 });
    uses.register(START, 'a', undefined);
    expect(uses.register(START, 'b', undefined).rule).toBeUndefined();
  });

  it('of all together keep to a minute and a day', () => {
    const uses = new Uses({ registrationsPerMinute: 2, registrationsPerDay: 3 });
    const at = (now: number, number: string) => uses.register(now, number, number).rule;
    expect(at(START, 'a')).toBeUndefined();
    expect(at(START + SECOND_MS, 'b')).toBeUndefined();
    expect(at(START + 2 * SECOND_MS, 'c')).toBe('registrationsPerMinute');
    expect(at(START + 2 * MINUTE_MS, 'd')).toBeUndefined();
    expect(at(START + 4 * MINUTE_MS, 'e')).toBe('registrationsPerDay');
    expect(at(START + DAY_MS + HOUR_MS, 'f')).toBeUndefined();
  });

  it('that were refused do not count', () => {
    const uses = new Uses({ registrationsPerNumberPerDay: 1, registrationsPerCallerPerDay: 2 });
    uses.register(START, 'a', 'c');
    for (let tries = 0; tries < 5; tries += 1) uses.register(START, 'a', 'c');
    expect(uses.register(START, 'b', 'c').rule).toBeUndefined();
  });
});

describe('attempts', () => {
  it('to one number keep to its day', () => {
    const uses = new Uses({ attemptsPerNumberPerDay: 2 });
    uses.dial(START);
    uses.dial(START + HOUR_MS);
    const third = uses.dial(START + 2 * HOUR_MS);
    expect(third).toEqual({ rule: 'attemptsPerNumberPerDay', notBefore: START + DAY_MS });
    expect(uses.dial(third.notBefore ?? 0).rule).toBeUndefined();
  });

  it('cost what their region does, reckoned in advance', () => {
    const cost = {
      perDay: 10,
      usualMinutes: 10,
      usual: { perAttempt: 0, perMinute: 0.1 },
      byRegion: new Map([['DO', { perAttempt: 1, perMinute: 0.5 }]]),
    };
    const uses = new Uses({ cost });
    expect(uses.dial(START, 'a', 'DO').rule).toBeUndefined();
    expect(uses.dial(START, 'b', 'US-DC').rule).toBeUndefined();
    expect(uses.dial(START, 'c', undefined).rule).toBeUndefined();
    // 6 + 1 + 1 are spent; 6 more do not fit, 1 does.
    expect(uses.dial(START, 'd', 'DO').rule).toBe('costPerDay');
    expect(uses.dial(START, 'e', 'US-DC').rule).toBeUndefined();
    expect(uses.dial(START + DAY_MS + HOUR_MS, 'd', 'DO').rule).toBeUndefined();
  });

  it('that never fit below the ceiling of cost are told so', () => {
    const cost = {
      perDay: 1,
      usualMinutes: 10,
      usual: { perAttempt: 0, perMinute: 1 },
      byRegion: new Map(),
    };
    expect(new Uses({ cost }).dial(START)).toEqual({ rule: 'costPerDay', notBefore: undefined });
  });
});

describe('a clock that is set', () => {
  it('back by an hour brings no second helping', () => {
    const uses = new Uses({ attemptsPerNumberPerDay: 2, attemptsPerMinute: 3 });
    uses.dial(START);
    uses.dial(START);
    expect(uses.dial(START - HOUR_MS).rule).toBe('attemptsPerNumberPerDay');
    uses.dial(START - HOUR_MS, 'b');
    expect(uses.dial(START - HOUR_MS, 'c').rule).toBe('attemptsPerMinute');
  });

  it('forward by an hour does not open the day', () => {
    const uses = new Uses({ attemptsPerNumberPerDay: 1 });
    uses.dial(START);
    expect(uses.dial(START + HOUR_MS).rule).toBe('attemptsPerNumberPerDay');
  });
});

describe('any traffic', () => {
  const tries = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 3 * HOUR_MS }),
      number: fc.constantFrom('a', 'b', 'c'),
    }),
    { maxLength: 200 },
  );

  it('never has more attempts within a day or a minute than allowed, nor more per number', () => {
    fc.assert(
      fc.property(tries, (traffic) => {
        const uses = new Uses({
          attemptsPerNumberPerDay: 4,
          attemptsPerDay: 9,
          attemptsPerMinute: 2,
        });
        const made: { at: number; number: string }[] = [];
        let now = START;
        for (const { afterMs, number } of traffic) {
          now += afterMs;
          if (uses.dial(now, number).rule === undefined) made.push({ at: now, number });
          const day = made.filter(({ at }) => at > now - DAY_MS);
          expect(day.length).toBeLessThanOrEqual(9);
          expect(day.filter((one) => one.number === number).length).toBeLessThanOrEqual(4);
          expect(made.filter(({ at }) => at > now - MINUTE_MS).length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('that is refused fits when it was told it would', () => {
    fc.assert(
      fc.property(tries, (traffic) => {
        const uses = new Uses({ attemptsPerNumberPerDay: 3, attemptsPerDay: 5 });
        let now = START;
        for (const { afterMs, number } of traffic) {
          now += afterMs;
          const { rule, notBefore } = uses.dial(now, number);
          if (rule === undefined) continue;
          expect(notBefore).toBeGreaterThan(now);
          now = notBefore ?? now;
          const again = uses.dial(now, number);
          // Another ceiling may stand; the same one must not.
          expect(again.rule).not.toBe(rule);
        }
      }),
    );
  });

  it('of ever new numbers is remembered in bounded space', () => {
    let recent = noTimes(DAY_MS, 100);
    for (let index = 0; index < 250; index += 1) {
      recent = withTime(recent, `n${index}`, START + index);
      expect(sizeOf(recent.young) + sizeOf(recent.old)).toBeLessThanOrEqual(200);
    }
    expect(timesOf(recent, 'n0', START + 250)).toEqual([]);
    expect(timesOf(recent, 'n249', START + 250)).toEqual([START + 249]);
  });

  it('of one number keeps its latest times alone', () => {
    let recent = noTimes(DAY_MS);
    for (let index = 0; index < 300; index += 1) recent = withTime(recent, 'a', START + index);
    const times = timesOf(recent, 'a', START + 300);
    expect(times).toHaveLength(MAX_RECENT_TIMES);
    expect(times.at(-1)).toBe(START + 299);
  });
});
