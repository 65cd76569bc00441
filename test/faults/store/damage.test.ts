import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../src/store/migrations/migrate.ts';
import { createStore } from '../../../src/store/store.ts';
import { type DataFolder, fill, fillAndAbandon, fingerprint, makeFolder } from './folder.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.clear());

function overwrite(file: string, offset: number, length: number): void {
  writeFileSync(file, readFileSync(file).fill(0xa5, offset, offset + length));
}

/** Changes a database from outside, as another program would. */
function alter(sql: string): void {
  const database = new Database(folder.database);
  database.exec(sql);
  database.close();
}

describe('a database that cannot be used is refused and left untouched', () => {
  test.each([
    {
      what: 'a text file',
      damage: () => writeFileSync(folder.database, 'this is no database\n'.repeat(500)),
      kind: 'notADatabase',
    },
    {
      what: 'a short text file',
      damage: () => writeFileSync(folder.database, 'hello'),
      kind: 'notADatabase',
    },
    {
      what: 'a damaged first page',
      damage: () => overwrite(folder.database, 0, 64),
      kind: 'notADatabase',
    },
    {
      what: 'pages overwritten in the middle',
      damage: () => overwrite(folder.database, 4_096 * 2, 4_096 * 8),
      kind: 'damaged',
    },
    {
      what: 'a file cut in half',
      damage: () => truncateSync(folder.database, statSync(folder.database).size / 2),
      kind: 'damaged',
    },
    {
      what: 'a newer version',
      damage: () => alter('pragma user_version = 99'),
      kind: 'newerVersion',
    },
    {
      what: 'a database of another program',
      damage: () => alter('pragma application_id = 7'),
      kind: 'notADatabase',
    },
    {
      what: 'no sign of its key',
      damage: () => alter('delete from store_key'),
      kind: 'damaged',
    },
    {
      what: 'another key',
      damage: () => writeFileSync(folder.key, `linekeeper-key-1 ${'ab'.repeat(32)}\n`),
      kind: 'keyWrong',
    },
    { what: 'its key missing', damage: () => rmSync(folder.key), kind: 'keyMissing' },
    { what: 'its key emptied', damage: () => truncateSync(folder.key, 0), kind: 'keyDamaged' },
  ])('$what: $kind', async ({ damage, kind }) => {
    await fill(folder, 50);
    damage();
    const before = fingerprint(folder);
    const opening = createStore({ file: folder.database });
    await expect(opening).rejects.toMatchObject({ name: 'StoreFailure', kind });
    await expect(opening).rejects.toThrow(folder.path);
    expect(fingerprint(folder)).toEqual(before);
  });

  test.each([
    { what: 'removed', damage: () => rmSync(folder.database) },
    { what: 'emptied', damage: () => truncateSync(folder.database, 0) },
  ])('$what while its log holds commits: damaged', async ({ damage }) => {
    await fillAndAbandon(folder, 5);
    damage();
    const before = fingerprint(folder);
    const opening = createStore({ file: folder.database });
    await expect(opening).rejects.toMatchObject({ kind: 'damaged' });
    expect(fingerprint(folder)).toEqual(before);
  });

  test('refused, it can be opened again at once when it is whole', async () => {
    await fill(folder, 3);
    alter('pragma user_version = 99');
    await expect(createStore({ file: folder.database })).rejects.toThrow('newer version');
    alter(`pragma user_version = ${SCHEMA_VERSION}`);
    const store = await createStore({ file: folder.database });
    expect(await store.openTickets()).toHaveLength(3);
    await store.close();
  });
});

describe('damage found later', () => {
  test.each(['state', 'attempts', 'consent'])(
    'a ticket whose %s cannot be read: damaged',
    async (column) => {
      await fill(folder, 2);
      alter(`update tickets set ${column} = '{"name":"lost"' where id = 'ticket-2'`);
      const store = await createStore({ file: folder.database });
      await expect(store.openTickets()).rejects.toMatchObject({ kind: 'damaged' });
      await expect(store.ticket('ticket-2')).rejects.toThrow(`tickets.${column} of ticket-2`);
      expect(await store.ticket('ticket-1')).toBeDefined();
      await store.close();
    },
  );

  test('a number put on another ticket does not open', async () => {
    await fill(folder, 2);
    alter(`update tickets set number_sealed =
      (select number_sealed from tickets where id = 'ticket-1') where id = 'ticket-2'`);
    const store = await createStore({ file: folder.database });
    await expect(store.ticket('ticket-2')).rejects.toMatchObject({ kind: 'damaged' });
    await store.close();
  });
});

test('a log cut anywhere gives the commits before the cut, in order, the chain whole', async () => {
  const commits = 12;
  await fillAndAbandon(folder, commits);
  const whole = { database: readFileSync(folder.database), log: readFileSync(folder.log) };
  const counts = new Set<number>();
  for (let cut = 1; cut <= 24; cut += 1) {
    writeFileSync(folder.database, whole.database);
    writeFileSync(folder.log, whole.log);
    rmSync(`${folder.database}-shm`, { force: true });
    truncateSync(folder.log, Math.floor((whole.log.length * cut) / 24));
    const store = await createStore({ file: folder.database });
    const kept = (await store.openTickets()).map((ticket) => ticket.arrivalSequence);
    expect(kept).toEqual(kept.map((_, index) => index + 1));
    expect(await store.verifyLedger()).toEqual({ ok: true, entries: kept.length });
    counts.add(kept.length);
    await store.close();
  }
  expect(counts.size).toBeGreaterThan(3);
  expect(Math.max(...counts)).toBe(commits);
});
