import type { Compared, Comparison, FigureName } from './compare.ts';
import { FIGURE_NAMES } from './compare.ts';
import type { Confident } from './confidence.ts';
import type { Observed } from './day-model.ts';

/** What a replay was of, and what it found. */
export interface ReplayReport {
  /** Local dates, the last one included. */
  readonly days: { readonly from: string; readonly to: string };
  readonly callers: number;
  readonly agents: number;
  readonly runs: number;
  readonly seed: number;
  readonly observed: Observed;
  readonly comparison: Comparison;
}

const LABELS: Readonly<Record<FigureName, string>> = {
  holdAsaSeconds: 'hold ASA, s',
  callbackWaitSeconds: 'callback wait, s',
  abandonedPercent: 'abandoned on hold, %',
  turnedAway: 'turned away',
  offered: 'offered a callback',
  accepted: 'accepted',
  connected: 'connected by callback',
  holdMinutesSaved: 'hold saved, min',
  occupancyPercent: "agents' occupancy, %",
};

/** Both configurations side by side, with 95 % confidence. */
export function tableOf(report: ReplayReport): string {
  const { days, callers, agents, runs, seed, comparison } = report;
  const span = days.from === days.to ? days.from : `${days.from} to ${days.to}`;
  const rows = FIGURE_NAMES.map((name) => {
    const { recorded, other, difference } = comparison[name];
    return [
      LABELS[name],
      wasText(name, report.observed),
      interval(recorded),
      interval(other),
      interval(difference) + (isSure(difference) ? ' *' : ''),
    ];
  });
  const head = ['', 'as it was', 'recorded', 'other', 'difference'];
  return [
    `Replay of ${span}: ${callers} callers, ${agents} agents, ${runs} runs, seed ${seed}.`,
    '',
    ...aligned([head, ...rows]),
    '',
    'Means with 95 % confidence. *: the difference is not by chance.',
    '',
  ].join('\n');
}

/** The same for programs: means with the ends of their intervals. */
export function objectOf(report: ReplayReport): object {
  const { observed, comparison, ...known } = report;
  return {
    ...known,
    observed: { ...observed, holdAsaSeconds: observed.holdAsaSeconds ?? null },
    figures: Object.fromEntries(FIGURE_NAMES.map((name) => [name, finite(comparison[name])])),
  };
}

/** JSON knows no infinity: an interval that one run does not give is null. */
function finite(compared: Compared): object {
  const ends = ({ mean, low, high }: Confident) =>
    Number.isFinite(low) ? { mean, low, high } : { mean, low: null, high: null };
  return {
    recorded: ends(compared.recorded),
    other: ends(compared.other),
    difference: ends(compared.difference),
  };
}

function wasText(name: FigureName, observed: Observed): string {
  switch (name) {
    case 'holdAsaSeconds':
      return observed.holdAsaSeconds === undefined ? '' : rounded(observed.holdAsaSeconds);
    case 'abandonedPercent':
      return rounded(100 * observed.abandonedShare);
    case 'offered':
      return rounded(observed.offered);
    case 'accepted':
      return rounded(observed.registered);
    case 'connected':
      return rounded(observed.connected);
    case 'callbackWaitSeconds':
    case 'turnedAway':
    case 'holdMinutesSaved':
    case 'occupancyPercent':
      return '';
  }
}

function interval({ mean, low, high }: Confident): string {
  return Number.isFinite(low) ? `${rounded(mean)} ± ${rounded((high - low) / 2)}` : rounded(mean);
}

/** Whether the interval leaves out zero. */
function isSure({ low, high }: Confident): boolean {
  return low > 0 || high < 0;
}

function rounded(value: number): string {
  return value.toFixed(Math.abs(value) < 1000 ? 1 : 0);
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
