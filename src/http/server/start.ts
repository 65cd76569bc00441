import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import type { ApiServerSettings, ApiSettings } from '../../domain/access/settings.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { TicketOffice } from '../../engine/ticket-office.ts';
import { KeyRing } from '../access/api-key.ts';
import { createRateLimits } from '../access/rate-limits.ts';
import { openApiDocument } from '../api/openapi.ts';
import { type Operation, operation } from '../api/operation.ts';
import { queueOperations } from '../api/queue-operations.ts';
import { reportOperation } from '../api/report-operation.ts';
import { serviceOperations } from '../api/service-operations.ts';
import { ticketOperations } from '../api/ticket-operations.ts';
import { Idempotency } from '../idempotency/idempotency.ts';
import type {
  Health,
  HttpStore,
  MetricsPage,
  ReceiveMessage,
  Reports,
  Surroundings,
} from '../ports.ts';
import { Problem } from '../problems/problem.ts';
import { takeJsonBodies } from './json-body.ts';
import { refuseConnection, refuseUnroutable, refuseWell } from './refuse.ts';
import { holderIdOf, serve } from './routes.ts';

/** What the API stands on. */
export interface HttpNeeds {
  /** In force now; `server` is read once. */
  readonly settings: () => ApiSettings;
  readonly office: TicketOffice;
  readonly store: HttpStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly surroundings: () => Surroundings;
  readonly health: () => Health;
  readonly metrics: MetricsPage;
  readonly reports: Reports;
  /** As `TextMessages` does. */
  readonly receiveMessage: ReceiveMessage;
  /** Of the program, for the OpenAPI document. */
  readonly version: string;
}

export interface HttpServer {
  /** With the port really taken. */
  readonly address: { readonly address: string; readonly port: number };
  /** Takes no more requests; those under way may end, for a few seconds. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 8192;
const MAX_REQUESTS_PER_CONNECTION = 1000;
const KEEP_ALIVE_MS = 5_000;
/** How often connections are looked at for requests that come in too slowly. */
const LOOK_MS = 500;
const CLOSE_MS = 5_000;
const DROP_LOG_MS = 60_000;

/**
 * Serves the API over HTTP/1.1.
 * @throws Error if the port is taken or the TLS files cannot be used; the message says which
 */
export async function startHttp(needs: HttpNeeds): Promise<HttpServer> {
  const settings = needs.settings().server;
  const { instance, raw } = await createInstance(settings);
  const state = { closing: false };
  const keys = new KeyRing(() => needs.settings().keys, needs.store);
  const limits = await createRateLimits(instance, () => needs.settings().rateLimits, holderIdOf);
  instance.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (state.closing) throw new Problem('shutting-down', {}, { connection: 'close' });
    reply.headers({ ...(await limits.byAddress(request)) });
  });
  const operations = allOperations(needs);
  refuseWell(instance, operations, needs.log);
  takeJsonBodies(instance);
  const now = () => needs.clock.now();
  const idempotency = new Idempotency({ store: needs.store, log: needs.log, now });
  for (const one of operations) {
    serve(instance, one, { keys, limits, idempotency, log: needs.log, now });
  }
  tellOfDrops(raw, needs);
  await instance.listen({ host: settings.address, port: settings.port });
  const taken = raw.address() as AddressInfo;
  return {
    address: { address: taken.address, port: taken.port },
    close: async () => {
      state.closing = true;
      const stopWaiting = needs.clock.startTimer(CLOSE_MS, () => raw.closeAllConnections());
      await instance.close();
      stopWaiting();
    },
  };
}

/** Every operation of the API. */
export function allOperations(needs: HttpNeeds): readonly Operation[] {
  const operations = [
    ...ticketOperations(needs),
    ...queueOperations({ office: needs.office, now: () => needs.clock.now() }),
    reportOperation(needs.reports),
    ...serviceOperations(needs),
  ];
  const document = openApiDocument(operations, needs.version);
  return [
    ...operations,
    operation({
      id: 'readOpenApi',
      method: 'GET',
      url: '/v1/openapi.json',
      summary: 'This document.',
      scope: undefined,
      answer: { status: 200, description: 'OpenAPI 3.1.', schema: undefined },
      handle: () => ({ status: 200, body: document }),
    }),
  ];
}

async function createInstance(
  settings: ApiServerSettings,
): Promise<{ readonly instance: FastifyInstance; readonly raw: Server }> {
  const options: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: settings.requestSeconds * 1000,
    headersTimeout: settings.requestSeconds * 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: LOOK_MS,
    insecureHTTPParser: false,
  };
  const tls = settings.tls === undefined ? undefined : await readTls(settings.tls);
  const raw = tls === undefined ? createServer(options) : createTlsServer({ ...options, ...tls });
  raw.maxConnections = settings.maxConnections;
  raw.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  // Whoever takes the answer too slowly is hung up on.
  raw.setTimeout(settings.requestSeconds * 2000);
  const instance = fastify({
    logger: false,
    bodyLimit: settings.maxBodyBytes,
    return503OnClosing: false,
    clientErrorHandler: refuseConnection,
    frameworkErrors: refuseUnroutable,
    serverFactory: (handler) => {
      raw.on('request', handler);
      return raw;
    },
  });
  return { instance, raw };
}

async function readTls(files: NonNullable<ApiServerSettings['tls']>) {
  const [key, cert] = await Promise.all([readFile(files.keyFile), readFile(files.certificateFile)]);
  return { key, cert, minVersion: 'TLSv1.2' as const };
}

/** Connections above the limit are dropped by Node; that is said, once in a while. */
function tellOfDrops(server: Server, { clock, log }: HttpNeeds): void {
  let dropped = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    dropped += 1;
    if (clock.now() - toldAt < DROP_LOG_MS) return;
    log.warn('api: connections above the limit are dropped', { dropped });
    toldAt = clock.now();
    dropped = 0;
  });
}
