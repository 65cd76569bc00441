import type { CallRecord } from '../../../../src/domain/call/call-record.ts';
import type { CallId } from '../../../../src/domain/ids.ts';
import type { RecordedFact } from '../../../../src/domain/queue/line-fact.ts';
import type { ReportRecords } from '../../../../src/domain/report/compile.ts';

type Detail = RecordedFact['detail'];

/** Records written by hand, and read in pages of two, so that every page ends somewhere. */
export class Diary implements ReportRecords {
  readonly facts: (RecordedFact & { readonly position: number })[] = [];
  readonly calls: CallRecord[] = [];

  tell(at: number, what: string, about: string, detail: Detail = {}): this {
    this.facts.push({ position: this.facts.length + 1, at, what, about, detail });
    return this;
  }

  /** A caller joins the line. Their place is the time. */
  joins(at: number, id: CallId, more: Detail = {}): this {
    return this.tell(at, 'joinedLine', id, {
      queue: 'refunds',
      arrivedAt: at,
      arrivalSequence: this.facts.length,
      ...more,
    });
  }

  /** The row of an inbound call. */
  call(id: CallId, startedAt: number, rest: Partial<CallRecord> = {}): this {
    this.calls.push({
      id,
      direction: 'inbound',
      trunk: 'carrier',
      dnis: '+18005550100',
      party: undefined,
      startedAt,
      queue: 'refunds',
      ticketId: undefined,
      connectedAt: undefined,
      end: undefined,
      ...rest,
    });
    return this;
  }

  callsBetween: ReportRecords['callsBetween'] = ({ from, to }, { after }) => {
    const all = this.calls
      .filter(({ startedAt }) => startedAt >= from && startedAt < to)
      .toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after.id) + 1;
    return Promise.resolve(all.slice(start, start + 2));
  };

  ledgerBetween: ReportRecords['ledgerBetween'] = ({ from, to }, { after }) => {
    const all = this.facts
      .filter(({ at }) => at >= from && at < to)
      .toSorted((a, b) => a.at - b.at || a.position - b.position);
    const start =
      after === undefined ? 0 : all.findIndex((fact) => fact.position === after.position) + 1;
    return Promise.resolve(all.slice(start, start + 2));
  };
}
