import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Json } from '../engine/ports.ts';
import { requireShort } from './failure.ts';
import type { Write } from './group-commit.ts';
import { readJson } from './json.ts';
import type { Tables } from './tables.ts';

const MAX_LENGTH = 65_536;

/** Prepares the keeping of figures by name; null forgets them. @throws StoreFailure `invalidChange` */
export function saveMemory(name: string, figures: Json): Write {
  if (figures === null) {
    return (transaction) => transaction.deleteFrom('memories').where('name', '=', name).execute();
  }
  const value = JSON.stringify(figures);
  requireShort(`the memory ${name}`, value, MAX_LENGTH);
  return (transaction) =>
    transaction
      .insertInto('memories')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
}

/** All by name. @throws StoreFailure `damaged` */
export async function memories(db: Kysely<Tables>): Promise<ReadonlyMap<string, Json>> {
  const rows = await db.selectFrom('memories').selectAll().execute();
  return new Map(
    rows.map(({ name, value }) => [name, readJson(value, JSON_VALUE, `memories.value of ${name}`)]),
  );
}

const JSON_VALUE: z.ZodType<Json> = z.json();
