import type { TransactionLayer } from '../sip/transaction-layer.ts';
import type { CallRecords } from './call-records.ts';
import type { ClientRegistry } from './clients.ts';
import type { DialogTable } from './dialog.ts';
import type { RegisteredFlows } from './flows.ts';
import type { IncomingTable } from './incoming-table.ts';
import type { Listeners } from './listeners.ts';
import type { SignallingLimits, SignallingTimers } from './options.ts';
import type { OutgoingTable } from './outgoing-table.ts';
import type { Clock, Ids, Log } from './runtime.ts';

/** What the parts of the signalling server share. */
export interface Environment {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly timers: SignallingTimers;
  readonly limits: SignallingLimits;
  readonly clients: ClientRegistry;
  readonly listeners: Listeners;
  readonly transactions: TransactionLayer;
  readonly dialogs: DialogTable;
  readonly incoming: IncomingTable;
  readonly outgoing: OutgoingTable;
  readonly flows: RegisteredFlows;
  readonly records: CallRecords;
}
