import type { Report, ReportRow } from './compile.ts';
import { FIGURE_NAMES, type FigureName, type Figures } from './figures.ts';

/** A report as JSON says it; its rows have the same names and numbers as the CSV. */
export interface ReportObject extends Omit<Report, 'rows'> {
  readonly rows: readonly ({ readonly queue: string; readonly period: string } & Figures)[];
}

/** The report as JSON says it. */
export function objectOf(report: Report): ReportObject {
  const rows = report.rows.map(({ queue, period, figures }) => ({ queue, period, ...figures }));
  return { ...report, rows };
}

/** The rows as CSV with a header (RFC 4180): CRLF, and an empty field for null. */
export function csvOf(report: Report): string {
  const lines = [
    ['queue', 'period', ...FIGURE_NAMES],
    ...report.rows.map(({ queue, period, figures }) => [
      field(queue),
      period,
      ...FIGURE_NAMES.map((name) => figures[name] ?? ''),
    ]),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** Columns of the table for people. */
const SHOWN: readonly (readonly [title: string, figure: FigureName])[] = [
  ['joined', 'joined'],
  ['answered', 'answeredOnHold'],
  ['ASA s', 'holdAsaSeconds'],
  ['abandoned', 'abandonedOnHold'],
  ['offered', 'offered'],
  ['accepted', 'accepted'],
  ['tickets', 'registered'],
  ['reached', 'reached'],
  ['connected', 'connected'],
  ['open', 'open'],
  ['wait s', 'callbackWaitSeconds'],
  ['punctual', 'punctuality'],
  ['error s', 'estimateErrorSeconds'],
  ['saved min', 'holdSavedMinutes'],
  ['overtakes', 'overtakes'],
  ['unexplained', 'overtakesUnexplained'],
];

/** The figures that people look at first, in columns; `-` for nothing to take the mean of. */
export function tableOf(report: Report): string {
  const hasPeriods = report.rows.some(({ period }) => period !== '');
  const head = ['queue', ...(hasPeriods ? ['period'] : []), ...SHOWN.map(([title]) => title)];
  const body = report.rows.map((row) => [
    row.queue,
    ...(hasPeriods ? [row.period] : []),
    ...SHOWN.map(([, name]) => cell(row, name)),
  ]);
  const lines = [head, ...body];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const texts = hasPeriods ? 2 : 1;
  return lines
    .map((line) =>
      line
        .map((text, column) => {
          const width = widths[column] ?? 0;
          return column < texts ? text.padEnd(width) : text.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function cell({ figures }: ReportRow, name: FigureName): string {
  const value = figures[name];
  if (value === null) return '-';
  return name === 'punctuality' ? `${Math.round(value * 100)} %` : String(value);
}

/** Quoted where it must be. */
function field(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
