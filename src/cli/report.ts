import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  compileReport,
  MAX_REPORT_DAYS,
  type Report,
  type ReportRequest,
} from '../domain/report/compile.ts';
import { GRAINS } from '../domain/report/period.ts';
import { csvOf, objectOf, tableOf } from '../domain/report/text.ts';
import { type Command, oneOf, parseCommand, type Terminal, UsageError } from './command.ts';
import { dayOf, type Site, siteFor, withRecords } from './site.ts';

const FORMATS = ['table', 'csv', 'json'] as const;
export type ReportFormat = (typeof FORMATS)[number];

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  queue: { type: 'string' },
  by: { type: 'string', default: 'day' },
  format: { type: 'string', default: 'table' },
} as const;

/** `linekeeper report`: the figures of `docs/reports.md`, beside a running server. */
export const report: Command = {
  takes: '--from DATE [--to DATE] [--queue QUEUE] [--by hour|day|queue] [--format table|csv|json]',
  does: 'how many took a callback, were reached and connected, and how long all waited',
  async run(args, terminal) {
    const { values } = parseCommand(args, terminal, OPTIONS);
    const format = oneOf('format', values.format, FORMATS);
    const request = requestOf(values);
    const site = await siteFor(values.config, terminal);
    return site === undefined ? 2 : await writeReport(site, request, format, terminal);
  },
};

/** @throws StoreFailure; UsageError for a queue that never was */
export async function writeReport(
  site: Site,
  request: ReportRequest,
  format: ReportFormat,
  terminal: Terminal,
): Promise<number> {
  const compiled = await withRecords(site, (records) =>
    compileReport(records, request, {
      breathe: nextTurn,
      now: terminal.now(),
      timeZones: site.timeZones,
    }),
  );
  const { queue } = request;
  if (queue !== undefined && compiled.rows.length === 0 && !site.timeZones.has(queue)) {
    const known = [...site.timeZones.keys()].join(', ');
    throw new UsageError(`--queue: there is no queue "${queue}"; there are ${known}`);
  }
  terminal.write(TEXTS[format](compiled));
  if (compiled.givenUp > 0) {
    terminal.complain(`${compiled.givenUp} people could not be followed to their end.\n`);
  }
  return 0;
}

const TEXTS: Readonly<Record<ReportFormat, (compiled: Report) => string>> = {
  table: (compiled) =>
    compiled.rows.length === 0 ? 'Nobody joined a line on these days.\n' : tableOf(compiled),
  csv: csvOf,
  json: (compiled) => `${JSON.stringify(objectOf(compiled), undefined, 2)}\n`,
};

function requestOf(values: {
  readonly from?: string;
  readonly to?: string;
  readonly queue?: string;
  readonly by: string;
}): ReportRequest {
  if (values.from === undefined) throw new UsageError('--from is missing');
  const fromDay = dayOf('from', values.from);
  const toDay = values.to === undefined ? fromDay : dayOf('to', values.to);
  if (toDay < fromDay) throw new UsageError('--to is before --from');
  if (toDay - fromDay >= MAX_REPORT_DAYS) {
    throw new UsageError(`a report spans at most ${MAX_REPORT_DAYS} days`);
  }
  return { fromDay, toDay, queue: values.queue, by: oneOf('by', values.by, GRAINS) };
}
