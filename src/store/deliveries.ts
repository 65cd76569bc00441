import { type Kysely, sql } from 'kysely';
import type { EpochMs } from '../domain/ids.ts';
import { type Delivery, MAX_BODY_LENGTH } from '../engine/api-records.ts';
import { requireShort } from './failure.ts';
import type { Write } from './group-commit.ts';
import { pageSize } from './pages.ts';
import type { DeliveryRow, Tables } from './tables.ts';

/** The outbox's index holds only what is pending; SQLite takes it for this very text alone. */
const PENDING = sql<boolean>`state = 'pending'`;

/** Prepares the writing of a message, new or known. @throws StoreFailure `invalidChange` */
export function saveDelivery(delivery: Delivery): Write {
  const row = rowOf(delivery);
  const { attempts, next_attempt_at, state } = row;
  return (transaction) =>
    transaction
      .insertInto('deliveries')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['event_id', 'subscription'])
          .doUpdateSet({ attempts, next_attempt_at, state }),
      )
      .execute();
}

/** Pending messages whose time has come, by that time. */
export async function deliveriesDue(
  db: Kysely<Tables>,
  now: EpochMs,
  limit: number,
): Promise<readonly Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where(PENDING)
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .orderBy('event_id')
    .limit(pageSize(limit))
    .execute();
  return rows.map(deliveryOf);
}

/** When the next pending message is due. */
export async function nextDeliveryAt(db: Kysely<Tables>): Promise<EpochMs | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select('next_attempt_at')
    .where(PENDING)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at;
}

function rowOf(delivery: Delivery): DeliveryRow {
  requireShort('the body of a message', delivery.body, MAX_BODY_LENGTH);
  return {
    event_id: delivery.eventId,
    subscription: delivery.subscription,
    body: delivery.body,
    created_at: delivery.createdAt,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt,
    state: delivery.state,
  };
}

function deliveryOf(row: DeliveryRow): Delivery {
  return {
    eventId: row.event_id,
    subscription: row.subscription,
    body: row.body,
    createdAt: row.created_at,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    state: row.state,
  };
}
