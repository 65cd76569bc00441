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
import type { PhoneSource } from '../engine/phones.ts';

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
}

export interface TicketRow {
  readonly id: TicketId;
  readonly queue: QueueId;
  readonly number_sealed: Buffer;
  readonly number_index: Buffer;
  readonly dnis: E164;
  readonly call_id: CallId;
  readonly arrived_at: EpochMs;
  readonly arrival_sequence: number;
  readonly registered_at: EpochMs;
  readonly consent: string;
  /** Null in rows from before migration 002. */
  readonly origin: string | null;
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
  readonly detail: string;
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
