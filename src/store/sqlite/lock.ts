import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { StoreFailure, storeFailureOf } from '../failure.ts';

/** Held by the one server that may use a database; the operating system frees it at its end. */
export interface DatabaseLock {
  release(): void;
}

/** Long enough for another start to write its name. */
const WAIT_MS = 250;

/**
 * Takes the lock of a database: a write transaction, never finished, on the small SQLite file
 * `<database>.lock`. Others can still read there who has it, and after a `kill -9` it is free.
 * @throws StoreFailure `inUse` that names the holder
 */
export function lockDatabase(file: string): DatabaseLock {
  const path = `${file}.lock`;
  let lock: Database.Database | undefined;
  try {
    lock = new Database(path, { timeout: WAIT_MS });
    lock.exec('begin immediate');
    lock.exec('create table if not exists holder (pid integer, host text, since text)');
    lock.exec('delete from holder');
    lock
      .prepare('insert into holder values (?, ?, ?)')
      .run(process.pid, hostname(), new Date().toISOString());
    lock.exec('commit');
    lock.exec('begin immediate');
  } catch (error) {
    const failure = storeFailureOf(error, `locking ${path}`);
    const named = failure.kind === 'inUse' && lock !== undefined ? inUse(file, lock) : failure;
    lock?.close();
    throw named;
  }
  const held = lock;
  return {
    release() {
      if (held.inTransaction) held.exec('rollback');
      held.close();
    },
  };
}

function inUse(file: string, lock: Database.Database): StoreFailure {
  const message = `store: ${file} is in use by ${holderOf(lock)}; stop that server first`;
  return new StoreFailure('inUse', message);
}

function holderOf(lock: Database.Database): string {
  try {
    const row = lock
      .prepare<[], { pid: number; host: string; since: string }>('select * from holder')
      .get();
    if (row !== undefined) return `process ${row.pid} on ${row.host} since ${row.since}`;
  } catch {
    // The holder is writing its name at this moment.
  }
  return 'another process';
}
