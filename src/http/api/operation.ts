import * as z from 'zod';
import type { Scope } from '../../domain/access/scope.ts';
import type { KeyHolder } from '../access/api-key.ts';
import type { ProblemName } from '../problems/catalogue.ts';

/** A request that was checked. */
interface Asked<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly holder: KeyHolder;
}

/** What is sent back. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** `application/json` if left out; then `body` is anything that JSON can say, else a text. */
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an operation says of itself, for routing, checking and the OpenAPI document alike. */
export interface Operation {
  /** Unique; the operationId of OpenAPI. */
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** `/v1/tickets/{id}`. */
  readonly url: string;
  readonly summary: string;
  /** Undefined: anybody may. */
  readonly scope: Scope | undefined;
  /** Whether a repeated request with the same Idempotency-Key is answered as before. */
  readonly idempotency: 'none' | 'optional' | 'required';
  readonly path: z.ZodObject;
  readonly query: z.ZodType;
  readonly body: z.ZodType | undefined;
  readonly answer: OperationAnswer;
  /** Beside those that every operation may meet. */
  readonly problems: readonly ProblemName[];
  /** Answers a checked request. @throws Problem, StoreFailure */
  handle(asked: Asked<unknown, unknown, unknown>): Promise<Answer> | Answer;
}

/** The answer if all goes well. */
interface OperationAnswer {
  readonly status: number;
  /** Another status with which the same is answered. */
  readonly otherStatus?: number;
  readonly description: string;
  /** Undefined: text of these media types. */
  readonly schema: z.ZodType | undefined;
  readonly mediaTypes?: readonly string[];
}

const NOTHING = z.strictObject({});
const NO_BODY = undefined;

interface Written<Path extends z.ZodObject, Query extends z.ZodType, Body extends z.ZodType> {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly summary: string;
  readonly scope: Scope | undefined;
  readonly idempotency?: Operation['idempotency'];
  readonly path?: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: OperationAnswer;
  readonly problems?: readonly ProblemName[];
  handle(asked: Asked<z.output<Path>, z.output<Query>, z.output<Body>>): Promise<Answer> | Answer;
}

/** An operation whose handler gets what its schemas make of a request. */
export function operation<
  Path extends z.ZodObject = typeof NOTHING,
  Query extends z.ZodType = typeof NOTHING,
  Body extends z.ZodType = z.ZodUndefined,
>(written: Written<Path, Query, Body>): Operation {
  return {
    ...written,
    idempotency: written.idempotency ?? 'none',
    path: written.path ?? NOTHING,
    query: written.query ?? NOTHING,
    body: written.body ?? NO_BODY,
    problems: written.problems ?? [],
    // Whoever calls it has checked the request against these very schemas.
    handle: (asked) =>
      written.handle(asked as Asked<z.output<Path>, z.output<Query>, z.output<Body>>),
  };
}
