import { type App, startApp } from './app.ts';
import { welcome } from './cli/welcome.ts';
import type { Environment } from './config/environment.ts';
import { loadConfiguration } from './config/load.ts';
import { formatProblems } from './config/problem.ts';
import { watchConfiguration } from './config/watch.ts';
import { createClock } from './observe/clock.ts';
import { createIds } from './observe/ids.ts';
import { createLog } from './observe/log.ts';

/** How long calls may go on after the first signal to stop. */
const DRAIN_MS = 60_000;

/**
 * `linekeeper start`: serves until SIGTERM or SIGINT. The first signal lets calls come to their end
 * (a minute at most), the second ends them.
 * @returns exit code: 0 stopped as asked, 1 could not start, 2 the configuration is wrong
 */
export async function runServer(options: {
  readonly folder: string;
  readonly environment: Environment;
}): Promise<number> {
  const loaded = await loadConfiguration(options.folder, options.environment);
  if (!loaded.ok) {
    process.stderr.write(`${formatProblems(loaded.problems)}\n`);
    return 2;
  }
  const initial = loaded.configuration;
  const log = createLog({ level: initial.system.logLevel, pretty: process.stdout.isTTY });
  for (const warning of loaded.warnings) log.warn(warning);
  const holder = watchConfiguration({ ...options, initial, log });
  try {
    const configuration = () => holder.current();
    const app = await startApp({ configuration, clock: createClock(), ids: createIds(), log });
    holder.subscribe(() => {
      app.configurationChanged();
    });
    process.stdout.write(welcome(initial, app));
    await untilStopped(app);
    return 0;
  } catch (error) {
    process.stderr.write(`linekeeper: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    holder.close();
  }
}

async function untilStopped(app: App): Promise<void> {
  await signal();
  process.stdout.write('Stopping: calls under way may end first. Once more ends them now.\n');
  await Promise.race([app.drain(DRAIN_MS), signal()]);
  await app.stop();
}

/** Resolves on the next SIGTERM or SIGINT. */
function signal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
