import type { Kysely } from 'kysely';
import type { TurnedSwitch } from '../engine/ports.ts';
import type { Write } from './group-commit.ts';
import type { Tables } from './tables.ts';

/** Prepares the writing of a switch as it was turned, or its end as one that was. */
export function saveSwitch({ queue, which, on, reason, at }: TurnedSwitch): Write {
  if (on === undefined) {
    return (transaction) =>
      transaction
        .deleteFrom('queue_switches')
        .where('queue', '=', queue)
        .where('which', '=', which)
        .execute();
  }
  const columns = { turned_on: on ? 1 : 0, reason, at };
  return (transaction) =>
    transaction
      .insertInto('queue_switches')
      .values({ queue, which, ...columns })
      .onConflict((conflict) => conflict.columns(['queue', 'which']).doUpdateSet(columns))
      .execute();
}

/** Every switch that does not stand as configured. */
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
