import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../backend.ts';
import type { Tables } from '../tables.ts';

/** Tickets, calls, recordings, agents, their phones, and the ledger of all changes. */
export async function first(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await createTickets(db, types);
  await createCalls(db, types);
  await createRecordings(db, types);
  await createAgents(db, types);
  await createLedger(db, types);
  await db.schema
    .createTable('store_key')
    .addColumn('id', types.integer, (column) => column.primaryKey())
    .addColumn('check_value', types.bytes, (column) => column.notNull())
    .execute();
}

async function createTickets(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('tickets')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('queue', 'text', (column) => column.notNull())
    .addColumn('number_sealed', types.bytes, (column) => column.notNull())
    .addColumn('number_index', types.bytes, (column) => column.notNull())
    .addColumn('dnis', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('arrived_at', types.integer, (column) => column.notNull())
    .addColumn('arrival_sequence', types.integer, (column) => column.notNull())
    .addColumn('registered_at', types.integer, (column) => column.notNull())
    .addColumn('consent', 'text', (column) => column.notNull())
    .addColumn('state_name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'text', (column) => column.notNull())
    .addColumn('ended_at', types.integer)
    .execute();
  await db.schema
    .createIndex('tickets_open_by_arrival')
    .on('tickets')
    .columns(['arrived_at', 'arrival_sequence'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('tickets_open_by_number')
    .on('tickets')
    .columns(['number_index', 'arrived_at', 'arrival_sequence'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('tickets_by_sequence')
    .on('tickets')
    .columns(['arrival_sequence'])
    .execute();
}

async function createCalls(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('calls')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('trunk', 'text')
    .addColumn('dnis', 'text', (column) => column.notNull())
    .addColumn('party_sealed', types.bytes)
    .addColumn('party_index', types.bytes)
    .addColumn('started_at', types.integer, (column) => column.notNull())
    .addColumn('queue', 'text')
    .addColumn('ticket_id', 'text')
    .addColumn('connected_at', types.integer)
    .addColumn('ended_at', types.integer)
    .addColumn('outcome', 'text')
    .execute();
  await db.schema
    .createIndex('calls_open')
    .on('calls')
    .columns(['started_at'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema.createIndex('calls_by_party').on('calls').columns(['party_index']).execute();
}

async function createRecordings(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('recordings')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('ticket_id', 'text')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('queue', 'text', (column) => column.notNull())
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('started_at', types.integer, (column) => column.notNull())
    .addColumn('state_name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('ended_at', types.integer)
    .execute();
  await db.schema
    .createIndex('recordings_running')
    .on('recordings')
    .columns(['started_at'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
}

async function createAgents(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('agents')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('presence', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('contacts')
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('uri', 'text', (column) => column.notNull())
    .addColumn('expires_at', types.integer, (column) => column.notNull())
    .addColumn('registered_at', types.integer, (column) => column.notNull())
    .addColumn('protocol', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('port', types.integer, (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('cseq', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('contacts_key', ['agent_id', 'uri'])
    .execute();
}

async function createLedger(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('ledger')
    .addColumn('position', types.integer, (column) => column.primaryKey())
    .addColumn('at', types.integer, (column) => column.notNull())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('hash', types.bytes, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('ledger_by_subject')
    .on('ledger')
    .columns(['about', 'position'])
    .execute();
  await db.schema
    .createTable('ledger_head')
    .addColumn('id', types.integer, (column) => column.primaryKey())
    .addColumn('position', types.integer, (column) => column.notNull())
    .addColumn('hash', types.bytes, (column) => column.notNull())
    .addColumn('mac', types.bytes, (column) => column.notNull())
    .execute();
}
