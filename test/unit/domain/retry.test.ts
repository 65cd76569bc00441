import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  judgeAttempt,
  lastMissed,
  MAX_ATTEMPT_RECORDS,
  milliseconds,
} from '../../../src/domain/callback/retry.ts';
import { type RetrySettings, USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { AttemptRecord } from '../../../src/domain/callback/ticket.ts';

type Cause = AttemptRecord['cause'];

/** Every kind with a count, a pause and a place of its own. */
const SETTINGS: RetrySettings = {
  ...USUAL_CALLBACKS.retry,
  maxAttempts: 4,
  rules: {
    busy: { attempts: 3, pauseMinutes: 5, place: 'keep' },
    noAnswer: { attempts: 4, pauseMinutes: 10, place: 'back' },
    machine: { attempts: 2, pauseMinutes: 15, place: 'keep' },
    declined: { attempts: 2, pauseMinutes: 20, place: 'back' },
    invalidNumber: { attempts: 1, pauseMinutes: 0, place: 'keep' },
    congestion: { attempts: 20, pauseMinutes: 0.5, place: 'keep' },
    carrierFailure: { attempts: 20, pauseMinutes: 1, place: 'keep' },
    ourFailure: { attempts: 20, pauseMinutes: 2, place: 'keep' },
  },
};

function records(...causes: readonly Cause[]): readonly AttemptRecord[] {
  return causes.map((cause, at) => ({ startedAt: at, endedAt: at + 1, cause, agentId: 'alice' }));
}

function judged(...causes: readonly Cause[]) {
  return judgeAttempt(records(...causes), SETTINGS);
}

function times(cause: Cause, count: number): readonly Cause[] {
  return Array.from({ length: count }, () => cause);
}

describe('after one failure', () => {
  test.each<[Cause, number, string, string]>([
    ['busy', 5, 'unreachable', 'keep'],
    ['noAnswer', 10, 'unreachable', 'back'],
    ['unreachable', 10, 'unreachable', 'back'],
    ['machine', 15, 'unreachable', 'keep'],
    ['noKey', 15, 'unreachable', 'keep'],
    ['declined', 20, 'unreachable', 'back'],
    ['hungUp', 20, 'unreachable', 'back'],
    ['congestion', 0.5, 'fault', 'keep'],
    ['carrierFailure', 1, 'fault', 'keep'],
    ['ourFailure', 2, 'fault', 'keep'],
    ['withdrawn', 0, 'registered', 'keep'],
    ['interrupted', 0, 'registered', 'keep'],
  ])('%s: again after %d minutes', (cause, minutes, because, place) => {
    expect(judged(cause)).toEqual({
      verdict: 'again',
      pauseMs: minutes * 60_000,
      because,
      place,
    });
  });

  test('an invalid number ends it', () => {
    expect(judged('invalidNumber')).toEqual({ verdict: 'exhausted' });
  });
});

describe('the end comes', () => {
  test.each<[string, readonly Cause[], 'again' | 'exhausted']>([
    ['not with the second busy', times('busy', 2), 'again'],
    ['with the third busy', times('busy', 3), 'exhausted'],
    ['with the second machine, recognised or not', ['machine', 'noKey'], 'exhausted'],
    ['with the second time declined, by hanging up too', ['declined', 'hungUp'], 'exhausted'],
    ['not with three of different kinds', ['busy', 'machine', 'noAnswer'], 'again'],
    ['with as many in all', ['busy', 'busy', 'noAnswer', 'noAnswer'], 'exhausted'],
    [
      'not for what was chosen or cut off between',
      ['busy', 'choseLater', 'interrupted', 'withdrawn', 'busy'],
      'again',
    ],
    [
      'not for faults between',
      ['busy', 'ourFailure', 'carrierFailure', 'congestion', 'busy'],
      'again',
    ],
  ])('%s', (_name, causes, verdict) => {
    expect(judged(...causes).verdict).toBe(verdict);
  });
});

describe('a fault', () => {
  test('pauses twice as long each time in a row, up to sixteen times', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((count) => {
      const verdict = judged(...times('carrierFailure', count));
      return verdict.verdict === 'again' ? verdict.pauseMs / 60_000 : undefined;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 16, 16, 16]);
  });

  test('pauses short again after anything else', () => {
    const verdict = judged('ourFailure', 'ourFailure', 'busy', 'ourFailure');
    expect(verdict).toMatchObject({ pauseMs: 2 * 60_000 });
  });

  test('never costs the customer an attempt', () => {
    const fault = fc.constantFrom<Cause>('congestion', 'carrierFailure', 'ourFailure');
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 12 }), fc.nat(12), (faults, where) => {
        const index = Math.min(where, faults.length);
        const causes = [...faults.slice(0, index), 'busy' as const, ...faults.slice(index)];
        expect(judged(...causes, 'busy').verdict).toBe('again');
      }),
    );
  });
});

test('no ticket is tried for ever: whatever fails, it ends', () => {
  const cause = fc.constantFrom<Cause>(
    'ourFailure',
    'withdrawn',
    'interrupted',
    'busy',
    'congestion',
  );
  const length = { minLength: MAX_ATTEMPT_RECORDS, maxLength: MAX_ATTEMPT_RECORDS };
  fc.assert(
    fc.property(fc.array(cause, length), (causes) => {
      expect(judged(...causes)).toEqual({ verdict: 'exhausted' });
    }),
  );
});

describe('a callback that missed them, so that they are let to the front', () => {
  test.each<[Cause, boolean]>([
    ['busy', true],
    ['noAnswer', true],
    ['unreachable', true],
    ['machine', true],
    ['noKey', true],
    ['declined', true],
    ['hungUp', true],
    ['invalidNumber', false],
    ['congestion', false],
    ['carrierFailure', false],
    ['ourFailure', false],
    ['withdrawn', false],
    ['interrupted', false],
    ['choseLater', false],
    ['choseCancel', false],
    ['connected', false],
  ])('%s: %s', (cause, missed) => {
    expect(lastMissed(records('busy', 'connected', cause)) !== undefined).toBe(missed);
  });

  test.each(['congestion', 'carrierFailure', 'ourFailure', 'withdrawn', 'interrupted'] as const)(
    'is not taken away by %s after it',
    (cause) => {
      const attempts = records('noAnswer', cause);
      expect(lastMissed(attempts)).toBe(attempts[0]);
    },
  );

  test('none without an attempt', () => {
    expect(lastMissed([])).toBeUndefined();
  });
});

test('fractions of minutes are whole milliseconds', () => {
  expect(milliseconds(0.1)).toBe(6_000);
  expect(milliseconds(1 / 3)).toBe(20_000);
  expect(Number.isInteger(milliseconds(0.000_012_3))).toBe(true);
});
