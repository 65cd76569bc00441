import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Backend } from '../backend.ts';
import { StoreFailure, storeFailureOf } from '../failure.ts';
import { SCHEMA_VERSION } from '../migrations/migrate.ts';
import type { Tables } from '../tables.ts';
import { APPLICATION_ID, inspectDatabase } from './inspect.ts';
import { type DatabaseLock, lockDatabase } from './lock.ts';
import { withPreparedStatements } from './statements.ts';

/** While nothing else runs yet. */
const BUSY_AT_OPENING_MS = 5_000;
/** The process stands still for it; `patience.ts` waits longer. */
const BUSY_MS = 10;
const PAGE_BYTES = 4_096;
const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** A locked and inspected database file; nothing has been written to it yet. */
export interface LockedDatabase {
  readonly found: Backend['found'];
  /** Opens it for writing. @throws StoreFailure */
  open(): Backend;
  release(): void;
}

/**
 * Locks and inspects the database file, whose folder is made if need be.
 * @param maxSizeBytes the file never grows larger; commits then fail with `diskFull`
 * @throws StoreFailure
 */
export function lockSqliteFile(path: string, maxSizeBytes: number | undefined): LockedDatabase {
  const file = prepareFolder(path);
  const lock = lockDatabase(file);
  try {
    const found = inspectDatabase(file);
    return {
      found,
      open: () => openFile(file, found, lock, maxSizeBytes),
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A database that ends with the process, for tests and simulations. */
export function openSqliteMemory(): Backend {
  const connection = new Database(':memory:');
  return backendOf(connection, { version: 0, keyCheck: undefined }, () => undefined);
}

/**
 * Opens a database file beside a server that writes to it, or without one. What is read is how it
 * stood when it was opened; the server's log grows until it is closed.
 * @throws StoreFailure
 */
export function openSqliteForReading(path: string): Backend {
  const found = inspectDatabase(path);
  if (found.version !== SCHEMA_VERSION) throw notReadyForReading(path, found);
  let connection: Database.Database | undefined;
  try {
    connection = new Database(path, {
      readonly: true,
      fileMustExist: true,
      timeout: BUSY_AT_OPENING_MS,
    });
    const backend = backendOf(connection, found, () => undefined);
    // A transaction sees the database as it is at its first reading.
    connection.exec('begin; select id from store_key');
    return backend;
  } catch (error) {
    connection?.close();
    throw storeFailureOf(error, `opening ${path}`);
  }
}

function notReadyForReading(path: string, { version }: Backend['found']): StoreFailure {
  const message =
    version === 0
      ? `store: there is nothing in ${path} yet; start Linekeeper once`
      : `store: ${path} was written by an older version of Linekeeper; start this one once`;
  return new StoreFailure('olderVersion', message);
}

/** @returns the path with links resolved, so that one file has one lock */
function prepareFolder(path: string): string {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!existsSync(path)) return join(realpathSync(folder), basename(path));
    accessSync(path, constants.R_OK | constants.W_OK);
    return realpathSync(path);
  } catch (error) {
    throw storeFailureOf(error, `preparing ${path}`);
  }
}

function openFile(
  file: string,
  found: Backend['found'],
  lock: DatabaseLock,
  maxSizeBytes: number | undefined,
): Backend {
  let connection: Database.Database | undefined;
  try {
    // Made here, since SQLite would let everybody read it; it gives its log the same mode.
    closeSync(openSync(file, 'a', 0o600));
    connection = new Database(file, { timeout: BUSY_AT_OPENING_MS });
    if (connection.pragma('journal_mode = wal', { simple: true }) !== 'wal') {
      throw new StoreFailure('other', `store: ${file} cannot keep a write-ahead log there`);
    }
    connection.pragma(`journal_size_limit = ${MAX_LOG_BYTES}`);
    if (maxSizeBytes !== undefined) {
      connection.pragma(`max_page_count = ${Math.ceil(maxSizeBytes / PAGE_BYTES)}`);
    }
    const backend = backendOf(connection, found, () => lock.release());
    connection.pragma(`busy_timeout = ${BUSY_MS}`);
    return backend;
  } catch (error) {
    connection?.close();
    throw storeFailureOf(error, `opening ${file}`);
  }
}

function backendOf(
  connection: Database.Database,
  found: Backend['found'],
  release: () => void,
): Backend {
  connection.pragma('synchronous = full');
  connection.pragma('foreign_keys = on');
  connection.pragma('trusted_schema = off');
  connection.pragma('cell_size_check = on');
  // What is deleted is overwritten with zeros.
  connection.pragma('secure_delete = on');
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: withPreparedStatements(connection) }),
  });
  return {
    db,
    types: { integer: 'integer', bytes: 'blob' },
    found,
    async writeVersion(transaction, version) {
      await sql`pragma application_id = ${sql.raw(String(APPLICATION_ID))}`.execute(transaction);
      await sql`pragma user_version = ${sql.raw(String(version))}`.execute(transaction);
    },
    forgetDeleted: () => emptyLog(db),
    async rewrite() {
      await sql`vacuum`.execute(db);
      await emptyLog(db);
    },
    async close() {
      await db.destroy();
      // Without a single query kysely leaves the connection open.
      connection.close();
      release();
    },
  };
}

/** Moves the log into the database and cuts it to nothing. At once or not: nobody is waited for. */
async function emptyLog(db: Kysely<Tables>): Promise<void> {
  const busy = await db.connection().execute(async (connection) => {
    await sql`pragma busy_timeout = 0`.execute(connection);
    try {
      const { rows } = await sql<{ readonly busy: number }>`
        pragma wal_checkpoint(truncate)`.execute(connection);
      return rows[0]?.busy === 1;
    } finally {
      await sql`pragma busy_timeout = ${sql.lit(BUSY_MS)}`.execute(connection);
    }
  });
  if (!busy) return;
  const message =
    'store: another program reads the database; what was purged stays in its log until the next purge';
  throw new StoreFailure('inUse', message);
}
