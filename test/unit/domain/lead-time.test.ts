import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type LeadTime,
  leadMs,
  UNMEASURED_LEAD,
  withLeadAttempt,
} from '../../../src/domain/callback/lead-time.ts';

function measured(times: readonly (number | undefined)[]): LeadTime {
  return times.reduce<LeadTime>(withLeadAttempt, UNMEASURED_LEAD);
}

describe('how early a customer is called', () => {
  test('not at all until enough were measured', () => {
    expect(leadMs(UNMEASURED_LEAD)).toBe(0);
    expect(leadMs(measured(Array.from({ length: 59 }, () => 20_000)))).toBe(0);
    expect(leadMs(measured(Array.from({ length: 60 }, () => 20_000)))).toBe(22_000);
  });

  test('by the quickest of those who answered, and the two seconds anybody may wait', () => {
    const times = Array.from({ length: 100 }, (_, index) => 8_000 + index * 100);
    expect(leadMs(measured(times))).toBe(10_000);
  });

  test('earlier where few answer: then few can come too early', () => {
    const times = Array.from({ length: 100 }, (_, index) => 8_000 + index * 100);
    const few = times.flatMap((time) => [time, undefined, undefined, undefined]);
    expect(measured(few).chance).toBeLessThan(0.4);
    expect(leadMs(measured(few))).toBeGreaterThan(leadMs(measured(times)));
  });

  test('by the newest four hundred alone', () => {
    const old = Array.from({ length: 400 }, () => 5_000);
    const fresh = Array.from({ length: 400 }, () => 30_000);
    const lead = measured([...old, ...fresh]);
    expect(lead.confirmMs).toHaveLength(400);
    expect(leadMs(lead)).toBe(32_000);
  });

  test('the chance of an answer follows what happens, and stays one', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(60_000), { nil: undefined })), (times) => {
        const { chance } = measured(times);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
      }),
    );
    expect(measured(Array.from({ length: 300 }, () => undefined)).chance).toBeLessThan(0.01);
  });

  test('nobody answers: as if the tolerated share did, and never below nothing', () => {
    const lead = { confirmMs: Array.from({ length: 60 }, () => 10_000), chance: 0 };
    expect(leadMs(lead)).toBe(12_000);
    fc.assert(
      fc.property(
        fc.array(fc.nat(90_000), { maxLength: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (confirmMs, chance) => {
          expect(leadMs({ confirmMs, chance })).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

test('of those called so, no more than the tolerated share is there over two seconds too early', () => {
  // Times to the key as of a telephone that rings, is picked up, and a greeting that is heard.
  const times = Array.from({ length: 400 }, (_, index) => 6_000 + ((index * 7_919) % 400) * 60);
  for (const chance of [1, 0.7, 0.3]) {
    const early = leadMs({ confirmMs: times, chance });
    const tooEarly = times.filter((time) => early - time > 2_000).length / times.length;
    expect(tooEarly * chance).toBeLessThanOrEqual(0.005);
  }
});
