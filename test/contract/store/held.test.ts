import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { ticketOf } from './records.ts';

test('while another program holds the database the process goes on, and commits wait', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-held-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'linekeeper.db');
  const store = await createStore({ file });
  onTestFinished(() => store.close());
  const other = new Database(file);
  onTestFinished(() => void other.close());

  other.exec('begin immediate');
  let kept = false;
  const ticket = ticketOf();
  const commit = store.commit([{ kind: 'ticket', ticket }]).then(() => {
    kept = true;
  });
  // Turns of the event loop in which calls would be served; the commit is tried in some of them.
  for (let turn = 0; turn < 20; turn += 1) await pause(5);
  expect(kept).toBe(false);
  expect(await store.ticket(ticket.id)).toBeUndefined();

  other.exec('commit');
  await commit;
  expect(await store.ticket(ticket.id)).toEqual(ticket);
});
