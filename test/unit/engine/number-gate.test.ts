import { describe, expect, it } from 'vitest';
import type { E164 } from '../../../src/domain/ids.ts';
import type { NumberPolicy } from '../../../src/domain/numbering/policy.ts';
import { NumberGate } from '../../../src/engine/callbacks/number-gate.ts';
import { NO_CEILINGS, numberPolicy } from '../../support/number-policy.ts';

const START = Date.parse('2026-06-01T12:00:00Z');
const DAY_MS = 86_400_000;

const ALICE = '+12025550101';
const BOB = '+12025550102';

/** A gate over a policy that can be changed, and the numbers it made keys of. */
function gateOver(changes: Partial<NumberPolicy>) {
  const keyed: string[] = [];
  const current = { policy: numberPolicy(changes) };
  const gate = new NumberGate(
    () => current.policy,
    (number) => {
      keyed.push(number);
      return `key-of-${number.slice(-4)}`;
    },
  );
  return { gate, keyed, current };
}

describe('a callback that is asked for', () => {
  it('passes with its number as it will be dialled', () => {
    const { gate } = gateOver({});
    const asked = { number: '(202) 555-0101', ani: BOB, about: 'call-1' } as const;
    expect(gate.atRegistration(asked, START)).toEqual({ ok: true, number: ALICE });
  });

  it('is refused with a fact for the ledger that holds no number', () => {
    const { gate } = gateOver({});
    const answer = gate.atRegistration(
      { number: '2025551212', ani: ALICE, about: 'call-1' },
      START,
    );
    expect(answer).toEqual({
      ok: false,
      rule: 'serviceCode',
      notBefore: undefined,
      fact: {
        at: START,
        about: 'call-1',
        what: 'numberRefused',
        detail: { rule: 'serviceCode', stage: 'registration' },
      },
    });
    expect(JSON.stringify(answer)).not.toMatch(/555|0101/u);
  });

  it('counts under keys, the same however the number is written', () => {
    const { gate, keyed } = gateOver({
      ceilings: { ...NO_CEILINGS, registrationsPerNumberPerDay: 1 },
    });
    gate.atRegistration({ number: ALICE, ani: undefined, about: 'call-1' }, START);
    const again = gate.atRegistration(
      { number: '202 555 0101', ani: undefined, about: 'call-2' },
      START,
    );
    expect(again).toMatchObject({
      rule: 'registrationsPerNumberPerDay',
      notBefore: START + DAY_MS,
    });
    expect(keyed).toEqual([ALICE, ALICE]);
  });

  it('by a caller who asks for ever more numbers is stopped at the ceiling', () => {
    const { gate } = gateOver({ ceilings: { ...NO_CEILINGS, registrationsPerCallerPerDay: 3 } });
    const answers = Array.from({ length: 5 }, (_, index) =>
      gate.atRegistration(
        { number: `202555014${index}`, ani: BOB, about: `call-${index}` },
        START + index,
      ),
    );
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.rule))).toEqual([
      'ok',
      'ok',
      'ok',
      'registrationsPerCallerPerDay',
      'registrationsPerCallerPerDay',
    ]);
  });
});

describe('a call about to be made', () => {
  it('is checked by the policy in force now', () => {
    const { gate, current } = gateOver({});
    const attempt = { number: ALICE, about: 'ticket-1' } as const;
    expect(gate.beforeDialling(attempt, START)).toEqual({ ok: true, number: ALICE });
    current.policy = numberPolicy({ deny: ['+1202555'] });
    expect(gate.beforeDialling(attempt, START)).toMatchObject({
      ok: false,
      rule: 'denied',
      fact: { about: 'ticket-1', detail: { rule: 'denied', stage: 'dialling' } },
    });
  });

  it('beyond the ceiling is told when there will be room', () => {
    const { gate } = gateOver({ ceilings: { ...NO_CEILINGS, attemptsPerNumberPerDay: 1 } });
    const attempt = { number: ALICE, about: 'ticket-1' } as const;
    gate.beforeDialling(attempt, START);
    const again = gate.beforeDialling(attempt, START + 1);
    expect(again).toMatchObject({ rule: 'attemptsPerNumberPerDay', notBefore: START + DAY_MS });
    expect(gate.beforeDialling(attempt, START + DAY_MS).ok).toBe(true);
  });

  it('costs what its region does', () => {
    const cost = {
      perDay: 100,
      usualMinutes: 10,
      usual: { perAttempt: 0, perMinute: 0 },
      byRegion: new Map([['US-AK', { perAttempt: 60, perMinute: 0 }]]),
    };
    const { gate } = gateOver({ ceilings: { ...NO_CEILINGS, cost } });
    const alaska = { number: '+19075550101', about: 'ticket-1' } as const;
    expect(gate.beforeDialling(alaska, START).ok).toBe(true);
    expect(gate.beforeDialling(alaska, START)).toMatchObject({ rule: 'costPerDay' });
    expect(gate.beforeDialling({ number: ALICE, about: 'ticket-2' }, START).ok).toBe(true);
  });
});

describe('a clock that is set back', () => {
  it('makes no ceiling of a minute last longer than about a minute', () => {
    const { gate } = gateOver({ ceilings: { ...NO_CEILINGS, attemptsPerMinute: 1 } });
    gate.beforeDialling({ number: ALICE, about: 'ticket-1' }, START);
    const set = START - 3_600_000;
    const bob = { number: BOB, about: 'ticket-2' } as const;
    expect(gate.beforeDialling(bob, set)).toMatchObject({ rule: 'attemptsPerMinute' });
    expect(gate.beforeDialling(bob, set + 62_000).ok).toBe(true);
  });
});

describe('the sums of the day', () => {
  const cost = {
    perDay: 5,
    usualMinutes: 1,
    usual: { perAttempt: 5, perMinute: 0 },
    byRegion: new Map(),
  };

  it.each([
    ['attemptsPerDay', { attemptsPerDay: 1 }],
    ['costPerDay', { cost }],
  ])('%s holds over a restart, and for no longer than a day', (rule, ceiling) => {
    const { gate } = gateOver({ ceilings: { ...NO_CEILINGS, ...ceiling } });
    gate.recall({ registrations: [], attempts: [{ number: ALICE, at: START }] });
    const bob = { number: BOB, about: 'ticket-2' } as const;
    expect(gate.beforeDialling(bob, START + 3_600_000)).toMatchObject({ rule });
    expect(gate.beforeDialling(bob, START + 1.1 * DAY_MS).ok).toBe(true);
  });

  it('count by number and by caller over a restart', () => {
    const ceilings = {
      ...NO_CEILINGS,
      attemptsPerNumberPerDay: 1,
      registrationsPerNumberPerDay: 1,
      registrationsPerCallerPerDay: 1,
    };
    const { gate } = gateOver({ ceilings });
    gate.recall({
      registrations: [{ number: ALICE, caller: BOB, at: START }],
      attempts: [{ number: ALICE, at: START }],
    });
    const asked = (number: string, ani: string) =>
      gate.atRegistration({ number, ani, about: 'call-1' }, START + 1000);
    expect(asked(ALICE, '+12025550103')).toMatchObject({ rule: 'registrationsPerNumberPerDay' });
    expect(asked('+12025550104', BOB)).toMatchObject({ rule: 'registrationsPerCallerPerDay' });
    expect(asked('+12025550104', '+12025550103')).toMatchObject({ ok: true });
    const called = (number: E164) =>
      gate.beforeDialling({ number, about: 'ticket-1' }, START + 1000).ok;
    expect([called(ALICE), called(BOB)]).toEqual([false, true]);
  });
});
