import { defineConfig } from 'vitest/config';

/** Real servers have one set of ports; each server with an embedded switch has its own. */
const onRealServers = process.env['LINEKEEPER_SWITCH'] === 'external';

/**
 * One project per kind of test. `contract` and `faults` start processes and open sockets, so their
 * files run one after another, and so do `calls` on real servers; all else runs side by side.
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
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'calls',
          include: ['test/calls/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Calls mostly wait for what is said, so more of them go on at once than there are cores.
          maxWorkers: onRealServers ? 1 : 4,
          maxConcurrency: 8,
          sequence: { groupOrder: 1 },
          fileParallelism: !onRealServers,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
