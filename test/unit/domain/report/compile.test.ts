import { describe, expect, it } from 'vitest';
import {
  compileReport,
  MAX_REPORT_DAYS,
  type ReportRequest,
} from '../../../../src/domain/report/compile.ts';
import { Diary } from './diary.ts';

const ZONES = new Map([
  ['refunds', 'America/New_York'],
  ['alaska', 'America/Anchorage'],
]);
/** 2026-11-25, 09:00 in New York. */
const NINE = Date.UTC(2026, 10, 25, 14);
const DAY = Math.floor(NINE / 86_400_000);
const SECOND = 1000;
const MINUTE = 60_000;

async function rowsOf(diary: Diary, request: Partial<ReportRequest> = {}, now = NINE * 2) {
  const { rows } = await compileReport(
    diary,
    { fromDay: DAY, toDay: DAY, queue: undefined, by: 'queue', ...request },
    { now, breathe: () => Promise.resolve(), timeZones: ZONES },
  );
  return rows;
}

async function figuresOf(diary: Diary, request: Partial<ReportRequest> = {}) {
  const [row] = await rowsOf(diary, request);
  return row?.figures;
}

const ticket = (at: number, callId: string) => ({
  queue: 'refunds',
  callId,
  key: '1',
  arrivedAt: at,
  arrivalSequence: 1,
});

/** A joins, is quoted 10 minutes (8 to 12), takes a ticket after one. */
function withTicket(): Diary {
  return new Diary()
    .call('call-a', NINE - MINUTE, {
      ticketId: 'ticket-a',
      end: { at: NINE + 70 * SECOND, outcome: 'ticketTaken' },
    })
    .joins(NINE, 'call-a')
    .tell(NINE + 10 * SECOND, 'callbackOffered', 'call-a', {
      queue: 'refunds',
      waitSeconds: 600,
      lowSeconds: 480,
      highSeconds: 720,
    })
    .tell(NINE + MINUTE, 'ticketRegistered', 'ticket-a', ticket(NINE, 'call-a'))
    .tell(NINE + 65 * SECOND, 'leftLine', 'call-a', { queue: 'refunds' })
    .tell(NINE + 90 * SECOND, 'ticketDue', 'ticket-a');
}

const CONNECTED = (diary: Diary, at: number) =>
  diary
    .tell(at, 'assigned', 'ticket-a', { ...ticket(NINE, ''), agentId: 'alice' })
    .tell(at, 'attemptStarted', 'ticket-a', { agentId: 'alice' })
    .tell(at + 20 * SECOND, 'customerConfirmed', 'ticket-a')
    .tell(at + 30 * SECOND, 'ticketConnected', 'ticket-a', { state: 'connected' });

