import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { AgeingKind } from './ageing-kind.ts';

interface AgeingRows extends Pick<AgeingKind, 'kind'> {
  /** What tells a row of the table from others. */
  readonly name: RawBuilder<string>;
  readonly table: RawBuilder<unknown>;
  /** Column from which the age counts; rows where it is null do not age. */
  readonly since: RawBuilder<number>;
  /** Which of the rows age, besides; in the words of the index that finds them. */
  readonly where: RawBuilder<unknown>;
  /** The statement that destroys rows, up to its `where`. */
  readonly destroy: RawBuilder<unknown>;
}

const EVERY_ROW = sql`1 = 1`;

const KINDS: readonly AgeingRows[] = [
  {
    kind: 'ticketNumber',
    name: sql`id`,
    table: sql`tickets`,
    since: sql`ended_at`,
    where: sql`number_sealed is not null`,
    destroy: sql`update tickets set number_sealed = null, number_index = null`,
  },
  {
    kind: 'ticket',
    name: sql`id`,
    table: sql`tickets`,
    since: sql`ended_at`,
    // The last one stays: it tells where the count of arrivals stands.
    where: sql`arrival_sequence < (select max(arrival_sequence) from tickets)`,
    destroy: sql`delete from tickets`,
  },
  {
    kind: 'callParty',
    name: sql`id`,
    table: sql`calls`,
    since: sql`ended_at`,
    where: sql`party_sealed is not null`,
    destroy: sql`update calls set party_sealed = null, party_index = null`,
  },
  {
    kind: 'call',
    name: sql`id`,
    table: sql`calls`,
    since: sql`ended_at`,
    where: EVERY_ROW,
    destroy: sql`delete from calls`,
  },
  {
    kind: 'contact',
    name: sql`agent_id || ' ' || uri`,
    table: sql`contacts`,
    since: sql`expires_at`,
    where: EVERY_ROW,
    destroy: sql`delete from contacts`,
  },
  {
    kind: 'delivery',
    name: sql`event_id || ' ' || subscription`,
    table: sql`deliveries`,
    since: sql`created_at`,
    where: EVERY_ROW,
    destroy: sql`delete from deliveries`,
  },
  {
    kind: 'idempotencyKey',
    name: sql`request_key`,
    table: sql`idempotency_keys`,
    since: sql`expires_at`,
    where: EVERY_ROW,
    destroy: sql`delete from idempotency_keys`,
  },
];

/** Kinds of record that are rows of a table, or a part of one. */
export const ROW_KINDS: readonly AgeingKind[] = KINDS.map(ageingOf);

function ageingOf({ kind, name, table, since, where, destroy }: AgeingRows): AgeingKind {
  return {
    kind,
    async count(db, before) {
      const { rows } = await sql<{ readonly count: number }>`
        select count(*) as count from ${table} where ${since} < ${before} and ${where}`.execute(db);
      return Number(rows[0]?.count ?? 0);
    },
    async portion(db, before, limit) {
      const { rows } = await sql<{ readonly name: string; readonly since: number }>`
        select ${name} as name, ${since} as since from ${table}
        where ${since} < ${before} and ${where}
        order by ${since} limit ${limit}`.execute(db);
      const last = rows.at(-1);
      if (last === undefined) return undefined;
      const names = rows.map((row) => row.name);
      return {
        count: names.length,
        proof: { digest: digestOf(names) },
        destroy: (transaction) =>
          sql`${destroy} where ${since} <= ${last.since} and ${name} in (${sql.join(names)})`.execute(
            transaction,
          ),
      };
    },
  };
}

/** SHA-256 of the sorted names, one a line: whoever knows them can tell that these it was. */
function digestOf(names: readonly string[]): string {
  return createHash('sha256').update(names.toSorted().join('\n')).digest('hex');
}
