import type { CallOutcome, CallRecord } from '../domain/call/call-record.ts';
import type { TicketState } from '../domain/callback/ticket.ts';
import type {
  AgentId,
  CallId,
  E164,
  EpochMs,
  QueueId,
  RecordingId,
  TicketId,
  TrunkId,
} from '../domain/ids.ts';
import type { RecordingState } from '../domain/recording/recording.ts';
import type { Delivery } from '../engine/api-records.ts';
import type { PhoneSource } from '../engine/phones.ts';
import type { TurnedSwitch } from '../engine/ports.ts';

/**
 * Columns as they are stored. Times are milliseconds since the epoch; what only the rules look
 * into is JSON text. Aggregates refer to each other by id without foreign keys, since each kind of
 * record is destroyed at its own age.
 */
export interface Tables {
  readonly tickets: TicketRow;
  readonly calls: CallRow;
  readonly recordings: RecordingRow;
  readonly agents: AgentRow;
  readonly contacts: ContactRow;
  readonly ledger: LedgerRow;
  readonly ledger_head: LedgerHeadRow;
  readonly store_key: StoreKeyRow;
  readonly api_keys: ApiKeyRow;
  readonly idempotency_keys: IdempotencyKeyRow;
  readonly opt_outs: OptOutRow;
  readonly deliveries: DeliveryRow;
  readonly queue_switches: QueueSwitchRow;
  readonly memories: MemoryRow;
}

export interface TicketRow {
  readonly id: TicketId;
  readonly queue: QueueId;
  /** Null once the number has aged off, as its index. */
  readonly number_sealed: Buffer | null;
  readonly number_index: Buffer | null;
  readonly dnis: E164;
  /** Null in a ticket created by API. */
  readonly call_id: CallId | null;
  readonly arrived_at: EpochMs;
  readonly arrival_sequence: number;
  readonly registered_at: EpochMs;
  readonly consent: string;
  /** Without the call's id, which has a column. */
  readonly origin: string;
  readonly slot: string | null;
  readonly state_name: TicketState['name'];
  readonly state: string;
  readonly attempts: string;
  /** Null while the ticket is in line or being called. */
  readonly ended_at: EpochMs | null;
}

export interface CallRow {
  readonly id: CallId;
  readonly direction: CallRecord['direction'];
  readonly trunk: TrunkId | null;
  readonly dnis: E164;
  /** Null if it was withheld or has aged off, as its index. */
  readonly party_sealed: Buffer | null;
  readonly party_index: Buffer | null;
  readonly started_at: EpochMs;
  readonly queue: QueueId | null;
  readonly ticket_id: TicketId | null;
  readonly connected_at: EpochMs | null;
  readonly ended_at: EpochMs | null;
  readonly outcome: CallOutcome | null;
}

export interface RecordingRow {
  readonly id: RecordingId;
  readonly call_id: CallId;
  readonly ticket_id: TicketId | null;
  readonly agent_id: AgentId;
  readonly queue: QueueId;
  readonly file: string;
  readonly started_at: EpochMs;
  readonly state_name: RecordingState['name'];
  readonly state: string;
  /** Null while it is running. */
  readonly ended_at: EpochMs | null;
}

interface AgentRow {
  readonly id: AgentId;
  readonly presence: string;
}

export interface ContactRow {
  readonly agent_id: AgentId;
  readonly uri: string;
  readonly expires_at: EpochMs;
  readonly registered_at: EpochMs;
  readonly protocol: PhoneSource['protocol'];
  readonly address: string;
  readonly port: number;
  readonly call_id: string;
  readonly cseq: number;
}

export interface LedgerRow {
  /** 1, 2, 3 … without a gap. */
  readonly position: number;
  readonly at: EpochMs;
  readonly about: string;
  readonly what: string;
  /** Empty once it has aged off, then its salt is null. */
  readonly detail: string;
  readonly detail_salt: Buffer | null;
  /** Null in entries from before migration 002, whose hash covers the detail itself. */
  readonly detail_digest: Buffer | null;
  readonly hash: Buffer;
}

/** One row: the end of the ledger, sealed, so that entries cut off at the end are missed. */
interface LedgerHeadRow {
  readonly id: number;
  readonly position: number;
  readonly hash: Buffer;
  readonly mac: Buffer;
}

/** One row, by which a wrong key is recognised before anything is read or written with it. */
interface StoreKeyRow {
  readonly id: number;
  readonly check_value: Buffer;
}

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly secret_hash: string;
  readonly scopes: string;
  readonly created_at: EpochMs;
  readonly revoked_at: EpochMs | null;
}

export interface IdempotencyKeyRow {
  readonly request_key: string;
  readonly fingerprint: string;
  /** Null while the request is being carried out. */
  readonly response: string | null;
  readonly expires_at: EpochMs;
}

/** Whoever holds the number wants no text messages. */
interface OptOutRow {
  readonly number_index: Buffer;
  readonly at: EpochMs;
}

export interface DeliveryRow {
  readonly event_id: string;
  readonly subscription: string;
  readonly body: string;
  readonly created_at: EpochMs;
  readonly attempts: number;
  readonly next_attempt_at: EpochMs;
  readonly state: Delivery['state'];
}

interface QueueSwitchRow {
  readonly queue: QueueId;
  readonly which: TurnedSwitch['which'];
  /** 1 or 0; `on` is a word of SQL. */
  readonly turned_on: number;
  readonly reason: string;
  readonly at: EpochMs;
}

interface MemoryRow {
  readonly name: string;
  readonly value: string;
}
