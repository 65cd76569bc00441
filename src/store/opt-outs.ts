import type { Kysely } from 'kysely';
import type { E164, EpochMs } from '../domain/ids.ts';
import type { Write } from './group-commit.ts';
import type { NumberCipher } from './number-cipher.ts';
import type { Tables } from './tables.ts';

/** Prepares that a number's holder wants no text messages, or wants them again. */
export function saveOptOut(number: E164, out: boolean, at: EpochMs, cipher: NumberCipher): Write {
  const number_index = cipher.index(number);
  if (!out) {
    return (transaction) =>
      transaction.deleteFrom('opt_outs').where('number_index', '=', number_index).execute();
  }
  return (transaction) =>
    transaction
      .insertInto('opt_outs')
      .values({ number_index, at })
      .onConflict((conflict) => conflict.column('number_index').doUpdateSet({ at }))
      .execute();
}

export async function hasOptedOut(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  number: E164,
): Promise<boolean> {
  const row = await db
    .selectFrom('opt_outs')
    .select('at')
    .where('number_index', '=', cipher.index(number))
    .executeTakeFirst();
  return row !== undefined;
}
