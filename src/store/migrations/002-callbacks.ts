import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../backend.ts';
import type { Tables } from '../tables.ts';

/**
 * How a callback was asked for, and the time that was booked; numbers that age off; records of the
 * API; a ledger whose details can be forgotten.
 */
export async function callbacks(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await rebuildTickets(db, types);
  await indexTickets(db);
  await indexCalls(db);
  await makeLedgerForgettable(db, types);
  await createApiRecords(db, types);
  await createDeliveries(db, types);
  await createEngineRecords(db, types);
}

/** A column cannot be made nullable in SQLite, so the table is written anew. */
async function rebuildTickets(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('tickets_anew')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('queue', 'text', (column) => column.notNull())
    .addColumn('number_sealed', types.bytes)
    .addColumn('number_index', types.bytes)
    .addColumn('dnis', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('arrived_at', types.integer, (column) => column.notNull())
    .addColumn('arrival_sequence', types.integer, (column) => column.notNull())
    .addColumn('registered_at', types.integer, (column) => column.notNull())
    .addColumn('consent', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('slot', 'text')
    .addColumn('state_name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'text', (column) => column.notNull())
    .addColumn('ended_at', types.integer)
    .execute();
  // Until now all waited since their arrival, and there was one language.
  const copied = sql.raw(
    'id, queue, number_sealed, number_index, dnis, call_id, arrived_at, arrival_sequence, ' +
      'registered_at, consent, state_name, state, attempts, ended_at',
  );
  await sql`
    insert into tickets_anew (${copied}, origin)
    select ${copied},
      '{"waitingSince":' || cast(arrived_at as text) || ',"language":"en","path":[]}'
    from tickets`.execute(db);
  await db.schema.dropTable('tickets').execute();
  await db.schema.alterTable('tickets_anew').renameTo('tickets').execute();
}

async function indexTickets(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  await schema
    .createIndex('tickets_open_by_arrival')
    .on('tickets')
    .columns(['arrived_at', 'arrival_sequence'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await schema
    .createIndex('tickets_by_number')
    .on('tickets')
    .columns(['number_index', 'ended_at'])
    .where(sql.ref('number_index'), 'is not', null)
    .execute();
  await schema
    .createIndex('tickets_by_sequence')
    .on('tickets')
    .columns(['arrival_sequence'])
    .execute();
  await schema
    .createIndex('tickets_by_queue')
    .on('tickets')
    .columns(['queue', 'state_name', 'registered_at', 'id'])
    .execute();
  await schema
    .createIndex('tickets_by_end')
    .on('tickets')
    .columns(['ended_at'])
    .where(sql.ref('ended_at'), 'is not', null)
    .execute();
  await schema
    .createIndex('tickets_with_number_by_end')
    .on('tickets')
    .columns(['ended_at'])
    .where(sql<boolean>`ended_at is not null and number_sealed is not null`)
    .execute();
}

async function indexCalls(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  await schema.createIndex('calls_by_start').on('calls').columns(['started_at', 'id']).execute();
  await schema
    .createIndex('calls_by_end')
    .on('calls')
    .columns(['ended_at'])
    .where(sql.ref('ended_at'), 'is not', null)
    .execute();
  await schema
    .createIndex('calls_with_party_by_end')
    .on('calls')
    .columns(['ended_at'])
    .where(sql<boolean>`ended_at is not null and party_sealed is not null`)
    .execute();
}

/** From now on an entry's hash covers a salted digest of its detail in place of the detail. */
async function makeLedgerForgettable(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { schema } = db;
  await schema.alterTable('ledger').addColumn('detail_salt', types.bytes).execute();
  await schema.alterTable('ledger').addColumn('detail_digest', types.bytes).execute();
  await schema.createIndex('ledger_by_time').on('ledger').columns(['at', 'position']).execute();
}

async function createApiRecords(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('revoked_at', types.integer)
    .execute();
  await schema
    .createTable('idempotency_keys')
    .addColumn('request_key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('response', 'text')
    .addColumn('expires_at', types.integer, (column) => column.notNull())
    .execute();
  await schema
    .createIndex('idempotency_keys_by_end')
    .on('idempotency_keys')
    .columns(['expires_at'])
    .execute();
  await schema
    .createTable('opt_outs')
    .addColumn('number_index', types.bytes, (column) => column.primaryKey().notNull())
    .addColumn('at', types.integer, (column) => column.notNull())
    .execute();
}

async function createDeliveries(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('deliveries')
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('subscription', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', types.integer, (column) => column.notNull())
    .addColumn('attempts', types.integer, (column) => column.notNull())
    .addColumn('next_attempt_at', types.integer, (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('deliveries_key', ['event_id', 'subscription'])
    .execute();
  await schema
    .createIndex('deliveries_due')
    .on('deliveries')
    .columns(['next_attempt_at', 'event_id'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute();
  await schema.createIndex('deliveries_by_age').on('deliveries').columns(['created_at']).execute();
}

async function createEngineRecords(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('queue_switches')
    .addColumn('queue', 'text', (column) => column.notNull())
    .addColumn('which', 'text', (column) => column.notNull())
    .addColumn('turned_on', types.integer, (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('at', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('queue_switches_key', ['queue', 'which'])
    .execute();
  await schema
    .createTable('memories')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('contacts_by_end').on('contacts').columns(['expires_at']).execute();
}
