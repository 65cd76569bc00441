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
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => fieldErrors(where, issue));
  throw new Problem('invalid-request', { errors: errors.slice(0, MAX_ERRORS) });
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
