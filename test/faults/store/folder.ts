import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createStore } from '../../../src/store/store.ts';
import { registration } from '../../contract/store/records.ts';

const CHILD = fileURLToPath(new URL('opening-child.ts', import.meta.url));

/** A folder with a database in it, removed by `clear`. */
export interface DataFolder {
  readonly path: string;
  readonly database: string;
  readonly log: string;
  readonly key: string;
  clear(): void;
}

export function makeFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'linekeeper-faults-'));
  const database = join(path, 'linekeeper.db');
  return {
    path,
    database,
    log: `${database}-wal`,
    key: join(path, 'linekeeper.key'),
    clear: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Commits tickets 1 to `count`, one after another, and closes. */
export async function fill(folder: DataFolder, count: number): Promise<void> {
  const store = await createStore({ file: folder.database });
  for (let n = 1; n <= count; n += 1) await store.commit(registration(n));
  await store.close();
}

/**
 * Fills `folder` with what a killed server leaves: tickets 1 to `count`, all still in the
 * write-ahead log.
 */
export async function fillAndAbandon(folder: DataFolder, count: number): Promise<void> {
  const source = makeFolder();
  try {
    const store = await createStore({ file: source.database });
    for (let n = 1; n <= count; n += 1) await store.commit(registration(n));
    copyFileSync(source.database, folder.database);
    copyFileSync(source.log, folder.log);
    copyFileSync(source.key, folder.key);
    await store.close();
  } finally {
    source.clear();
  }
}

/** What is in the files that hold data, to see that they were left alone; an empty log holds none. */
export function fingerprint(folder: DataFolder): readonly string[] {
  return [folder.database, folder.log, folder.key].map((file) => {
    const content = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    return createHash('sha256').update(content).digest('hex');
  });
}

/** Opens the store in a process of its own. */
export async function openElsewhere(
  folder: DataFolder,
  as?: 'nobody',
): Promise<{ readonly kind: string; readonly message?: string }> {
  const words = ['--import', 'tsx', CHILD, folder.database, ...(as === undefined ? [] : [as])];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout) as { kind: string; message?: string };
}
