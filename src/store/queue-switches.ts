import type { Kysely } from 'kysely';
import type { TurnedSwitch } from '../engine/ports.ts';
import type { Write } from './group-commit.ts';
import type { Tables } from './tables.ts';

/** Prepares the writing of a switch as it was turned. */
export function saveSwitch({ queue, which, on, reason, at }: TurnedSwitch): Write {
  const columns = { turned_on: on ? 1 : 0, reason, at };
  return (transaction) =>
    transaction
      .insertInto('queue_switches')
      .values({ queue, which, ...columns })
      .onConflict((conflict) => conflict.columns(['queue', 'which']).doUpdateSet(columns))
      .execute();
}

/** Every switch that was ever turned. */
export async function turnedSwitches(db: Kysely<Tables>): Promise<readonly TurnedSwitch[]> {
  const rows = await db
    .selectFrom('queue_switches')
    .selectAll()
    .orderBy('queue')
    .orderBy('which')
    .execute();
  return rows.map(({ queue, which, turned_on, reason, at }) => ({
    queue,
    which,
    on: turned_on !== 0,
    reason,
    at,
  }));
}
