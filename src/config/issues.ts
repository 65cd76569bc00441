import * as z from 'zod';
import type { ConfigDocument } from './document.ts';
import { type Path, settingOf, valueAt } from './plain.ts';
import type { Problem } from './problem.ts';
import { listNames } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What a schema says of plain data: the checked value, or every problem with its place. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks a document against the schema of its file. Messages of the schemas name what is allowed;
 * what is wrong follows from the kind of issue.
 */
export function checkDocument<Schema extends z.ZodType>(
  schema: Schema,
  document: ConfigDocument,
): Checked<z.output<Schema>> {
  const result = schema.safeParse(document.data, { error: allowedText, reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.flatMap((issue) => flatten(issue, []));
  return { ok: false, problems: issues.flatMap((issue) => problemsOf(issue, document)) };
}

/** Says what is allowed wherever a schema has no words of its own. */
function allowedText(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => listNames(key, allowedKeys(issue.inst))).join('\n');
  }
  if (issue.code !== 'invalid_type') return undefined;
  switch (issue.expected) {
    case 'string':
      return issue.input === undefined || issue.input === null ? 'text' : 'text; put it in quotes';
    case 'array':
      return 'a list: [one, two]';
    case 'object':
    case 'record':
      return 'settings by name, each on a line of its own';
    default:
      return undefined;
  }
}

function allowedKeys(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) {
    return schema.keyType.options.map(String);
  }
  return [];
}

/**
 * Issues with their whole path. A union's are those of the one form that was evidently meant;
 * if there is none, the union speaks for itself.
 */
function flatten(issue: Issue, above: Path): readonly Issue[] {
  const path = [...above, ...(issue.path as Path)];
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((form) => form.every(isInside));
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return only.flatMap((one) => flatten(one, path));
  }
  return [{ ...issue, path }];
}

/** True if the form as such fits and something inside it is wrong. */
function isInside(issue: Issue): boolean {
  return issue.path.length > 0 && !(issue.code === 'invalid_type' && issue.input === undefined);
}

function problemsOf(issue: Issue, document: ConfigDocument): readonly Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      kind: 'wrong',
      ...document.keyPlace([...path, key]),
      message: 'there is no such setting here',
      allowed: allowed[index],
    }));
  }
  if (issue.code === 'invalid_key') {
    const allowed = issue.issues[0]?.message;
    return [{ kind: 'wrong', ...document.keyPlace(path), message: 'not a usable name', allowed }];
  }
  const place = document.place(path);
  if (valueAt(document.data, path) === undefined) {
    const message = `${settingOf(path.slice(-1))} is missing`;
    return [{ kind: 'wrong', ...place, value: undefined, message, allowed: issue.message }];
  }
  return [{ kind: 'wrong', ...place, message: wrong(issue), allowed: issue.message }];
}

/** Words for too little and too much of lists and texts; anything else is a number. */
const SIZE_WORDS: ReadonlyMap<string, { readonly small: string; readonly big: string }> = new Map([
  ['array', { small: 'too few', big: 'too many' }],
  ['string', { small: 'too short', big: 'too long' }],
]);

function wrong(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
      return SIZE_WORDS.get(issue.origin)?.big ?? 'too large';
    case 'too_small':
      return SIZE_WORDS.get(issue.origin)?.small ?? 'too small';
    default:
      return 'not allowed here';
  }
}
