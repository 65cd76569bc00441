import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../../src/store/store.ts';
import { describeStore } from './store-suite.ts';

describeStore('SQLite in memory', () => ({
  open: () => createStore({ file: ':memory:' }),
  reopen: undefined,
  clear: async () => undefined,
}));

describeStore('an SQLite file', () => {
  const folder = mkdtemp(join(tmpdir(), 'linekeeper-store-'));
  const open = async () => createStore({ file: join(await folder, 'linekeeper.db') });
  return {
    open,
    reopen: open,
    clear: async () => rm(await folder, { recursive: true, force: true }),
  };
});
