import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { callOf, NUMBER, registration, ticketOf } from '../../contract/store/records.ts';
import { type DataFolder, fill, fingerprint, makeFolder, openElsewhere } from './folder.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => {
  chmodSync(folder.path, 0o700);
  folder.clear();
});

describe('one server at a time', () => {
  test('another process is refused and told who has it', async () => {
    const store = await createStore({ file: folder.database });
    const { kind, message } = await openElsewhere(folder);
    expect(kind).toBe('inUse');
    expect(message).toContain(folder.database);
    expect(message).toContain(`process ${process.pid} `);
    await store.commit(registration(1));
    await store.close();
    expect(await openElsewhere(folder)).toEqual({ kind: 'opened' });
  });

  test('so is the same process', async () => {
    const store = await createStore({ file: folder.database });
    const second = createStore({ file: join(folder.path, '.', 'linekeeper.db') });
    await expect(second).rejects.toMatchObject({ kind: 'inUse' });
    expect((await openElsewhere(folder)).kind).toBe('inUse');
    await store.close();
  });
});

describe('a folder that cannot be written', () => {
  test('empty: readOnly, and nothing is made', async () => {
    chmodSync(folder.path, 0o555);
    expect((await openElsewhere(folder, 'nobody')).kind).toBe('readOnly');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('with a database: readOnly, and it is left untouched', async () => {
    await fill(folder, 3);
    chmodSync(folder.path, 0o555);
    const before = fingerprint(folder);
    const { kind, message } = await openElsewhere(folder, 'nobody');
    expect(kind).toBe('readOnly');
    expect(message).toContain(folder.database);
    expect(fingerprint(folder)).toEqual(before);
  });

  test('a database that may not be read: readOnly', async () => {
    await fill(folder, 1);
    chmodSync(folder.path, 0o777);
    expect((await openElsewhere(folder, 'nobody')).kind).toBe('readOnly');
  });
});

describe('a full disk', () => {
  test('commits fail as diskFull and change nothing; with space it goes on', async () => {
    const small = await createStore({ file: folder.database, maxSizeBytes: 256 * 1024 });
    let kept = 0;
    let failure: unknown;
    while (failure === undefined && kept < 10_000) {
      try {
        await small.commit(registration(kept + 1));
        kept += 1;
      } catch (error) {
        failure = error;
      }
    }
    expect(failure).toMatchObject({ kind: 'diskFull', origin: 'store' });
    const together = await Promise.allSettled([
      small.commit(registration(kept + 1)),
      small.commit(registration(kept + 2)),
    ]);
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await small.openTickets()).toHaveLength(kept);
    expect(await small.verifyLedger()).toEqual({ ok: true, entries: kept });
    await small.close();

    const large = await createStore({ file: folder.database });
    await large.commit(registration(kept + 1));
    expect(await large.openTickets()).toHaveLength(kept + 1);
    expect(await large.verifyLedger()).toEqual({ ok: true, entries: kept + 1 });
    await large.close();
  });

  test('on the first start: diskFull, and the next start begins anew', async () => {
    const opening = createStore({ file: folder.database, maxSizeBytes: 8_192 });
    await expect(opening).rejects.toMatchObject({ kind: 'diskFull' });
    const store = await createStore({ file: folder.database });
    await store.commit(registration(1));
    await store.close();
  });
});

test('nothing of a number stands in the files, and only their owner may read them', async () => {
  const store = await createStore({ file: folder.database });
  await store.commit([
    { kind: 'ticket', ticket: ticketOf() },
    { kind: 'call', call: callOf() },
  ]);
  const national = NUMBER.slice(-10);
  const inOpenFiles = holds(folder.database, national) || holds(folder.log, national);
  expect(holds(folder.log, 'ticket-1')).toBe(true);
  await store.close();
  expect(inOpenFiles).toBe(false);
  expect(holds(folder.database, 'ticket-1')).toBe(true);
  expect(holds(folder.database, national)).toBe(false);
  expect(holds(folder.database, national.slice(-7))).toBe(false);
  for (const file of [folder.database, folder.key]) {
    expect(statSync(file).mode & 0o077).toBe(0);
  }
});

function holds(file: string, text: string): boolean {
  return readFileSync(file).includes(text);
}
