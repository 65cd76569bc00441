import { type Kysely, sql } from 'kysely';
import type { CallEnd, CallRecord } from '../domain/call/call-record.ts';
import type { CallId } from '../domain/ids.ts';
import type { Page, TimeSpan } from '../engine/archive.ts';
import type { Write } from './group-commit.ts';
import type { NumberCipher } from './number-cipher.ts';
import { pageSize } from './pages.ts';
import type { CallRow, Tables } from './tables.ts';

/** Prepares the writing of a call, new or known. @throws StoreFailure `invalidChange` */
export function saveCall(call: CallRecord, cipher: NumberCipher): Write {
  const { id, ...columns } = rowOf(call, cipher);
  return (transaction) =>
    transaction
      .insertInto('calls')
      .values({ id, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute();
}

/** Calls without an end, oldest first. @throws StoreFailure `damaged` */
export async function openCalls(
  db: Kysely<Tables>,
  cipher: NumberCipher,
): Promise<readonly CallRecord[]> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => callOf(row, cipher));
}

export async function findCall(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  id: CallId,
): Promise<CallRecord | undefined> {
  const row = await db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst();
  return row && callOf(row, cipher);
}

/** Calls that began within a span, oldest first. */
export async function callsBetween(
  db: Kysely<Tables>,
  cipher: NumberCipher,
  { from, to }: TimeSpan,
  { after, limit }: Page<Pick<CallRecord, 'startedAt' | 'id'>>,
): Promise<readonly CallRecord[]> {
  const all = db
    .selectFrom('calls')
    .selectAll()
    .where('started_at', '>=', from)
    .where('started_at', '<', to);
  const rest =
    after === undefined
      ? all
      : all.where(sql<boolean>`(started_at, id) > (${after.startedAt}, ${after.id})`);
  const rows = await rest.orderBy('started_at').orderBy('id').limit(pageSize(limit)).execute();
  return rows.map((row) => callOf(row, cipher));
}

function rowOf(call: CallRecord, cipher: NumberCipher): CallRow {
  const { party } = call;
  return {
    id: call.id,
    direction: call.direction,
    trunk: call.trunk ?? null,
    dnis: call.dnis,
    party_sealed: party === undefined ? null : cipher.seal(party, placeOfParty(call.id)),
    party_index: party === undefined ? null : cipher.index(party),
    started_at: call.startedAt,
    queue: call.queue ?? null,
    ticket_id: call.ticketId ?? null,
    connected_at: call.connectedAt ?? null,
    ended_at: call.end?.at ?? null,
    outcome: call.end?.outcome ?? null,
  };
}

function callOf(row: CallRow, cipher: NumberCipher): CallRecord {
  const sealed = row.party_sealed;
  return {
    id: row.id,
    direction: row.direction,
    trunk: row.trunk ?? undefined,
    dnis: row.dnis,
    party: sealed === null ? undefined : cipher.open(sealed, placeOfParty(row.id)),
    startedAt: row.started_at,
    queue: row.queue ?? undefined,
    ticketId: row.ticket_id ?? undefined,
    connectedAt: row.connected_at ?? undefined,
    end: endOf(row),
  };
}

function endOf(row: CallRow): CallEnd | undefined {
  if (row.ended_at === null || row.outcome === null) return undefined;
  return { at: row.ended_at, outcome: row.outcome };
}

/** What the seal of a call's number is bound to. */
export function placeOfParty(id: CallId): string {
  return `calls.party of ${id}`;
}
