import { describe, expect, it } from 'vitest';
import type { OpeningHours } from '../../src/domain/hours/hours.ts';
import { createReports } from '../../src/reports.ts';
import { Diary } from './domain/report/diary.ts';

/** 2026-11-25, 09:00 in New York. */
const NINE = Date.UTC(2026, 10, 25, 14);
const HOUR = 3_600_000;

const clock = { now: () => NINE * 2, startTimer: () => () => undefined };
const hours = new Map<string, OpeningHours>();
const span = { from: NINE, to: NINE + 2 * HOUR, queue: undefined };

function reports() {
  const diary = new Diary()
    .joins(NINE - 1, 'call-a')
    .joins(NINE, 'call-b')
    .joins(NINE + HOUR, 'call-c')
    .joins(NINE + 2 * HOUR, 'call-d');
  return createReports(diary, clock, () => ({ queues: new Map(), hours }));
}

describe('reports by API', () => {
  it('are of the span that was asked for, as JSON', async () => {
    const text = await reports()({ ...span, report: 'callbacks', per: 'hour', format: 'json' });
    expect(JSON.parse(text ?? '')).toMatchObject({
      by: 'hour',
      rows: [
        { queue: 'refunds', period: '2026-11-25T14:00+00:00', joined: 1 },
        { queue: 'refunds', period: '2026-11-25T15:00+00:00', joined: 1 },
      ],
    });
  });

  it('are in one row for the whole, as CSV', async () => {
    const text = await reports()({ ...span, report: 'callbacks', per: 'total', format: 'csv' });
    const [head, row, ...rest] = text?.split('\r\n') ?? [];
    expect(head).toMatch(/^queue,period,joined,/u);
    expect(row).toMatch(/^refunds,,2,/u);
    expect(rest).toEqual(['']);
  });

  it('are known by one name', async () => {
    const wrong = { ...span, report: 'weather', per: 'day', format: 'csv' } as const;
    expect(await reports()(wrong)).toBeUndefined();
  });
});
