import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { EpochMs, RecordingId } from '../domain/ids.ts';
import type { Recording, RecordingState } from '../domain/recording/recording.ts';
import type { Write } from './group-commit.ts';
import { readJson } from './json.ts';
import type { RecordingRow, Tables } from './tables.ts';

/** Prepares the writing of a recording's row, new or known. */
export function saveRecording(recording: Recording): Write {
  const { id, ...columns } = rowOf(recording);
  return (transaction) =>
    transaction
      .insertInto('recordings')
      .values({ id, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute();
}

/** Recordings whose row says that they are still running, oldest first. */
export async function runningRecordings(db: Kysely<Tables>): Promise<readonly Recording[]> {
  const rows = await db
    .selectFrom('recordings')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map(recordingOf);
}

export async function findRecording(
  db: Kysely<Tables>,
  id: RecordingId,
): Promise<Recording | undefined> {
  const row = await db.selectFrom('recordings').selectAll().where('id', '=', id).executeTakeFirst();
  return row && recordingOf(row);
}

function rowOf(recording: Recording): RecordingRow {
  return {
    id: recording.id,
    call_id: recording.callId,
    ticket_id: recording.ticketId ?? null,
    agent_id: recording.agentId,
    queue: recording.queue,
    file: recording.file,
    started_at: recording.startedAt,
    state_name: recording.state.name,
    state: JSON.stringify(recording.state),
    ended_at: endOf(recording.state),
  };
}

function recordingOf(row: RecordingRow): Recording {
  return {
    id: row.id,
    callId: row.call_id,
    ticketId: row.ticket_id ?? undefined,
    agentId: row.agent_id,
    queue: row.queue,
    file: row.file,
    startedAt: row.started_at,
    state: readJson(row.state, STATE, `recordings.state of ${row.id}`),
  };
}

function endOf(state: RecordingState): EpochMs | null {
  switch (state.name) {
    case 'recording':
      return null;
    case 'finished':
    case 'interrupted':
      return state.endedAt;
    case 'failed':
      return state.at;
  }
}

const STATE: z.ZodType<RecordingState> = z.discriminatedUnion('name', [
  z.looseObject({ name: z.literal('recording') }),
  z.looseObject({ name: z.literal('finished'), endedAt: z.number(), durationMs: z.number() }),
  z.looseObject({ name: z.literal('interrupted'), endedAt: z.number() }),
  z.looseObject({ name: z.literal('failed'), at: z.number(), reason: z.string() }),
]);
