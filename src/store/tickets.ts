import type { Kysely } from 'kysely';
import { z } from 'zod';
import type {
  AttemptCause,
  AttemptRecord,
  Consent,
  Ticket,
  TicketState,
} from '../domain/callback/ticket.ts';
import type { E164, EpochMs, TicketId } from '../domain/ids.ts';
import type { Write } from './group-commit.ts';
import { readJson } from './json.ts';
import type { NumberCipher } from './number-cipher.ts';
import type { Tables, TicketRow } from './tables.ts';

/** The rest only finds rows. */
const READ_COLUMNS = [
  'id',
  'queue',
  'number_sealed',
  'dnis',
  'call_id',
  'arrived_at',
  'arrival_sequence',
  'registered_at',
  'consent',
  'state',
  'attempts',
] as const satisfies readonly (keyof TicketRow)[];
type ReadRow = Pick<TicketRow, (typeof READ_COLUMNS)[number]>;

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
  const rows = await db
    .selectFrom('tickets')
    .select(READ_COLUMNS)
    .where('ended_at', 'is', null)
    .orderBy('arrived_at')
    .orderBy('arrival_sequence')
    .execute();
  return rows.map((row) => ticketOf(row, cipher));
}

/** The earliest ticket of a number that has not ended. */
export async function findOpenTicketByNumber(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  number: E164,
): Promise<Ticket | undefined> {
  const row = await db
    .selectFrom('tickets')
    .select(READ_COLUMNS)
    .where('number_index', '=', cipher.index(number))
    .where('ended_at', 'is', null)
    .orderBy('arrived_at')
    .orderBy('arrival_sequence')
    .limit(1)
    .executeTakeFirst();
  return row && ticketOf(row, cipher);
}

export async function findTicket(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  id: TicketId,
): Promise<Ticket | undefined> {
  const row = await db
    .selectFrom('tickets')
    .select(READ_COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && ticketOf(row, cipher);
}

export async function lastArrivalSequence(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('tickets')
    .select((select) => select.fn.max('arrival_sequence').as('last'))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

function rowOf(ticket: Ticket, cipher: NumberCipher): TicketRow {
  return {
    id: ticket.id,
    queue: ticket.queue,
    number_sealed: cipher.seal(ticket.number, placeOf(ticket.id, 'number')),
    number_index: cipher.index(ticket.number),
    dnis: ticket.dnis,
    call_id: ticket.callId,
    arrived_at: ticket.arrivedAt,
    arrival_sequence: ticket.arrivalSequence,
    registered_at: ticket.registeredAt,
    consent: JSON.stringify(ticket.consent),
    state_name: ticket.state.name,
    state: JSON.stringify(ticket.state),
    attempts: JSON.stringify(ticket.attempts),
    ended_at: endOf(ticket.state),
  };
}

function ticketOf(row: ReadRow, cipher: NumberCipher): Ticket {
  return {
    id: row.id,
    queue: row.queue,
    number: cipher.open(row.number_sealed, placeOf(row.id, 'number')),
    dnis: row.dnis,
    callId: row.call_id,
    arrivedAt: row.arrived_at,
    arrivalSequence: row.arrival_sequence,
    registeredAt: row.registered_at,
    consent: readJson(row.consent, CONSENT, placeOf(row.id, 'consent')),
    state: readJson(row.state, STATE, placeOf(row.id, 'state')),
    attempts: readJson(row.attempts, ATTEMPTS, placeOf(row.id, 'attempts')),
  };
}

function placeOf(id: TicketId, column: string): string {
  return `tickets.${column} of ${id}`;
}

function endOf(state: TicketState): EpochMs | null {
  switch (state.name) {
    case 'waiting':
    case 'dialling':
    case 'reached':
      return null;
    case 'connected':
    case 'cancelled':
    case 'exhausted':
      return state.at;
  }
}

/** Written out, so that the compiler asks for an entry when a cause is added. */
const CAUSES = {
  busy: 'busy',
  noAnswer: 'noAnswer',
  declined: 'declined',
  invalidNumber: 'invalidNumber',
  congestion: 'congestion',
  carrierFailure: 'carrierFailure',
  unreachable: 'unreachable',
  withdrawn: 'withdrawn',
  ourFailure: 'ourFailure',
  noKey: 'noKey',
  choseLater: 'choseLater',
  choseCancel: 'choseCancel',
  hungUp: 'hungUp',
  interrupted: 'interrupted',
} as const satisfies { readonly [Cause in AttemptCause]: Cause };

const CONSENT: z.ZodType<Consent> = z.looseObject({
  key: z.string(),
  source: z.enum(['ani', 'keyed']),
  at: z.number(),
});

const STATE: z.ZodType<TicketState> = z.discriminatedUnion('name', [
  z.looseObject({ name: z.literal('waiting'), notBefore: z.number() }),
  z.looseObject({ name: z.literal('dialling'), agentId: z.string(), startedAt: z.number() }),
  z.looseObject({
    name: z.literal('reached'),
    agentId: z.string(),
    startedAt: z.number(),
    reachedAt: z.number(),
  }),
  z.looseObject({ name: z.literal('connected'), agentId: z.string(), at: z.number() }),
  z.looseObject({
    name: z.literal('cancelled'),
    at: z.number(),
    by: z.enum(['callee', 'operator']),
  }),
  z.looseObject({ name: z.literal('exhausted'), at: z.number(), cause: z.enum(CAUSES) }),
]);

const ATTEMPTS: z.ZodType<readonly AttemptRecord[]> = z.array(
  z.looseObject({
    startedAt: z.number(),
    endedAt: z.number(),
    cause: z.enum({ ...CAUSES, connected: 'connected' }),
    agentId: z.string(),
  }),
);
