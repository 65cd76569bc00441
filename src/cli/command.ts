import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';

/** One thing that `linekeeper` can do. */
export interface Command {
  /** What follows its name, for the usage: `TICKET [--format text|html]`. */
  readonly takes: string;
  /** One line for the usage. */
  readonly does: string;
  /**
   * @param args what followed its name, options of its own included
   * @returns exit code: 0 good, 1 failed, 2 wrong usage or files that cannot be read
   * @throws TypeError for options that it does not have; UsageError
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Where a command speaks. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The configuration folder unless `--config` says otherwise. */
  readonly defaultConfig: string;
  /** Milliseconds since the epoch. */
  now(): number;
  write(text: string): void;
  complain(text: string): void;
}

/** A command was called in a way that it does not know; the message says what it takes. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Options of a command, `--config` included, and exactly as many other arguments as it takes.
 * @throws TypeError, UsageError
 */
export function parseCommand<Own extends Options>(
  args: readonly string[],
  terminal: Terminal,
  own: Own,
  takes: readonly string[] = [],
) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...own, config: { type: 'string', default: terminal.defaultConfig } },
  });
  const tooMany = positionals[takes.length];
  if (tooMany !== undefined) throw new UsageError(`"${tooMany}" is one argument too many`);
  const missing = takes[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  return { values, positionals };
}

/** The configuration of a folder; undefined after its problems have been told. */
export async function configurationFor(
  folder: string,
  terminal: Terminal,
): Promise<Configuration | undefined> {
  const loaded = await loadConfiguration(folder, terminal.environment);
  if (loaded.ok) return loaded.configuration;
  terminal.complain(`${formatProblems(loaded.problems)}\n`);
  return undefined;
}

/** The value of an option that has few. @throws UsageError */
export function oneOf<Value extends string>(
  name: string,
  value: string,
  allowed: readonly Value[],
): Value {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${name}: "${value}" is not one of ${allowed.join(', ')}`);
}
