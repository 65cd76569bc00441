import { createTransactionLayer } from '../sip/transaction-layer.ts';
import type { TransactionUser } from '../sip/transactions.ts';
import type { Transports } from '../sip/transports.ts';
import { CallRecords } from './control/call-records.ts';
import { ClientRegistry } from './control/clients.ts';
import { DialogTable } from './dialog/dialog.ts';
import type { Environment } from './environment.ts';
import { IncomingTable } from './incoming/incoming-table.ts';
import { RegisteredFlows } from './network/flows.ts';
import { type Listener, Listeners } from './network/listeners.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMERS, type SignallingOptions } from './options.ts';
import { OutgoingTable } from './outgoing/outgoing-table.ts';
import { RANDOM_IDS, SYSTEM_CLOCK } from './runtime.ts';
import { Signalling } from './signalling.ts';

/** The signalling server without its control port: what the transports receive goes to `transactions.receive`. */
export interface SignallingAssembly {
  readonly environment: Environment;
  readonly signalling: Signalling;
  readonly listeners: readonly Listener[];
  /** Forgets every call and closes the transports. */
  close(): Promise<void>;
}

/** Puts the signalling server together on transports that are open. */
export function assembleSignalling(
  transports: Transports,
  options: Omit<SignallingOptions, 'control'>,
): SignallingAssembly {
  const { clock = SYSTEM_CLOCK, ids = RANDOM_IDS, log = () => undefined } = options;
  const timers = { ...DEFAULT_TIMERS, ...options.timers };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { t1Ms, t2Ms, t4Ms, inviteRetransmitMs: inviteT1Ms } = timers;
  const user = new LateUser();
  const transactions = createTransactionLayer({
    transports,
    clock,
    timers: { t1Ms, t2Ms, t4Ms, inviteT1Ms },
    ids: () => ids.uuid(),
    user,
  });
  const listeners = transports.bound.map((hop, index) =>
    withAdvertised(hop, options.sip[index]?.advertise),
  );
  const clients = new ClientRegistry(limits.routesPerClient);
  const environment: Environment = {
    clock,
    ids,
    log,
    timers,
    limits,
    clients,
    listeners: new Listeners(listeners),
    transactions,
    dialogs: new DialogTable(limits.dialogs),
    incoming: new IncomingTable(limits.incomingRequests),
    outgoing: new OutgoingTable(limits.outgoingRequests),
    flows: new RegisteredFlows(clock, limits.flows),
    records: new CallRecords(clients, clock, options.cdrs ?? false),
  };
  const signalling = new Signalling(environment);
  user.become(signalling);
  const close = async (): Promise<void> => {
    signalling.close();
    environment.incoming.clear();
    environment.outgoing.clear();
    environment.dialogs.clear();
    await transactions.close();
  };
  return { environment, signalling, listeners, close };
}

/** The user of the transaction layer, which can only be made once the layer is there. */
class LateUser implements TransactionUser {
  #user: TransactionUser | undefined;

  become(user: TransactionUser): void {
    this.#user = user;
  }

  request(...given: Parameters<TransactionUser['request']>): void {
    this.#user?.request(...given);
  }

  ack(...given: Parameters<TransactionUser['ack']>): void {
    this.#user?.ack(...given);
  }

  cancel(...given: Parameters<TransactionUser['cancel']>): void {
    this.#user?.cancel(...given);
  }
}

function withAdvertised(hop: Listener, advertise: string | undefined): Listener {
  return advertise === undefined ? hop : { ...hop, advertise };
}
