import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CallFailure } from '../../domain/call/failure.ts';
import type { Log } from '../../engine/ports.ts';
import { NotKeptYet } from '../../engine/ticket-office.ts';
import type { Operation } from '../api/operation.ts';
import { PROBLEMS, type ProblemName } from '../problems/catalogue.ts';
import { PROBLEM_MEDIA_TYPE, Problem, problemBody } from '../problems/problem.ts';
import { holderIdOf } from './routes.ts';

/** Headers that must not stand twice: which of them counts would be a guess. */
const SINGLE_HEADERS = ['authorization', 'idempotency-key', 'content-type'] as const;

/** Answers everything that goes wrong as application/problem+json, without a word of how we work. */
export function refuseWell(
  server: FastifyInstance,
  operations: readonly Operation[],
  log: Log,
): void {
  server.addHook('onRequest', async (request) => {
    const distinct = request.raw.headersDistinct;
    const doubled = SINGLE_HEADERS.find((name) => (distinct[name]?.length ?? 0) > 1);
    if (doubled !== undefined) throw new Problem('duplicate-header', { detail: doubled });
  });
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = problemOf(error);
    tell(log, problem, request, error);
    return sendProblem(reply, problem);
  });
  server.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const methods = methodsAt(operations, path);
    if (methods.length === 0) return sendProblem(reply, new Problem('not-found'));
    const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    return sendProblem(reply, new Problem('method-not-allowed', {}, { allow: allow.join(', ') }));
  });
}

function tell(log: Log, problem: Problem, request: FastifyRequest, error: Error): void {
  const fields = {
    url: request.routeOptions.url,
    key: holderIdOf(request),
    problem: problem.problem,
    status: problem.status,
  };
  if (problem.status >= 500) log.error('api: failed', { ...fields, error: String(error) });
  // Whoever is over the limit could fill the log.
  else if (problem.status === 429) log.debug('api: refused', fields);
  else log.info('api: refused', fields);
}

/** Addresses that fastify cannot read, such as `/%zz`; its hooks are not run for them. */
export function refuseUnroutable(
  error: FastifyError,
  _request: unknown,
  reply: FastifyReply,
): void {
  sendProblem(reply, problemOf(error));
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return (
    reply
      .code(problem.status)
      .headers({ ...problem.headers })
      .header('content-type', PROBLEM_MEDIA_TYPE)
      // As bytes: to a text fastify would add a charset, which this media type has not.
      .send(Buffer.from(JSON.stringify(problemBody(problem.problem, problem.extras))))
  );
}

function methodsAt(operations: readonly Operation[], path: string): readonly string[] {
  return operations
    .filter(({ url }) => new RegExp(`^${url.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u').test(path))
    .map(({ method }) => method);
}

/** Of a store that takes nothing. */
const RETRY_AFTER = { 'retry-after': '10' };

/** Codes of fastify that are the client's doing. */
const FASTIFY_CODES: ReadonlyMap<string, ProblemName> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body-too-large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported-media-type'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'malformed-http'],
  ['FST_ERR_BAD_URL', 'not-found'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'not-found'],
]);

function problemOf(error: FastifyError | Problem | Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof NotKeptYet) {
    return new Problem('not-kept-yet', {}, RETRY_AFTER);
  }
  if (error instanceof CallFailure && error.origin === 'store') {
    return new Problem('store-unavailable', {}, RETRY_AFTER);
  }
  const name = 'code' in error ? FASTIFY_CODES.get(String(error.code)) : undefined;
  return new Problem(name ?? 'internal-error');
}

/** Codes of Node's parser (https://nodejs.org/docs/latest-v20.x/api/http.html, 'clientError'). */
const CONNECTION_CODES: ReadonlyMap<string, ProblemName> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'too-slow'],
]);

/** Answers what is no request yet, and hangs up. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const name = CONNECTION_CODES.get(error.code ?? '') ?? 'malformed-http';
  const body = JSON.stringify(problemBody(name));
  socket.end(
    [
      `HTTP/1.1 ${PROBLEMS[name].status} Refused`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}
