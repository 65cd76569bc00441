import { join } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { dateText } from '../domain/hours/zone-clock.ts';
import { startOfDay } from '../domain/report/period.ts';
import type { TimeSpan } from '../engine/archive.ts';
import { compare } from '../replay/compare.ts';
import { objectOf, type ReplayReport, tableOf } from '../replay/comparison-text.ts';
import { modelOf } from '../replay/day-model.ts';
import { recordedShifts } from '../replay/recorded-shifts.ts';
import { type Records, readRecords } from '../replay/records.ts';
import { openStoreReader } from '../store/reader.ts';
import {
  type Command,
  configurationFor,
  oneOf,
  parseCommand,
  type Terminal,
  UsageError,
} from './command.ts';
import { dayOf } from './site.ts';

const FORMATS = ['table', 'json'] as const;
type ReplayFormat = (typeof FORMATS)[number];

const MAX_DAYS = 31;
const MAX_RUNS = 1_000;

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  recorded: { type: 'string' },
  runs: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  format: { type: 'string', default: 'table' },
} as const;

/** What is asked for. */
interface ReplayRequest {
  readonly fromDay: number;
  readonly toDay: number;
  readonly runs: number;
  readonly seed: number;
  readonly format: ReplayFormat;
}

/** `linekeeper replay`: recorded days under another configuration (`docs/replay.md`). */
export const replay: Command = {
  takes:
    '--config FOLDER --from DATE [--to DATE] [--recorded FOLDER] [--runs N] [--seed N] [--format table|json]',
  does: 'recorded days under another configuration, side by side with their own',
  async run(args, terminal) {
    const { values } = parseCommand(args, terminal, OPTIONS);
    const request = requestOf(values);
    const recordedFolder = values.recorded ?? terminal.defaultConfig;
    if (values.config === recordedFolder) {
      throw new UsageError('--config names the folder of the other configuration');
    }
    const recorded = await configurationFor(recordedFolder, terminal);
    const other = await configurationFor(values.config, terminal);
    if (recorded === undefined || other === undefined) return 2;
    return await writeReplay({ recorded, other }, request, terminal);
  },
};

/**
 * @returns exit code: 1 if nobody called on these days
 * @throws StoreFailure
 */
async function writeReplay(
  plans: { readonly recorded: Configuration; readonly other: Configuration },
  request: ReplayRequest,
  terminal: Terminal,
): Promise<number> {
  const records = await recordsOf(plans.recorded, request);
  const model = modelOf(records);
  const days = { from: dateText(request.fromDay), to: dateText(request.toDay) };
  if (model.arrivals.length === 0) {
    terminal.complain(`Nobody joined a line from ${days.from} to ${days.to}: nothing to replay.\n`);
    return 1;
  }
  const shifts = recordedShifts(records.presences, records.span);
  if (shifts.size === 0) {
    terminal.complain(
      `No agent was ready from ${days.from} to ${days.to}, as far as the ledger tells: nothing to replay.\n`,
    );
    return 1;
  }
  const { runs, seed } = request;
  const report: ReplayReport = {
    days,
    runs,
    seed,
    callers: model.arrivals.length,
    agents: shifts.size,
    observed: model.observed,
    comparison: compare(model, plans, {
      runs,
      seed,
      shifts,
    }),
  };
  terminal.write(
    request.format === 'json'
      ? `${JSON.stringify(objectOf(report), undefined, 2)}\n`
      : tableOf(report),
  );
  return 0;
}

/** Read beside a running server, or without. @throws StoreFailure */
async function recordsOf(configuration: Configuration, request: ReplayRequest): Promise<Records> {
  const span = spanOf(configuration, request);
  const file = join(configuration.system.folders.data, 'linekeeper.db');
  const reader = openStoreReader({ file });
  try {
    return await readRecords(reader, span);
  } finally {
    await reader.close();
  }
}

/** Days are reckoned in the time zone of the first queue. */
function spanOf({ queues, hours }: Configuration, { fromDay, toDay }: ReplayRequest): TimeSpan {
  const [queue] = queues.values();
  const timeZone = hours.get(queue?.hours ?? '')?.timeZone ?? 'UTC';
  return { from: startOfDay(timeZone, fromDay), to: startOfDay(timeZone, toDay + 1) };
}

function requestOf(values: {
  readonly from?: string;
  readonly to?: string;
  readonly runs: string;
  readonly seed: string;
  readonly format: string;
}): ReplayRequest {
  if (values.from === undefined) throw new UsageError('--from is missing');
  const fromDay = dayOf('from', values.from);
  const toDay = values.to === undefined ? fromDay : dayOf('to', values.to);
  if (toDay < fromDay) throw new UsageError('--to is before --from');
  if (toDay - fromDay >= MAX_DAYS) throw new UsageError(`a replay spans at most ${MAX_DAYS} days`);
  return {
    fromDay,
    toDay,
    runs: wholeNumber('runs', values.runs, 1, MAX_RUNS),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
    format: oneOf('format', values.format, FORMATS),
  };
}

/** @throws UsageError */
function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/u.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name}: "${text}" is not a whole number from ${least} to ${most}`);
}
