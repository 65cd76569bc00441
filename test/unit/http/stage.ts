import { onTestFinished } from 'vitest';
import type { Scope } from '../../../src/domain/access/scope.ts';
import { SCOPES } from '../../../src/domain/access/scope.ts';
import type { ApiSettings } from '../../../src/domain/access/settings.ts';
import type { ReportRequest } from '../../../src/domain/report/compile.ts';
import type { LogFields } from '../../../src/engine/ports.ts';
import { type HttpNeeds, startHttp } from '../../../src/http/server/start.ts';
import { createClock } from '../../../src/observe/clock.ts';
import { FakeOffice } from './fake-office.ts';
import { MemoryHttpStore } from './memory-http-store.ts';

export const SECRETS = {
  everything: 'secret-of-everything-0123456789',
  website: 'secret-of-website-0123456789ab',
  board: 'secret-of-wall-board-0123456789',
} as const;

const SCOPES_OF: Readonly<Record<keyof typeof SECRETS, readonly Scope[]>> = {
  everything: SCOPES,
  website: ['tickets:read', 'tickets:write'],
  board: ['queues:read'],
};

export function settingsOf(change: Partial<ApiSettings> = {}): ApiSettings {
  const names = Object.keys(SECRETS) as (keyof typeof SECRETS)[];
  return {
    server: {
      enabled: true,
      address: '127.0.0.1',
      port: 0,
      tls: undefined,
      maxConnections: 50,
      maxBodyBytes: 4096,
      requestSeconds: 10,
    },
    rateLimits: { perKeyPerMinute: 10_000, perAddressPerMinute: 10_000 },
    keys: new Map(names.map((name) => [name, { secret: SECRETS[name], scopes: SCOPES_OF[name] }])),
    webhooks: new Map(),
    messages: {
      provider: 'off',
      http: undefined,
      texts: {
        registered: new Map(),
        booked: new Map(),
        missed: new Map(),
        cancelled: new Map(),
        ended: new Map(),
      },
    },
    ...change,
  };
}

/** Lines of a log. */
export class HeardLog {
  readonly lines: {
    readonly level: string;
    readonly message: string;
    readonly fields: LogFields;
  }[] = [];
  readonly debug = this.#writer('debug');
  readonly info = this.#writer('info');
  readonly warn = this.#writer('warn');
  readonly error = this.#writer('error');

  #writer(level: string) {
    return (message: string, fields: LogFields = {}) => {
      this.lines.push({ level, message, fields });
    };
  }

  get text(): string {
    return JSON.stringify(this.lines);
  }
}

/** A running API over an office, store and log that tests can look into. */
export async function stage(change: Partial<ApiSettings> = {}, needs: Partial<HttpNeeds> = {}) {
  const office = new FakeOffice();
  const store = new MemoryHttpStore();
  const log = new HeardLog();
  const settings = { current: settingsOf(change) };
  const reports: ReportRequest[] = [];
  const all: HttpNeeds = {
    settings: () => settings.current,
    office,
    store,
    clock: createClock(),
    log,
    surroundings: () => ({ defaultLanguage: 'en', languages: ['en', 'es'] }),
    health: () => ({ status: 'ok', parts: { store: true } }),
    metrics: { contentType: 'text/plain; version=0.0.4', render: async () => 'up 1\n' },
    reports: async (request) => {
      reports.push(request);
      return { from: '2026-11-25', to: '2026-11-26', by: request.by, rows: [], givenUp: 0 };
    },
    receiveMessage: async () => 'nothing',
    version: '1.2.3',
    ...needs,
  };
  const server = await startHttp(all);
  onTestFinished(() => server.close());
  const { port } = server.address;
  const ask = (method: string, path: string, given: Given = {}) =>
    fetchFrom(port, method, path, given);
  return { office, store, log, settings, reports, server, port, ask, needs: all };
}

interface Given {
  readonly secret?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined if it is none. */
  readonly body: unknown;
}

async function fetchFrom(port: number, method: string, path: string, given: Given): Promise<Got> {
  const { secret = SECRETS.everything, body, raw, headers } = given;
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: asJson(text) };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a form on a web page sends. */
export const FORM = {
  queue: 'refunds',
  number: '(202) 555-0123',
  dnis: '+18005550100',
  promptVersion: 'web-2026-11',
} as const;

let keys = 0;

/** A fresh idempotency key. */
export function freshKey(): { readonly 'idempotency-key': string } {
  keys += 1;
  return { 'idempotency-key': `"key-${keys}"` };
}
