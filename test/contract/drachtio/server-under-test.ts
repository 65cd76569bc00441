import { once } from 'node:events';
import Srf from 'drachtio-srf';
import { createSignallingServer } from '../../../src/switch/signalling/server.ts';
import type { SrfApp } from './srf-types.ts';

/** The server that a suite is run against, and what is needed to reach it. */
export interface ServerUnderTest {
  readonly external: boolean;
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
  /** Ports of its SIP listeners on 127.0.0.1. */
  readonly udp: { readonly port: number };
  readonly tcp: { readonly port: number };
  close(): Promise<void>;
}

/** An application connected to the server. */
export interface Application {
  readonly srf: SrfApp;
  /** As the server gave them: `tcp/127.0.0.1:5060,udp/127.0.0.1:5060`. */
  readonly hostPorts: string;
  readonly version: string;
  /** Resolves when the server knows every route asked for so far. */
  settled(): Promise<void>;
  /** Hangs up, once; resolves when the server has noticed. */
  disconnect(): Promise<void>;
}

/**
 * The real drachtio-server that LINEKEEPER_DRACHTIO and LINEKEEPER_DRACHTIO_SECRET name, when LINEKEEPER_SWITCH is
 * `external`; it must listen on 127.0.0.1 by UDP and TCP. Otherwise a new embedded server on free ports.
 */
export async function openServerUnderTest(): Promise<ServerUnderTest> {
  const { env } = process;
  if (env['LINEKEEPER_SWITCH'] === 'external') {
    const [host = '127.0.0.1', port = '9022'] = (env['LINEKEEPER_DRACHTIO'] ?? '').split(':');
    const control = {
      host,
      port: Number(port),
      secret: env['LINEKEEPER_DRACHTIO_SECRET'] ?? 'cymru',
    };
    const application = await connectApplication({ control });
    const portOf = (protocol: string): number =>
      Number(new RegExp(`${protocol}/[^:,]+:(\\d+)`).exec(application.hostPorts)?.[1] ?? 0);
    const server = { udp: { port: portOf('udp') }, tcp: { port: portOf('tcp') } };
    await application.disconnect();
    return { external: true, control, ...server, close: () => Promise.resolve() };
  }
  const secret = 'contract';
  const server = await createSignallingServer({
    control: { address: '127.0.0.1', port: 0, secret },
    sip: [
      { protocol: 'udp', address: '127.0.0.1', port: 0 },
      { protocol: 'tcp', address: '127.0.0.1', port: 0 },
    ],
  });
  const portOf = (protocol: string): number =>
    server.sip.find((one) => one.protocol === protocol)?.port ?? 0;
  return {
    external: false,
    control: { host: '127.0.0.1', port: server.controlPort, secret },
    udp: { port: portOf('udp') },
    tcp: { port: portOf('tcp') },
    close: () => server.close(),
  };
}

/** Connects an application by drachtio-srf. Rejects when the server refuses it. */
export async function connectApplication(
  server: Pick<ServerUnderTest, 'control'>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Application> {
  const srf = new Srf() as unknown as SrfApp;
  const connected = new Promise<[string, string]>((resolve, reject) => {
    srf.on('connect', (error: Error | null, hostPorts: string, version: string) => {
      if (error) reject(error);
      else resolve([hostPorts, version]);
    });
    srf.on('error', reject);
  });
  srf.connect({ ...server.control, ...options });
  const [hostPorts, version] = await connected;
  const closed = once(srf, 'close');
  let leaving = false;
  const disconnect = async (): Promise<void> => {
    if (!leaving) srf.disconnect();
    leaving = true;
    await closed; // the server has closed its side as well then
  };
  const own = /udp\/([^,]+)/.exec(hostPorts)?.[1] ?? '';
  const settled = async (): Promise<void> => {
    // Commands are obeyed in order: when this one is refused, the routes before it are in force.
    const refused = srf.request(`sip:settled@${own}`, { method: 'OPTIONS' });
    await refused.catch((error: Error) => {
      if (!error.message.includes('to myself')) throw error;
    });
  };
  return { srf, hostPorts, version, settled, disconnect };
}