describe('a report', () => {
  it('counts who was answered on hold, with the time from joining to the agent', async () => {
    const diary = new Diary()
      .call('call-a', NINE - 30 * SECOND, { connectedAt: NINE + 40 * SECOND })
      .joins(NINE, 'call-a', { waitSeconds: 60, lowSeconds: 50, highSeconds: 70 })
      .call('call-b', NINE, { connectedAt: NINE + 80 * SECOND })
      .joins(NINE + 20 * SECOND, 'call-b', { waitSeconds: 30 });
    expect(await figuresOf(diary)).toMatchObject({
      joined: 2,
      answeredOnHold: 2,
      holdAsaSeconds: 50,
      abandonedOnHold: 0,
      // 20 s too long for A, 30 s too short for B; A's band was 50 to 70 s.
      estimates: 2,
      estimateErrorSeconds: 25,
      estimateBiasSeconds: -5,
      bands: 1,
      bandCoverage: 0,
      callbackWaitSeconds: null,
    });
  });

  it('counts who hung up on hold', async () => {
    const end = { at: NINE + 90 * SECOND, outcome: 'abandonedOnHold' } as const;
    const diary = new Diary().call('call-a', NINE, { end }).joins(NINE, 'call-a');
    expect(await figuresOf(diary)).toMatchObject({
      joined: 1,
      abandonedOnHold: 1,
      abandonedAfterSeconds: 90,
      holdAsaSeconds: null,
    });
  });

  it('does not count as abandoned who took a ticket, whatever the end of that call', async () => {
    const end = { at: NINE + 90 * SECOND, outcome: 'abandonedOnHold' } as const;
    const diary = withTicket();
    diary.calls.length = 0;
    diary.call('call-a', NINE, { end, ticketId: 'ticket-a' });
    expect(await figuresOf(diary)).toMatchObject({ abandonedOnHold: 0, registered: 1, open: 1 });
  });

  it('keeps the wait of callbacks apart from hold, and counts what was not spent on the line', async () => {
    expect(await figuresOf(CONNECTED(withTicket(), NINE + 9 * MINUTE))).toMatchObject({
      joined: 1,
      offered: 1,
      accepted: 1,
      declined: 0,
      registered: 1,
      attempted: 1,
      attempts: 1,
      reached: 1,
      connected: 1,
      open: 0,
      holdAsaSeconds: null,
      callbackWaitSeconds: 570,
      // From taking the ticket until the telephone rang.
      holdSavedMinutes: 8,
      promised: 1,
      punctual: 1,
      early: 0,
      late: 0,
      punctuality: 1,
      // 600 s said at 10 s; rung at 540 s.
      estimates: 1,
      estimateErrorSeconds: 70,
      estimateBiasSeconds: 70,
      bandCoverage: 1,
    });
  });

  it.each([
    ['before the band', 7, { early: 1, punctual: 0, late: 0 }],
    ['at its beginning', 8 + 1 / 6, { early: 0, punctual: 1, late: 0 }],
    ['at its end', 12 + 1 / 6, { early: 0, punctual: 1, late: 0 }],
    ['after it', 12.2, { early: 0, punctual: 0, late: 1 }],
  ])('an attempt %s', async (_, minutes, expected) => {
    const diary = CONNECTED(withTicket(), NINE + Math.round(minutes * MINUTE));
    expect(await figuresOf(diary)).toMatchObject({ promised: 1, ...expected });
  });

  it('judges a booked time by its slot, and counts neither estimate nor saved hold', async () => {
    const slot = { slotFrom: NINE + 60 * MINUTE, slotTo: NINE + 75 * MINUTE };
    const diary = new Diary()
      .joins(NINE, 'call-a', { waitSeconds: 600, lowSeconds: 480, highSeconds: 720 })
      .tell(NINE + MINUTE, 'ticketRegistered', 'ticket-a', { ...ticket(NINE, 'call-a'), ...slot })
      .tell(NINE + 60 * MINUTE, 'ticketDue', 'ticket-a');
    expect(await figuresOf(CONNECTED(diary, NINE + 61 * MINUTE))).toMatchObject({
      promised: 1,
      punctual: 1,
      estimates: 0,
      holdSavedMinutes: 0,
      // The minute before booking, and from the slot on.
      callbackWaitSeconds: 150,
    });
  });

  it('does not count the night as saved hold, nor against the estimate', async () => {
    const diary = withTicket()
      .tell(NINE + 10 * MINUTE, 'ticketPaused', 'ticket-a', { because: 'closed', notBefore: 0 })
      .tell(NINE + 610 * MINUTE, 'ticketDue', 'ticket-a');
    expect(await figuresOf(CONNECTED(diary, NINE + 611 * MINUTE))).toMatchObject({
      estimates: 0,
      holdSavedMinutes: 10,
      promised: 1,
      late: 1,
    });
  });

  it('counts a caller who declines and later accepts as accepting once', async () => {
    const diary = new Diary()
      .joins(NINE, 'call-a')
      .tell(NINE + SECOND, 'callbackOffered', 'call-a')
      .tell(NINE + 2 * SECOND, 'callbackDeclined', 'call-a')
      .tell(NINE + 3 * SECOND, 'callbackOffered', 'call-a')
      .tell(NINE + 4 * SECOND, 'callbackDeclined', 'call-a')
      .tell(NINE + 5 * SECOND, 'callbackOffered', 'call-a')
      .tell(NINE + MINUTE, 'ticketRegistered', 'ticket-a', ticket(NINE, 'call-a'))
      .joins(NINE + MINUTE, 'call-b')
      .tell(NINE + 62 * SECOND, 'callbackOffered', 'call-b')
      .tell(NINE + 63 * SECOND, 'callbackDeclined', 'call-b');
    expect(await figuresOf(diary)).toMatchObject({ offered: 2, accepted: 1, declined: 1 });
  });

  it.each([
    ['ticketCancelled', { state: 'cancelled' }, 'cancelled'],
    ['ticketExpired', { state: 'expired' }, 'expired'],
    ['attemptEnded', { state: 'exhausted', cause: 'noAnswer' }, 'exhausted'],
    ['attemptEnded', { state: 'cancelled', cause: 'choseCancel' }, 'cancelled'],
  ])('counts how a ticket ended: %s %j', async (what, detail, count) => {
    const figures = await figuresOf(withTicket().tell(NINE + 9 * MINUTE, what, 'ticket-a', detail));
    expect(figures).toMatchObject({ registered: 1, open: 0, connected: 0, [count]: 1 });
  });

  it('counts everything in the hour in which somebody joined the line', async () => {
    const diary = CONNECTED(withTicket(), NINE + 185 * MINUTE).joins(NINE + 60 * MINUTE, 'call-b');
    const rows = await rowsOf(diary, { by: 'hour' });
    expect(
      rows.map(({ period, figures: { joined, connected } }) => [period, joined, connected]),
    ).toEqual([
      ['2026-11-25T09:00-05:00', 1, 1],
      ['2026-11-25T10:00-05:00', 1, 0],
    ]);
  });

  it('takes the days of each queue in its own time zone', async () => {
    const night = NINE - 9 * 60 * MINUTE;
    const diary = new Diary()
      .joins(night - 1, 'call-a')
      .joins(night, 'call-b')
      .joins(night + 4 * 60 * MINUTE - 1, 'call-c', { queue: 'alaska' })
      .joins(night + 4 * 60 * MINUTE, 'call-d', { queue: 'alaska' })
      .joins(night + 24 * 60 * MINUTE, 'call-e')
      .joins(night + 24 * 60 * MINUTE, 'call-f', { queue: 'alaska' });
    const rows = await rowsOf(diary);
    expect(rows.map(({ queue, figures: { joined } }) => [queue, joined])).toEqual([
      ['alaska', 2],
      ['refunds', 1],
    ]);
  });

  it('tells the two hours apart that a change of clocks makes of one', async () => {
    const first = Date.UTC(2026, 10, 1, 5, 30);
    const diary = new Diary().joins(first, 'call-a').joins(first + 60 * MINUTE, 'call-b');
    const day = Math.floor(first / 86_400_000);
    const rows = await rowsOf(diary, { by: 'hour', fromDay: day, toDay: day });
    expect(rows.map(({ period }) => period)).toEqual([
      '2026-11-01T01:00-04:00',
      '2026-11-01T01:00-05:00',
    ]);
  });

  it('follows a ticket beyond the days asked for, and leaves out who joined outside of them', async () => {
    const diary = CONNECTED(withTicket(), NINE + 2 * 1440 * MINUTE)
      .joins(NINE + 1440 * MINUTE, 'call-b')
      .joins(NINE - 1440 * MINUTE, 'call-c')
      .tell(NINE, 'ticketRegistered', 'ticket-c', ticket(NINE - 1440 * MINUTE, 'call-c'));
    expect(await figuresOf(diary)).toMatchObject({ joined: 1, registered: 1, connected: 1 });
  });

  it('counts again who comes back to the line, at the place of their ticket', async () => {
    const diary = withTicket()
      .tell(NINE + 5 * MINUTE, 'ticketCancelled', 'ticket-a', { because: 'returned' })
      .call('call-b', NINE + 4 * MINUTE, { connectedAt: NINE + 7 * MINUTE })
      .tell(NINE + 5 * MINUTE, 'returnedToLine', 'call-b', ticket(NINE, ''));
    expect(await figuresOf(diary)).toMatchObject({
      joined: 2,
      registered: 1,
      cancelled: 1,
      answeredOnHold: 1,
      holdAsaSeconds: 120,
    });
  });

  it('counts tickets made by API from their making on', async () => {
    const { callId: _, ...byApi } = ticket(NINE, '');
    const diary = new Diary().tell(NINE, 'ticketRegistered', 'ticket-a', {
      ...byApi,
      source: 'api',
    });
    expect(await figuresOf(CONNECTED(diary, NINE + 5 * MINUTE))).toMatchObject({
      joined: 0,
      offered: 0,
      registered: 1,
      connected: 1,
      callbackWaitSeconds: 330,
    });
  });

  it('counts by whom its people were overtaken', async () => {
    const diary = withTicket()
      .joins(NINE + 2 * MINUTE, 'call-b')
      .tell(NINE + 3 * MINUTE, 'assigned', 'call-b', {
        queue: 'refunds',
        agentId: 'bob',
        arrivedAt: NINE + 2 * MINUTE,
        arrivalSequence: 9,
      })
      .tell(NINE + 4 * MINUTE, 'ticketPaused', 'ticket-a', { because: 'dialling', notBefore: 0 })
      .tell(NINE + 4 * MINUTE, 'assigned', 'call-z', {
        queue: 'refunds',
        agentId: 'bob',
        arrivedAt: NINE + 3 * MINUTE,
        arrivalSequence: 10,
      });
    const figures = await figuresOf(diary);
    expect(figures).toMatchObject({
      overtakesUnexplained: 1,
      overtakesDialling: 1,
      overtakesBeingCalled: 1,
      overtakes: 3,
    });
  });

  it('is of one queue, if asked for', async () => {
    const diary = new Diary().joins(NINE, 'call-a').joins(NINE, 'call-b', { queue: 'general' });
    const rows = await rowsOf(diary, { queue: 'general' });
    expect(rows.map(({ queue }) => queue)).toEqual(['general']);
    expect((await rowsOf(diary)).map(({ queue }) => queue)).toEqual(['general', 'refunds']);
  });

  it.each([
    [DAY, DAY - 1],
    [DAY, DAY + MAX_REPORT_DAYS],
    [Number.NaN, DAY],
  ])('refuses days %d to %d', async (fromDay, toDay) => {
    await expect(rowsOf(new Diary(), { fromDay, toDay })).rejects.toThrow(RangeError);
  });

  it('lets other work be done meanwhile', async () => {
    const diary = new Diary();
    for (let n = 0; n < 1200; n += 1) diary.joins(NINE + n, `call-${n}`);
    let rests = 0;
    const breathe = () => Promise.resolve((rests += 1));
    await compileReport(
      diary,
      { fromDay: DAY, toDay: DAY, queue: undefined, by: 'queue' },
      { now: NINE * 2, breathe, timeZones: ZONES },
    );
    expect(rests).toBe(2);
  });
});
