import { extname, relative } from 'node:path';

/** Problems of one kind that are shown. */
const MAX_ALIKE = 10;

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
 *
 * Of many of a kind the first few, and how many more there are.
 */
export function formatProblems(problems: readonly Problem[]): string {
  const seen = new Map<string, number>();
  const count = (kind: string) => seen.get(kind) ?? 0;
  const first = problems.filter((problem) => {
    const kind = kindOf(problem);
    seen.set(kind, count(kind) + 1);
    return count(kind) <= MAX_ALIKE;
  });
  const lastOf = new Map(first.map((problem) => [kindOf(problem), problem]));
  return first
    .flatMap((problem) => {
      const kind = kindOf(problem);
      const more = lastOf.get(kind) === problem ? count(kind) - MAX_ALIKE : 0;
      const text = formatProblem(problem);
      return more > 0 ? [text, `  and ${more} more like this`] : [text];
    })
    .join('\n');
}

/** Alike is what is wrong for the same reason under one setting of one file; sounds are files themselves. */
function kindOf({ file, setting, message }: Problem): string {
  const group = setting.replace(/(?:^|[.[])[^.[]*$/u, '');
  const reason = message.replaceAll(/\S*[/\\]\S*/gu, '');
  return JSON.stringify([extname(file) === '.wav' ? '' : file, group, reason]);
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
