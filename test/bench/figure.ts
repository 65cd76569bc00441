/** One measured value that has a goal; the form of the JSON file. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value is to stay under this; undefined where more is better. */
  readonly goal: number | undefined;
  /** Nor is it to fall under this, where that would be as bad. */
  readonly least?: number;
  readonly ok: boolean;
}

/** A value without a goal, by which a figure is understood: a baseline, a share, a ratio. */
export interface Remark {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** What one bench found. */
export interface Findings {
  readonly figures: readonly Figure[];
  readonly remarks: readonly Remark[];
}

/** A figure whose value ought to stay under its goal. */
export function under(name: string, value: number, unit: string, goal: number): Figure {
  return { name, value: rounded(value), unit, goal, ok: value < goal };
}

/** A figure whose value ought to reach its goal. */
export function atLeast(name: string, value: number, unit: string, least: number): Figure {
  return { name, value: rounded(value), unit, goal: undefined, least, ok: value >= least };
}

/** A figure whose value ought to lie between two goals. */
export function between(
  name: string,
  value: number,
  unit: string,
  least: number,
  goal: number,
): Figure {
  return { name, value: rounded(value), unit, goal, least, ok: least <= value && value < goal };
}

/** A remark beside the figures. */
export function remark(name: string, value: number, unit: string): Remark {
  return { name, value: rounded(value), unit };
}

/** The value that `share` of all stay at or under (nearest rank). @throws if there is none */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Figures and remarks as lines for people. */
export function table({ figures, remarks }: Findings): string {
  const rows = [
    ...figures.map(({ name, value, unit, goal, least, ok }) => [
      name,
      String(value),
      unit,
      `${ok ? 'good' : 'MISSED'}, goal ${goalText(least, goal)}`,
    ]),
    ...remarks.map(({ name, value, unit }) => [`  ${name}`, String(value), unit, '']),
  ];
  const nameWidth = Math.max(...rows.map(([name = '']) => name.length));
  return rows
    .map(([name = '', value = '', unit = '', verdict = '']) =>
      `${name.padEnd(nameWidth)}  ${value.padStart(9)} ${unit.padEnd(8)} ${verdict}`.trimEnd(),
    )
    .join('\n');
}

function goalText(least: number | undefined, goal: number | undefined): string {
  if (goal === undefined) return `at least ${least}`;
  return least === undefined ? `under ${goal}` : `${least} to ${goal}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
