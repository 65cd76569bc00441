import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EpochMs } from '../../domain/ids.ts';
import type { Log } from '../../engine/ports.ts';
import { bearerSecret, type KeyHolder, type KeyRing } from '../access/api-key.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import type { Answer, Operation } from '../api/operation.ts';
import { fingerprint, type Idempotency, readIdempotencyKey } from '../idempotency/idempotency.ts';
import { Problem } from '../problems/problem.ts';
import { check } from '../problems/validation.ts';

/** What every request passes on its way to its operation. */
export interface Gate {
  readonly keys: KeyRing;
  readonly limits: RateLimits;
  readonly idempotency: Idempotency;
  readonly log: Log;
  readonly now: () => EpochMs;
}

/** Who asks, with the secret that proved it. */
interface Proven {
  readonly holder: KeyHolder;
  readonly secret: string;
}

const NOBODY: Proven = { holder: { id: 'nobody', scopes: new Set() }, secret: '' };

/** Who was proven to ask, by request. */
const proven = new WeakMap<FastifyRequest, Proven>();

/** The id under which requests of a key are counted. */
export function holderIdOf(request: FastifyRequest): string {
  return (proven.get(request) ?? NOBODY).holder.id;
}

/** Serves an operation: key, limit, scope, schemas, idempotency, then its handler. */
export function serve(server: FastifyInstance, one: Operation, gate: Gate): void {
  server.route({
    method: one.method,
    url: one.url.replaceAll(/\{(\w+)\}/gu, ':$1'),
    // Before the body is read: nobody without a key makes us read one.
    onRequest: async (request, reply) => {
      if (one.scope === undefined) return;
      const who = await prove(request, gate.keys);
      proven.set(request, who);
      reply.headers({ ...(await gate.limits.byKey(request)) });
      if (!who.holder.scopes.has(one.scope)) throw new Problem('forbidden', { scope: one.scope });
    },
    handler: async (request, reply) => {
      const began = gate.now();
      const answer = await answerTo(request, one, gate);
      logDone(gate, one, request, answer.status, gate.now() - began);
      return send(reply, answer);
    },
  });
}

async function prove(request: FastifyRequest, keys: KeyRing): Promise<Proven> {
  const secret = bearerSecret(request.headers.authorization);
  const holder = secret === undefined ? undefined : await keys.holderOf(secret);
  if (secret === undefined || holder === undefined) {
    throw new Problem('unauthorized', {}, { 'www-authenticate': 'Bearer realm="linekeeper"' });
  }
  return { holder, secret };
}

async function answerTo(request: FastifyRequest, one: Operation, gate: Gate): Promise<Answer> {
  const { holder, secret } = proven.get(request) ?? NOBODY;
  const asked = {
    path: check('path', one.path, request.params),
    query: check('query', one.query, request.query),
    body: one.body === undefined ? undefined : check('body', one.body, request.body ?? {}),
    holder,
  };
  const key = idempotencyKeyOf(request, one);
  if (key === undefined) return one.handle(asked);
  const parts = [one.id, asked.path, asked.query, asked.body];
  return gate.idempotency.once(
    { holderId: holder.id, idempotencyKey: key, fingerprint: fingerprint(secret, parts) },
    async () => one.handle(asked),
  );
}

function idempotencyKeyOf(request: FastifyRequest, one: Operation): string | undefined {
  const header = request.headers['idempotency-key'];
  if (one.idempotency === 'none') return undefined;
  if (typeof header === 'string') return readIdempotencyKey(header);
  if (one.idempotency === 'required') throw new Problem('idempotency-key-missing');
  return undefined;
}

function logDone(
  { log }: Gate,
  one: Operation,
  request: FastifyRequest,
  status: number,
  tookMs: number,
): void {
  const fields = { operation: one.id, key: holderIdOf(request), status, tookMs };
  if (one.method === 'GET') log.debug('api: answered', fields);
  else log.info('api: carried out', fields);
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers({ ...answer.headers });
  if (answer.mediaType !== undefined) {
    return reply.header('content-type', answer.mediaType).send(answer.body);
  }
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(answer.body));
}
