import type Database from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

const MAX_STATEMENTS = 256;

/**
 * The connection as kysely wants it, with prepared statements kept: preparing costs more than
 * running most of ours.
 */
export function withPreparedStatements(connection: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      if (sql === 'rollback' && !connection.inTransaction) return ALREADY_ROLLED_BACK;
      const known = statements.get(sql);
      if (known !== undefined) return known;
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      const statement = connection.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
    close() {
      statements.clear();
      connection.close();
    },
  };
}

/**
 * After some errors (a full disk) SQLite has rolled back by itself, and a further `rollback` would
 * fail and hide the first error (https://sqlite.org/lang_transaction.html, section 3).
 */
const ALREADY_ROLLED_BACK: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};
