import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Backend } from '../backend.ts';
import { StoreFailure, storeFailureOf } from '../failure.ts';
import { SCHEMA_VERSION } from '../migrations/migrate.ts';

/** Marks a database as ours (https://sqlite.org/pragma.html#pragma_application_id): `LKPR`. */
export const APPLICATION_ID = 0x4c4b5052;

type Found = Backend['found'];
const NEW: Found = { version: 0, keyCheck: undefined };

/**
 * Looks at a database file before it is opened for writing, and leaves it as it is.
 * @throws StoreFailure `notADatabase`, `damaged`, `newerVersion`
 */
export function inspectDatabase(file: string): Found {
  if (sizeOf(file) === 0) {
    // SQLite would take the pair for a new database and delete the log.
    if (sizeOf(`${file}-wal`) > 0) {
      throw damaged(file, `it is missing or empty while its log ${file}-wal is not`);
    }
    return NEW;
  }
  let connection: Database.Database | undefined;
  try {
    connection = new Database(file, { readonly: true, fileMustExist: true });
    return inspect(file, connection);
  } catch (error) {
    throw storeFailureOf(error, `opening ${file}`);
  } finally {
    connection?.close();
  }
}

function inspect(file: string, connection: Database.Database): Found {
  const version = pragmaNumber(connection, 'user_version');
  const tables = connection.prepare('select name from sqlite_schema').all();
  if (version === 0 && tables.length === 0) return NEW;
  if (version === 0 || pragmaNumber(connection, 'application_id') !== APPLICATION_ID) {
    throw new StoreFailure('notADatabase', `store: ${file} is a database of another program`);
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreFailure(
      'newerVersion',
      `store: ${file} was written by a newer version of Linekeeper ` +
        `(schema ${version}; this one knows ${SCHEMA_VERSION}); start that version instead`,
    );
  }
  const [problem] = connection.prepare<[], string>('pragma quick_check(1)').pluck().all();
  if (problem !== 'ok') throw damaged(file, problem ?? 'quick_check gave no answer');
  const keyCheck = connection
    .prepare<[], Buffer>('select check_value from store_key where id = 1')
    .pluck()
    .get();
  if (keyCheck === undefined) throw damaged(file, 'it does not say which key it was written with');
  return { version, keyCheck };
}

function damaged(file: string, what: string): StoreFailure {
  const advice = 'it was left untouched; restore a backup';
  return new StoreFailure('damaged', `store: ${file} is damaged: ${what}; ${advice}`);
}

function pragmaNumber(connection: Database.Database, name: string): number {
  return Number(connection.pragma(name, { simple: true }));
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
