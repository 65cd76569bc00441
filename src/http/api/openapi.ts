import * as z from 'zod';
import { PROBLEMS, type ProblemName } from '../problems/catalogue.ts';
import { PROBLEM_MEDIA_TYPE } from '../problems/problem.ts';
import { problemAnswer } from './answers.ts';
import type { Operation } from './operation.ts';

/** What JSON can say of the API; the form is that of OpenAPI 3.1.1. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;
type Plain = Readonly<Record<string, unknown>>;

const COMPONENTS = '#/components/schemas/';
const KEY_HEADER = 'Idempotency-Key';
const IDEMPOTENCY_PROBLEMS = [
  'idempotency-key-invalid',
  'idempotency-key-reused',
  'idempotency-key-in-use',
  'idempotency-outcome-unknown',
] as const;
const COMMON_PROBLEMS = [
  'invalid-request',
  'duplicate-header',
  'too-many-requests',
  'internal-error',
  'store-unavailable',
  'shutting-down',
] as const;
const BODY_PROBLEMS = ['invalid-json', 'body-too-large', 'unsupported-media-type'] as const;

/** Describes operations from the very schemas that check their requests, so that both are one. */
export function openApiDocument(
  operations: readonly Operation[],
  version: string,
): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of operations) {
    const methods = (paths[one.url] ??= {});
    methods[one.method.toLowerCase()] = operationObject(one);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Linekeeper',
      version,
      summary: 'Callbacks in place of hold: ask for them, see them, change them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: answerComponents(operations),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationObject(one: Operation): Plain {
  const security = one.scope === undefined ? [] : [{ key: [one.scope] }];
  return {
    operationId: one.id,
    summary: one.summary,
    security,
    parameters: [
      ...parameters('path', one.path),
      ...parameters('query', one.query),
      ...keyParameter(one),
    ],
    ...(one.body === undefined ? {} : { requestBody: requestBody(one.body) }),
    responses: responses(one),
  };
}

function parameters(where: 'path' | 'query', schema: z.ZodType): readonly Plain[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: property,
  }));
}

function keyParameter({ idempotency }: Operation): readonly Plain[] {
  if (idempotency === 'none') return [];
  return [
    {
      name: KEY_HEADER,
      in: 'header',
      required: idempotency === 'required',
      description: 'The same for a request and its repetitions; kept for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 102 },
    },
  ];
}

function requestBody(schema: z.ZodType): Plain {
  const { required = [], ...rest } = jsonSchema(schema, 'input');
  return {
    required: required.length > 0,
    content: { 'application/json': { schema: { ...rest, required } } },
  };
}

function responses(one: Operation): Plain {
  const { answer } = one;
  const found = new Map<number, ResponseObject>([[answer.status, answerObject(answer)]]);
  if (answer.otherStatus !== undefined) found.set(answer.otherStatus, answerObject(answer));
  for (const name of problemsOf(one)) {
    const { status, title } = PROBLEMS[name];
    const before = found.get(status);
    found.set(status, {
      description: `${before === undefined ? '' : `${before.description}\n`}\`${name}\`: ${title}.`,
      content: {
        ...before?.content,
        [PROBLEM_MEDIA_TYPE]: { schema: { $ref: `${COMPONENTS}Problem` } },
      },
    });
  }
  return Object.fromEntries([...found].map(([status, response]) => [String(status), response]));
}

interface ResponseObject {
  readonly description: string;
  readonly content: Plain;
}

/** Every problem that an operation may be answered with. */
export function problemsOf(one: Operation): readonly ProblemName[] {
  return [
    ...COMMON_PROBLEMS,
    ...(one.scope === undefined ? [] : (['unauthorized', 'forbidden'] as const)),
    ...(one.body === undefined ? [] : BODY_PROBLEMS),
    ...(one.idempotency === 'none' ? [] : IDEMPOTENCY_PROBLEMS),
    ...(one.idempotency === 'required' ? (['idempotency-key-missing'] as const) : []),
    ...one.problems,
  ];
}

function answerObject({ description, schema, mediaTypes }: Operation['answer']): ResponseObject {
  const content =
    schema === undefined
      ? (mediaTypes ?? []).map((type) => [type, {}])
      : [['application/json', { schema: { $ref: `${COMPONENTS}${idOf(schema)}` } }]];
  return { description, content: Object.fromEntries(content) };
}

/** Answers under their names; those inside others are named too. */
function answerComponents(operations: readonly Operation[]): Plain {
  const registry = z.registry<{ id: string }>();
  const answers = operations.map(({ answer }) => answer.schema);
  for (const schema of new Set([...answers, problemAnswer])) {
    if (schema !== undefined) registry.add(schema, { id: idOf(schema) });
  }
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io: 'output',
    uri: (id) => `${COMPONENTS}${id}`,
    override: withoutPattern,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, withoutAddress(schema)]),
  );
}

/** A format says it all; zod adds the pattern by which it checks one. */
function withoutPattern({
  jsonSchema: schema,
}: {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (schema.format === 'date-time') delete schema.pattern;
}

/** Inside of a document its place is a schema's address. */
function withoutAddress(schema: Plain): Plain {
  return Object.fromEntries(
    Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'),
  );
}

function idOf(schema: z.ZodType): string {
  const id = schema.meta()?.id;
  if (id === undefined) throw new Error('the schema of an answer needs an id');
  return id;
}

interface ObjectSchema extends Plain {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    // What only code can check says of itself what it looks like.
    unrepresentable: 'any',
    override: withoutPattern,
  });
  return rest;
}
