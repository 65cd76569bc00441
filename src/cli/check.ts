import type { Configuration } from '../config/configuration.ts';
import type { Environment } from '../config/environment.ts';
import { loadConfiguration } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';

/** Exit codes of `linekeeper check`. */
const GOOD = 0;
const WRONG = 1;
const UNREADABLE = 2;

/**
 * `linekeeper check`: tells of every problem in a configuration folder, or what it amounts to.
 *
 * @param write gets lines without line feed
 * @returns exit code: 0 good, 1 problems, 2 files that cannot be read
 */
export async function runCheck(
  folder: string,
  environment: Environment,
  write: (line: string) => void,
): Promise<0 | 1 | 2> {
  const result = await loadConfiguration(folder, environment);
  if (!result.ok) {
    write(formatProblems(result.problems));
    write('');
    write(
      `${counted(result.problems.length, 'problem')} in ${folder}. A running Linekeeper keeps its last good configuration.`,
    );
    return result.problems.some(({ kind }) => kind === 'unreadable') ? UNREADABLE : WRONG;
  }
  for (const warning of result.warnings) write(`warning: ${warning}`);
  write(`${folder} is good: ${summary(result.configuration)}.`);
  return GOOD;
}

function summary(configuration: Configuration): string {
  const parts = [
    counted(configuration.entryPoints.size, 'number'),
    counted(configuration.menus.size, 'menu'),
    counted(configuration.queues.size, 'queue'),
    counted(configuration.agents.size, 'agent'),
    counted(configuration.trunks.size, 'trunk'),
    counted(configuration.prompts.size, 'prompt'),
  ];
  return `${parts.join(', ')}; ${configuration.system.switch} switch`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
