import type { LedgerFact } from '../../../src/engine/ports.ts';

interface Line {
  readonly at: number;
  readonly text: string;
}

/** Older lines make room. */
const MOST_LINES = 400_000;

/** Thrown where a rule of the house did not hold, with what happened to those concerned. */
export class BrokenPromise extends Error {
  /** The rule alone, by which two failures are known to be alike. */
  readonly rule: string;

  constructor(rule: string, about: readonly string[], history: readonly string[]) {
    super([`${rule} (${about.join(', ')})`, ...history].join('\n  '));
    this.name = 'BrokenPromise';
    this.rule = rule;
  }
}

/** Tells of a rule that did not hold; ids of those whom it is about. */
export type Breaks = (rule: string, about: readonly string[]) => void;

/** What happened in a simulated day, for the few days that are read by people. */
export class Diary {
  #lines: Line[] = [];

  write(at: number, text: string): void {
    this.#lines.push({ at, text });
    if (this.#lines.length > MOST_LINES) this.#lines = this.#lines.slice(MOST_LINES / 2);
  }

  fact({ at, about, what, detail }: LedgerFact): void {
    this.write(at, `${about}: ${what} ${JSON.stringify(detail)}`);
  }

  /** The last lines that name somebody, oldest first. */
  lastOf(about: readonly string[], most: number): readonly string[] {
    const names = about.map((id) => new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'u'));
    return this.#lines
      .filter(({ text }) => names.some((name) => name.test(text)))
      .slice(-most)
      .map(({ at, text }) => `${new Date(at).toISOString().slice(11, 23)} ${text}`);
  }
}
