import { type Kysely, sql } from 'kysely';
import type { Ticket, TicketState } from '../domain/callback/ticket.ts';
import type { E164, EpochMs, QueueId, TicketId } from '../domain/ids.ts';
import type { Place } from '../domain/queue/line.ts';
import type { Page } from '../engine/archive.ts';
import type { Write } from './group-commit.ts';
import type { NumberCipher } from './number-cipher.ts';
import { pageSize } from './pages.ts';
import type { Tables } from './tables.ts';
import { READ_COLUMNS, rowOf, ticketOf } from './ticket-row.ts';

/** Prepares the writing of a ticket, new or known. @throws StoreFailure `invalidChange` */
export function saveTicket(ticket: Ticket, cipher: NumberCipher): Write {
  const { id, ...columns } = rowOf(ticket, cipher);
  return (transaction) =>
    transaction
      .insertInto('tickets')
      .values({ id, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute();
}

/** Tickets that have not ended, by arrival. @throws StoreFailure `damaged` */
export async function openTickets(
  db: Kysely<Tables>,
  cipher: NumberCipher,
): Promise<readonly Ticket[]> {
  const rows = await selectTickets(db)
    .where('ended_at', 'is', null)
    .orderBy('arrived_at')
    .orderBy('arrival_sequence')
    .execute();
  return rows.map((row) => ticketOf(row, cipher));
}

/** The ticket of a number that was given up last, if that was at `endedSince` or later. */
export async function recentTicketOf(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  number: E164,
  endedSince: EpochMs,
): Promise<Ticket | undefined> {
  const row = await selectTickets(db)
    .where('number_index', '=', cipher.index(number))
    .where('ended_at', '>=', endedSince)
    .where('state_name', '=', 'exhausted')
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && ticketOf(row, cipher);
}

export async function findTicket(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  id: TicketId,
): Promise<Ticket | undefined> {
  const row = await selectTickets(db).where('id', '=', id).executeTakeFirst();
  return row && ticketOf(row, cipher);
}

/** Written out, so that the compiler asks for an entry when a state is added. */
const STATES: Readonly<Record<TicketState['name'], true>> = {
  waiting: true,
  dialling: true,
  reached: true,
  connected: true,
  cancelled: true,
  exhausted: true,
  expired: true,
};
const ALL_STATES = Object.keys(STATES) as readonly TicketState['name'][];

/**
 * Tickets of a queue, newest registration first. Each state has its own run in the index, so a page
 * costs as much among a million tickets as among a hundred, however rare the states are.
 */
export async function ticketsOf(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  queue: QueueId,
  states: readonly TicketState['name'][] = ALL_STATES,
  { after, limit }: Page<Pick<Ticket, 'registeredAt' | 'id'>>,
): Promise<readonly Ticket[]> {
  const size = pageSize(limit);
  const runs = await Promise.all(
    [...new Set(states)].map((state) => {
      const run = selectTickets(db).where('queue', '=', queue).where('state_name', '=', state);
      const rest =
        after === undefined
          ? run
          : run.where(sql<boolean>`(registered_at, id) < (${after.registeredAt}, ${after.id})`);
      return rest.orderBy('registered_at', 'desc').orderBy('id', 'desc').limit(size).execute();
    }),
  );
  return runs
    .flat()
    .sort((a, b) => b.registered_at - a.registered_at || (a.id < b.id ? 1 : -1))
    .slice(0, size)
    .map((row) => ticketOf(row, cipher));
}

/** The place with the largest sequence; zeros in an empty store. */
export async function lastArrival(db: Kysely<Tables>): Promise<Place> {
  const row = await db
    .selectFrom('tickets')
    .select(['arrived_at as arrivedAt', 'arrival_sequence as arrivalSequence'])
    .orderBy('arrival_sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { arrivedAt: 0, arrivalSequence: 0 };
}

function selectTickets(db: Kysely<Tables>) {
  return db.selectFrom('tickets').select(READ_COLUMNS);
}
