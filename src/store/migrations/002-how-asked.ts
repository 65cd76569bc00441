import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../backend.ts';
import type { Tables } from '../tables.ts';

/**
 * How a callback was asked for, and the time that was booked. `call_id` may be empty from now on: a
 * ticket created by API has no call.
 */
export async function howAsked(db: Kysely<Tables>, _types: ColumnTypes): Promise<void> {
  await db.schema.alterTable('tickets').addColumn('origin', 'text').execute();
  await db.schema.alterTable('tickets').addColumn('slot', 'text').execute();
}
