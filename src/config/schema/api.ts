import * as z from 'zod';
import { SCOPES } from '../../domain/access/scope.ts';
import { folder, host, name, named, oneOf, portOrAny, secret, whole } from './blocks.ts';
import { messages, webhook } from './notification.ts';

const MAX_KEYS = 200;
const MAX_WEBHOOKS = 20;
/** 24 random characters cannot be guessed over the network, nor found from their hash. */
const MIN_KEY_LENGTH = 24;

const server = z.strictObject({
  enabled: z.boolean({ error: 'true or false' }).default(true),
  address: host.default('127.0.0.1'),
  port: portOrAny.default(8088),
  tls: z
    .strictObject({ keyFile: folder, certificateFile: folder })
    .optional()
    .describe('PEM files; relative ones start from this folder. Left out: plain HTTP.'),
  maxConnections: whole(1, 10_000, 'connections').default(200),
  maxBodyBytes: whole(1024, 1_048_576, 'bytes').default(16_384),
  requestSeconds: whole(1, 120, 'seconds').default(10),
});

const key = z.strictObject({
  secret: secret(MIN_KEY_LENGTH),
  scopes: z
    .array(oneOf(SCOPES))
    .min(1, { error: `at least one of ${SCOPES.join(', ')}` })
    .max(SCOPES.length, { error: 'each scope once' }),
});

const rateLimits = z.strictObject({
  perKeyPerMinute: whole(1, 1_000_000, 'requests').default(600),
  perAddressPerMinute: whole(1, 1_000_000, 'requests').default(1200),
});

/** `api.yaml`. */
export const apiFile = z.strictObject({
  server: server.prefault({}).describe('Where programs reach us. Read at start.'),
  rateLimits: rateLimits.prefault({}).describe('Requests in a minute; above it 429.'),
  keys: named(name, key, MAX_KEYS).default({}).describe('Programs that may use the API.'),
  webhooks: named(name, webhook, MAX_WEBHOOKS).default({}).describe('Who is told of tickets.'),
  messages: messages.prefault({}).describe('Texts to customers.'),
});
