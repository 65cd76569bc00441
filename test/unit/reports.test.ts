import { describe, expect, it } from 'vitest';
import { createReports } from '../../src/reports.ts';
import { Diary } from './domain/report/diary.ts';

/** 2026-11-25, 14:00 in UTC. */
const TWO = Date.UTC(2026, 10, 25, 14);
const DAY = Math.floor(TWO / 86_400_000);

describe('reports of a running server', () => {
  it('are of the time zones that are configured when they are asked for, until now', async () => {
    const diary = new Diary().joins(TWO, 'call-a').joins(TWO + 2, 'call-b');
    const configuration = { queues: new Map(), hours: new Map() };
    const reports = createReports(diary, { now: () => TWO + 1 }, () => configuration);
    const request = { fromDay: DAY, toDay: DAY, queue: undefined, by: 'hour' } as const;
    expect(await reports(request)).toMatchObject({
      from: '2026-11-25',
      to: '2026-11-25',
      rows: [{ queue: 'refunds', period: '2026-11-25T14:00+00:00', figures: { joined: 1 } }],
    });
  });
});
