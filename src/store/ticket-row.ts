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
import type { EpochMs, TicketId } from '../domain/ids.ts';
import { AGED_OFF_NUMBER } from '../domain/retention/policy.ts';
import { readJson } from './json.ts';
import type { NumberCipher } from './number-cipher.ts';
import type { TicketRow } from './tables.ts';

/** The rest only finds rows. */
export const READ_COLUMNS = [
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

/** @throws StoreFailure `invalidChange` if the number is none, or has aged off */
export function rowOf(ticket: Ticket, cipher: NumberCipher): TicketRow {
  return {
    id: ticket.id,
    queue: ticket.queue,
    number_sealed: cipher.seal(ticket.number, placeOfNumber(ticket.id)),
    number_index: cipher.index(ticket.number),
    dnis: ticket.dnis,
    call_id: ticket.origin.callId ?? null,
    arrived_at: ticket.arrivedAt,
    arrival_sequence: ticket.arrivalSequence,
    registered_at: ticket.registeredAt,
    consent: JSON.stringify(ticket.consent),
    origin: JSON.stringify({ ...ticket.origin, callId: undefined }),
    slot: ticket.slot === undefined ? null : JSON.stringify(ticket.slot),
    state_name: ticket.state.name,
    state: JSON.stringify(ticket.state),
    attempts: JSON.stringify(ticket.attempts),
    ended_at: endOf(ticket.state),
  };
}

/** @throws StoreFailure `damaged` */
export function ticketOf(row: ReadRow, cipher: NumberCipher): Ticket {
  const sealed = row.number_sealed;
  return {
    id: row.id,
    queue: row.queue,
    number: sealed === null ? AGED_OFF_NUMBER : cipher.open(sealed, placeOfNumber(row.id)),
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

function originOf(row: ReadRow): TicketOrigin {
  const place = placeOf(row.id, 'origin');
  const { waitingSince, language, path, code, isTty } = readJson(row.origin, ORIGIN, place);
  return { callId: row.call_id ?? undefined, waitingSince, language, path, code, isTty };
}

/** What the seal of a ticket's number is bound to. */
export function placeOfNumber(id: TicketId): string {
  return placeOf(id, 'number');
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

/** Defaults here and below are for what was written before migration 002. */
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
  // Of tickets from before there was such a mark.
  isTty: z.boolean().default(false),
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
    times: z.number().exactOptional(),
  }),
);
