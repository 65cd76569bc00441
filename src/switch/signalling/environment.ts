import type { TransactionLayer } from '../sip/transaction-layer.ts';
import type { CallRecords } from './control/call-records.ts';
import type { ClientRegistry } from './control/clients.ts';
import type { DialogTable } from './dialog/dialog.ts';
import type { IncomingTable } from './incoming/incoming-table.ts';
import type { RegisteredFlows } from './network/flows.ts';
import type { Listeners } from './network/listeners.ts';
import type { SignallingLimits, SignallingTimers } from './options.ts';
import type { OutgoingTable } from './outgoing/outgoing-table.ts';
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
