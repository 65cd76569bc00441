import { relative } from 'node:path';

/** One thing that is wrong with a configuration, and where. */
export interface Problem {
  /** `unreadable`: a file or folder could not be read at all. */
  readonly kind: 'wrong' | 'unreadable';
  /** File as a path, or `environment`. */
  readonly file: string;
  /** From 1; undefined if the problem has no one place. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The setting, such as `menus.main.keys.1.queue`; empty for a whole file. */
  readonly setting: string;
  /** What is wrong, in words. */
  readonly message: string;
  /** What was written, shortened; secrets are never shown. */
  readonly value: string | undefined;
  /** What may be written instead. */
  readonly allowed: string | undefined;
}

/** Where a problem lies, without saying what it is. */
export type ProblemPlace = Pick<Problem, 'file' | 'line' | 'column' | 'setting' | 'value'>;

/**
 * Problems as text for a terminal or log, one after another:
 *
 *     config/menus.yaml:14:12: menus.main.keys.1.queue: no queue has this name
 *       value:   "refund"
 *       allowed: general, refunds (did you mean refunds?)
 */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined);
  const heads = [place.join(':'), problem.setting, problem.message].filter((part) => part !== '');
  const lines = [heads.join(': ')];
  if (problem.value !== undefined) lines.push(`  value:   ${problem.value}`);
  if (problem.allowed !== undefined) lines.push(`  allowed: ${problem.allowed}`);
  return lines.join('\n');
}

/** By place in the files, which come in the order of `files`; what lies elsewhere comes first. */
export function sortProblems(
  problems: readonly Problem[],
  files: readonly string[],
): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

/** A path as the operator would write it: from where they stand, if it is below. */
export function displayed(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') || near === '' ? path : near;
}
