import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { EpochMs, TicketId } from '../../src/domain/ids.ts';

/** Since when a ticket waits, and its place in line. */
export interface Past {
  readonly waitingSince: EpochMs;
  readonly arrivedAt: EpochMs;
}

/** Gives a ticket a past that no test can wait for. No server runs on the database in `data`. */
export function giveTicketPast(data: string, id: TicketId, past: Past): void {
  const database = new Database(join(data, 'linekeeper.db'));
  try {
    const { changes } = database
      .prepare(
        `UPDATE tickets SET arrived_at = @arrivedAt,
           origin = json_set(origin, '$.waitingSince', @waitingSince) WHERE id = @id`,
      )
      .run({ id, ...past });
    if (changes !== 1) throw new Error(`no ticket ${id}`);
  } finally {
    database.close();
  }
}
