import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createStore } from '../../../src/store/store.ts';

const CHILD = fileURLToPath(new URL('committing-child.ts', import.meta.url));

/** Lets a child commit until it has printed `count` numbers, and kills it in the middle of more. */
async function commitAndKill(file: string, count: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const printed: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(Number(line));
    if (printed.length === count) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  expect(signal).toBe('SIGKILL');
  return printed;
}

test('after kill -9 every commit that resolved is there, in order, and the chain is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-kill-'));
  try {
    const file = join(folder, 'linekeeper.db');
    const promised: number[] = [];
    for (const count of [1, 150, 400]) {
      promised.push(...(await commitAndKill(file, count)));
      const store = await createStore({ file });
      const kept = (await store.openTickets()).map((ticket) => ticket.arrivalSequence);
      expect(kept).toEqual(kept.map((_, index) => index + 1));
      expect(kept.length).toBeGreaterThanOrEqual(Math.max(...promised));
      expect((await store.lastArrival()).arrivalSequence).toBe(kept.length);
      expect(await store.verifyLedger()).toEqual({ ok: true, entries: kept.length });
      const entries = await store.ledgerEntries(0, kept.length);
      expect(entries.map(({ detail }) => detail['n'])).toEqual(kept);
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
