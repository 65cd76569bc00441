import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Names of column types, which differ between databases. Text is `text` everywhere. */
export interface ColumnTypes {
  /** 64 bits, signed. */
  readonly integer: 'integer' | 'bigint';
  readonly bytes: 'blob' | 'bytea';
}

/** What a kind of database has to offer; all else in this folder is the same for each. */
export interface Backend {
  readonly db: Kysely<Tables>;
  readonly types: ColumnTypes;
  /** Schema version and key check as found; zero and undefined in a new database. */
  readonly found: { readonly version: number; readonly keyCheck: Buffer | undefined };
  /** Sets the schema version, in the transaction of the migration. */
  writeVersion(transaction: Kysely<Tables>, version: number): Promise<void>;
  /**
   * Removes what was deleted also from where the database keeps copies of it, as its log.
   * @throws StoreFailure `inUse` while another program reads it
   */
  forgetDeleted(): Promise<void>;
  /**
   * Writes the whole database anew, without the copies of moved rows that a database may leave in
   * the unused part of its pages. All else waits meanwhile. @throws StoreFailure
   */
  rewrite(): Promise<void>;
  close(): Promise<void>;
}
