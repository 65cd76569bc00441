import type * as z from 'zod';
import { type FieldError, Problem } from './problem.ts';

const MAX_ERRORS = 20;
const MAX_DETAIL_LENGTH = 200;
const MAX_FIELD_LENGTH = 100;

/** The value as its schema makes it, or what is wrong with it, field by field. */
export function check<Schema extends z.ZodType>(
  where: FieldError['in'],
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: plainWords });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => fieldErrors(where, issue));
  throw new Problem('invalid-request', { errors: firstOfEach(errors).slice(0, MAX_ERRORS) });
}

/** What is allowed, where the schema has no words of its own for it. */
function plainWords(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return 'It is missing.';
  switch (issue.code) {
    case 'invalid_type':
      return Array.isArray(issue.input)
        ? `${kindOf(issue.expected)} No list.`
        : kindOf(issue.expected);
    case 'too_small':
      return issue.minimum === 1 ? 'Not empty.' : `At least ${issue.minimum} characters.`;
    case 'too_big':
      return `At most ${issue.maximum} characters.`;
    case 'invalid_value':
      return `One of ${issue.values.map(String).join(', ')}.`;
    default:
      return 'Not in a form that is taken here.';
  }
}

function kindOf(expected: z.core.$ZodIssueInvalidType['expected']): string {
  switch (expected) {
    case 'string':
      return 'A text.';
    case 'boolean':
      return 'true or false.';
    case 'object':
      return 'A JSON object.';
    default:
      return 'Another kind of value.';
  }
}

/** A field whose value is no text is not told how long one may be. */
function firstOfEach(errors: readonly FieldError[]): readonly FieldError[] {
  const first = new Map<string, FieldError>();
  for (const error of errors) {
    if (!first.has(error.field)) first.set(error.field, error);
  }
  return [...first.values()];
}

function fieldErrors(where: FieldError['in'], issue: z.core.$ZodIssue): readonly FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: where,
      field: cut([...path, key].join('.'), MAX_FIELD_LENGTH),
      detail: 'There is no such field.',
    }));
  }
  return [
    {
      in: where,
      field: cut(path.join('.'), MAX_FIELD_LENGTH),
      detail: cut(issue.message, MAX_DETAIL_LENGTH),
    },
  ];
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
