import type { CallRecord } from '../call/call-record.ts';
import { DAY_MS, type DayNumber } from '../hours/zone-clock.ts';
import type { EpochMs, QueueId } from '../ids.ts';
import type { RecordedFact } from '../queue/line-fact.ts';
import { type Figures, figuresOf } from './figures.ts';
import { ReportFold, TallyBook } from './fold.ts';
import { type Grain, periodOf, startOfDay } from './period.ts';
import type { Tally } from './tally.ts';

/** Days that one report may span. */
export const MAX_REPORT_DAYS = 400;

/** What is asked for. */
export interface ReportRequest {
  /** When people joined the line who are counted, for queues of a time zone. */
  readonly spanIn: (timeZone: string) => TimeSpan;
  /** Undefined: all queues. */
  readonly queue: QueueId | undefined;
  readonly by: Grain;
}

/** Whole days, both included, in each queue's own time zone. */
export function wholeDays(fromDay: DayNumber, toDay: DayNumber): ReportRequest['spanIn'] {
  return (zone) => ({ from: startOfDay(zone, fromDay), to: startOfDay(zone, toDay + 1) });
}

/** A row for each queue and period in which somebody joined the line, by queue and time. */
export interface Report {
  readonly by: Grain;
  readonly rows: readonly ReportRow[];
  /** People whose way could not be followed to its end because there were too many at once. */
  readonly givenUp: number;
}

export interface ReportRow {
  readonly queue: QueueId;
  /** `2026-11-25T09:00-05:00`, `2026-11-25`, or nothing for the whole. */
  readonly period: string;
  readonly figures: Figures;
}

interface Page<Cursor> {
  readonly after: Cursor | undefined;
  readonly limit: number;
}

export interface TimeSpan {
  readonly from: EpochMs;
  /** Excluded. */
  readonly to: EpochMs;
}

type ReportFact = RecordedFact & { readonly position: number };

/** What reports are made of, in pages; the store's archive is one. */
export interface ReportRecords {
  callsBetween(
    span: TimeSpan,
    page: Page<Pick<CallRecord, 'startedAt' | 'id'>>,
  ): Promise<readonly CallRecord[]>;
  ledgerBetween(
    span: TimeSpan,
    page: Page<Pick<ReportFact, 'at' | 'position'>>,
  ): Promise<readonly ReportFact[]>;
}

/** What a report is compiled in. A queue that is not configured any more has any of the time zones. */
export interface ReportSetting {
  /** Lets other work be done, as `setImmediate` does; asked for every few milliseconds. */
  readonly breathe: () => Promise<unknown>;
  readonly now: EpochMs;
  readonly timeZoneOf: (queue: QueueId) => string;
  readonly timeZones: readonly string[];
}

/** Days begin at different times in different zones. */
const MAX_SPAN_MS = (MAX_REPORT_DAYS + 2) * DAY_MS;
const PAGE_SIZE = 1_000;
/** Facts and overtakes that are taken up without a rest. */
const WORK_AT_A_TIME = 500;
/** A call joins the line at most this long after it began. */
const LONGEST_MENU_MS = 3_600_000;
/** A ticket ends at most this long after its day; slots and nights included. */
const LONGEST_TICKET_MS = 60 * 86_400_000;

/**
 * Reads the days asked for, and on until all who joined then have come to their end, or until now.
 * @throws RangeError for an unknown time zone or too many days; whatever the records throw
 */
export async function compileReport(
  records: ReportRecords,
  request: ReportRequest,
  setting: ReportSetting,
): Promise<Report> {
  const spans = setting.timeZones.map(request.spanIn);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  if (!(from < to && to - from <= MAX_SPAN_MS)) {
    throw new RangeError(`a report spans more than nothing and at most ${MAX_REPORT_DAYS} days`);
  }
  const book = new TallyBook();
  const fold = new ReportFold({ tallyFor: tallies(book, request, setting) });
  const end = Math.min(setting.now + 1, to + LONGEST_TICKET_MS);
  const calls = callsOf(records, { from: from - LONGEST_MENU_MS, to });
  let call = await calls.next();
  let rested = 0;
  for await (const fact of factsOf(records, { from, to: end })) {
    while (call.done !== true && call.value.startedAt <= fact.at) {
      fold.takeCall(call.value);
      call = await calls.next();
    }
    if (fold.work - rested > WORK_AT_A_TIME) {
      rested = fold.work;
      await setting.breathe();
    }
    if (fact.at >= to && fold.followed === 0) break;
    fold.takeFact(fact);
  }
  const rows = [...book.rows()].map(({ queue, period, tally }) => ({
    queue,
    period,
    figures: figuresOf(tally),
  }));
  return {
    by: request.by,
    rows,
    givenUp: fold.givenUp,
  };
}

function tallies(
  book: TallyBook,
  request: ReportRequest,
  { timeZoneOf }: ReportSetting,
): (queue: QueueId, at: EpochMs) => Tally | undefined {
  const spans = new Map<string, TimeSpan>();
  return (queue, at) => {
    if (request.queue !== undefined && queue !== request.queue) return undefined;
    const zone = timeZoneOf(queue);
    const span = spans.get(zone) ?? request.spanIn(zone);
    spans.set(zone, span);
    if (at < span.from || at >= span.to) return undefined;
    return book.at(queue, periodOf(request.by, zone, at));
  };
}

async function* callsOf(records: ReportRecords, span: TimeSpan): AsyncGenerator<CallRecord> {
  let after: CallRecord | undefined;
  for (;;) {
    const page = await records.callsBetween(span, { after, limit: PAGE_SIZE });
    yield* page;
    after = page.at(-1);
    if (after === undefined) return;
  }
}

async function* factsOf(records: ReportRecords, span: TimeSpan): AsyncGenerator<ReportFact> {
  let after: ReportFact | undefined;
  for (;;) {
    const page = await records.ledgerBetween(span, { after, limit: PAGE_SIZE });
    yield* page;
    after = page.at(-1);
    if (after === undefined) return;
  }
}
