import type { Kysely } from 'kysely';
import type { Backend, ColumnTypes } from '../backend.ts';
import type { StoreKeys } from '../data-key.ts';
import { storeFailureOf } from '../failure.ts';
import { startLedger } from '../ledger/ledger.ts';
import type { Tables } from '../tables.ts';
import { first } from './001-first.ts';
import { callbacks } from './002-callbacks.ts';

type Migration = (db: Kysely<Tables>, types: ColumnTypes) => Promise<void>;

/** In order; the schema version is the number of those applied. Never change one that shipped. */
const MIGRATIONS: readonly Migration[] = [first, callbacks];

/** The schema version that this program reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the database to `SCHEMA_VERSION`, all in one transaction: after a failure or a kill it is
 * as it was. A new database is bound to its keys in the same transaction.
 * @throws StoreFailure
 */
export async function migrate(backend: Backend, keys: StoreKeys): Promise<void> {
  const { version } = backend.found;
  if (version === SCHEMA_VERSION) return;
  try {
    await backend.db.transaction().execute(async (transaction) => {
      for (const migration of MIGRATIONS.slice(version)) {
        await migration(transaction, backend.types);
      }
      if (version === 0) await bindToKeys(transaction, keys);
      await backend.writeVersion(transaction, SCHEMA_VERSION);
    });
  } catch (error) {
    throw storeFailureOf(error, `bringing the schema from ${version} to ${SCHEMA_VERSION}`);
  }
}

async function bindToKeys(transaction: Kysely<Tables>, keys: StoreKeys): Promise<void> {
  const row = { id: 1, check_value: keys.check };
  await transaction.insertInto('store_key').values(row).execute();
  await startLedger(transaction, keys.ledger);
}
