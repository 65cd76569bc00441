import { join } from 'node:path';
import type { SystemSettings } from '../config/configuration.ts';
import { createStore } from '../store/store.ts';
import { type Command, configurationFor, parseCommand, type Terminal } from './command.ts';

const OPTIONS = { 'dry-run': { type: 'boolean', default: false } } as const;

/** `linekeeper purge`: destroys what is over age now, in place of waiting for a server to do it. */
export const purge: Command = {
  takes: '[--dry-run]',
  does: 'destroy numbers and records that are over age, while no server runs',
  async run(args, terminal) {
    const { values } = parseCommand(args, terminal, OPTIONS);
    const configuration = await configurationFor(values.config, terminal);
    if (configuration === undefined) return 2;
    return await runPurge(configuration.system, values['dry-run'], terminal);
  },
};

/** @throws StoreFailure, also if a server has the database */
async function runPurge(
  { folders, retention }: Pick<SystemSettings, 'folders' | 'retention'>,
  isDryRun: boolean,
  terminal: Terminal,
): Promise<number> {
  const store = await createStore({ file: join(folders.data, 'linekeeper.db') });
  try {
    const now = terminal.now();
    const aged = isDryRun ? await store.agedOff(now, retention) : await store.purge(now, retention);
    // The bytes of what is gone may still stand in free pages.
    if (!isDryRun) await store.compact();
    const counted = aged.filter(({ count }) => count > 0);
    for (const { kind, count, before } of counted) {
      const day = new Date(before).toISOString().slice(0, 10);
      terminal.write(`${kind}: ${count} from before ${day}\n`);
    }
    if (counted.length === 0) terminal.write('Nothing is over age.\n');
    else if (!isDryRun) terminal.write('Destroyed. The ledger keeps a proof of each.\n');
    return 0;
  } finally {
    await store.close();
  }
}
