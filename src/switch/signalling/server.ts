import type { Received } from '../sip/hop.ts';
import { createTransports } from '../sip/transports.ts';
import { assembleSignalling } from './assembly.ts';
import { ControlServer } from './control/control-server.ts';
import { hangUp } from './dialog/dialog-requests.ts';
import type { Listener } from './network/listeners.ts';
import { SERVER_VERSION, type SignallingOptions } from './options.ts';

/** How much the server holds at this moment. */
interface SignallingCounts {
  readonly clients: number;
  readonly dialogs: number;
  readonly incomingRequests: number;
  readonly outgoingRequests: number;
  readonly serverTransactions: number;
  readonly clientTransactions: number;
}

/** A running signalling server: drachtio-server's stand-in. */
export interface SignallingServer {
  /** The control port really taken. */
  readonly controlPort: number;
  /** The SIP listeners with the ports really taken, in the order of the options. */
  readonly sip: readonly Listener[];
  counts(): SignallingCounts;
  /** Ends every call by a BYE of the server's own. drachtio-server has no such thing: it outlives its applications. */
  hangUpAll(reason: string): void;
  /** Closes every port and connection. Calls in progress are left as they are: nobody is told. */
  close(): Promise<void>;
}

/**
 * Opens the SIP listeners and the control port. Rejects with PortInUseError or TransportError of the SIP side, or
 * with ControlPortError; nothing stays open then.
 */
export async function createSignallingServer(
  options: SignallingOptions,
): Promise<SignallingServer> {
  const { log = () => undefined } = options;
  const receiver: { receive(received: Received): void } = { receive: () => undefined };
  const transports = await createTransports({
    listen: options.sip,
    rport: 'always',
    onMessage: (received) => receiver.receive(received),
    onError: (error) =>
      log({ level: 'warn', event: 'sip-transport', detail: { reason: error.message } }),
  });
  const assembly = assembleSignalling(transports, options);
  const { environment, signalling, listeners } = assembly;
  const { clients, dialogs, incoming, outgoing, limits, ids, transactions } = environment;
  receiver.receive = (received) => transactions.receive(received);
  const control = new ControlServer({
    secret: options.control.secret,
    onCommand: (client, command) => signalling.command(client, command),
    onLost: (client) => signalling.lost(client),
    greeting: () => [
      environment.listeners.hostPorts('advertised'),
      SERVER_VERSION,
      environment.listeners.hostPorts('local'),
    ],
    clients,
    limits,
    ids,
    log,
  });
  const close = async (): Promise<void> => {
    await control.close();
    await assembly.close();
  };
  try {
    await control.listen(options.control.address, options.control.port);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    controlPort: control.port,
    sip: listeners,
    counts: () => ({
      clients: clients.size,
      dialogs: dialogs.size,
      incomingRequests: incoming.size,
      outgoingRequests: outgoing.size,
      serverTransactions: transactions.counts().server,
      clientTransactions: transactions.counts().client,
    }),
    hangUpAll: (reason) => {
      for (const dialog of dialogs.established()) hangUp(dialog, reason, environment);
    },
    close,
  };
}
