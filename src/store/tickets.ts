import type { Kysely } from 'kysely';
import { z } from 'zod';
import {
  type AttemptCause,
  type AttemptRecord,
  type Consent,
  PAUSE_REASONS,
  type Slot,
  type Ticket,
  type TicketOrigin,
  type TicketState,
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
  'origin',
  'slot',
  'state',
  'attempts',
] as const satisfies readonly (keyof TicketRow)[];
type ReadRow = Pick<TicketRow, (typeof READ_COLUMNS)[number]>;

/** In `call_id` of a ticket that was created by API. */
const NO_CALL: TicketRow['call_id'] = 'call-';

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
    call_id: ticket.origin.callId ?? NO_CALL,
    arrived_at: ticket.arrivedAt,
    arrival_sequence: ticket.arrivalSequence,
    registered_at: ticket.registeredAt,
    consent: JSON.stringify(ticket.consent),
    origin: JSON.stringify(ticket.origin),
    slot: ticket.slot === undefined ? null : JSON.stringify(ticket.slot),
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
    arrivedAt: row.arrived_at,
    arrivalSequence: row.arrival_sequence,
    registeredAt: row.registered_at,
    consent: readJson(row.consent, CONSENT, placeOf(row.id, 'consent')),
    origin: originOf(row),
    slot: row.slot === null ? undefined : readJson(row.slot, SLOT, placeOf(row.id, 'slot')),
    state: readJson(row.state, STATE, placeOf(row.id, 'state')),
    attempts: readJson(row.attempts, ATTEMPTS, placeOf(row.id, 'attempts')),
  };
}

/** One from before migration 002 tells only its call and its place. */
function originOf(row: ReadRow): TicketOrigin {
  const callId = row.call_id === NO_CALL ? undefined : row.call_id;
  if (row.origin === null) {
    const { arrived_at: waitingSince } = row;
    return { callId, waitingSince, language: 'en', path: [], code: undefined };
  }
  const { waitingSince, language, path, code } = readJson(
    row.origin,
    ORIGIN,
    placeOf(row.id, 'origin'),
  );
  return { callId, waitingSince, language, path, code };
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
    case 'expired':
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
  machine: 'machine',
  choseLater: 'choseLater',
  choseCancel: 'choseCancel',
  hungUp: 'hungUp',
  interrupted: 'interrupted',
} as const satisfies { readonly [Cause in AttemptCause]: Cause };

const CONSENT: z.ZodType<Consent> = z.looseObject({
  key: z.string(),
  source: z.enum(['ani', 'keyed', 'api']),
  at: z.number(),
  promptVersion: z.string().default(''),
  language: z.string().default('en'),
});

const ORIGIN = z.looseObject({
  waitingSince: z.number(),
  language: z.string(),
  path: z.array(z.string()),
  code: z.string().optional(),
});

const SLOT: z.ZodType<Slot> = z.looseObject({ from: z.number(), to: z.number() });

const STATE: z.ZodType<TicketState> = z.discriminatedUnion('name', [
  z.looseObject({
    name: z.literal('waiting'),
    notBefore: z.number(),
    because: z.enum(PAUSE_REASONS).default('registered'),
  }),
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
    by: z.enum(['callee', 'caller', 'operator', 'api']),
    because: z.enum(['asked', 'returned', 'numberRefused']).default('asked'),
  }),
  z.looseObject({ name: z.literal('exhausted'), at: z.number(), cause: z.enum(CAUSES) }),
  z.looseObject({ name: z.literal('expired'), at: z.number() }),
]);

const ATTEMPTS: z.ZodType<readonly AttemptRecord[]> = z.array(
  z.looseObject({
    startedAt: z.number(),
    endedAt: z.number(),
    cause: z.enum({ ...CAUSES, connected: 'connected' }),
    agentId: z.string(),
  }),
);
