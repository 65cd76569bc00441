import { defineConfig } from 'vitest/config';

/** Real servers have one set of ports; each server with an embedded switch has its own. */
const onRealServers = process.env['LINEKEEPER_SWITCH'] === 'external';

/** What starts servers mostly waits, so more goes on at once than there are cores. */
const besideOthers = { fileParallelism: !onRealServers, maxWorkers: onRealServers ? 1 : 4 };

/**
 * One project per kind of test, in three groups one after another: rules, then the contracts of
 * switch and store, then calls through everything. On real servers one file goes at a time.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
          ...besideOthers,
        },
      },
      {
        test: {
          name: 'calls',
          include: ['test/calls/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxConcurrency: 8,
          sequence: { groupOrder: 2 },
          ...besideOthers,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
          ...besideOthers,
        },
      },
      { test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
