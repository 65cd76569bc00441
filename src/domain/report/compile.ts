import type { CallRecord } from '../call/call-record.ts';
import { type DayNumber, dateText } from '../hours/zone-clock.ts';
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
  /** First and last day, both included, in each queue's own time zone. */
  readonly fromDay: DayNumber;
  readonly toDay: DayNumber;
  /** Undefined: all queues. */
  readonly queue: QueueId | undefined;
  readonly by: Grain;
}

/** A row for each queue and period in which somebody joined the line, by queue and time. */
export interface Report {
  /** First and last day, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
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

interface TimeSpan {
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

/** What a report is compiled in. */
export interface ReportSetting {
  readonly now: EpochMs;
  /** Of each queue that is configured; any other has the first of them. */
  readonly timeZones: ReadonlyMap<QueueId, string>;
  /** Lets other work be done, as `setImmediate` does; asked for every few milliseconds. */
  readonly breathe: () => Promise<unknown>;
}

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
  const days = request.toDay - request.fromDay + 1;
  if (!(days >= 1 && days <= MAX_REPORT_DAYS)) {
    throw new RangeError(`a report spans 1 to ${MAX_REPORT_DAYS} days, not ${days}`);
  }
  const book = new TallyBook();
  const fold = new ReportFold({ tallyFor: tallies(book, request, setting) });
  const zones = [...setting.timeZones.values(), zoneOf(setting, '')];
  const spans = zones.map((zone) => daysIn(zone, request));
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
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
    from: dateText(request.fromDay),
    to: dateText(request.toDay),
    by: request.by,
    rows,
    givenUp: fold.givenUp,
  };
}

function tallies(
  book: TallyBook,
  request: ReportRequest,
  setting: ReportSetting,
): (queue: QueueId, at: EpochMs) => Tally | undefined {
  const spans = new Map<string, TimeSpan>();
  return (queue, at) => {
    if (request.queue !== undefined && queue !== request.queue) return undefined;
    const zone = zoneOf(setting, queue);
    const span = spans.get(zone) ?? daysIn(zone, request);
    spans.set(zone, span);
    if (at < span.from || at >= span.to) return undefined;
    return book.at(queue, periodOf(request.by, zone, at));
  };
}

function zoneOf({ timeZones }: ReportSetting, queue: QueueId): string {
  const [first = 'UTC'] = timeZones.values();
  return timeZones.get(queue) ?? first;
}

function daysIn(zone: string, { fromDay, toDay }: ReportRequest): TimeSpan {
  return { from: startOfDay(zone, fromDay), to: startOfDay(zone, toDay + 1) };
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
