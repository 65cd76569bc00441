import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../../src/store/store.ts';
import { describeAgeing } from './ageing-suite.ts';
import { describeApiRecords } from './api-suite.ts';
import { describeArchive } from './archive-suite.ts';
import type { StoreUnderTest } from './harness.ts';
import { describeStore } from './store-suite.ts';

const KINDS: readonly (readonly [name: string, prepare: () => StoreUnderTest])[] = [
  ['SQLite in memory', inMemory],
  ['an SQLite file', inFile],
];

function inMemory(): StoreUnderTest {
  return {
    open: () => createStore({ file: ':memory:' }),
    reopen: undefined,
    clear: async () => undefined,
  };
}

function inFile(): StoreUnderTest {
  const folder = mkdtemp(join(tmpdir(), 'linekeeper-store-'));
  const open = async () => createStore({ file: join(await folder, 'linekeeper.db') });
  return {
    open,
    reopen: open,
    clear: async () => rm(await folder, { recursive: true, force: true }),
  };
}

for (const [name, prepare] of KINDS) {
  describeStore(name, prepare);
  describeArchive(name, prepare);
  describeApiRecords(name, prepare);
  describeAgeing(name, prepare);
}
