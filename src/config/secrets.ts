import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConfigDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { find, type Pattern } from './patterns.ts';
import { type Path, type Plain, settingOf, withValue } from './plain.ts';
import type { Problem } from './problem.ts';
import type { FileName } from './schema/files.ts';
import { listNames } from './suggest.ts';

const MAX_SECRET_FILE_BYTES = 4096;
/** In place of a secret that was not found, so that it is not complained of twice; fits every form. */
const STAND_IN = 'whsec_YS1zZWNyZXQtdGhhdC13YXMtbm90LWZvdW5k';

/** Where secrets stand. Elsewhere `${ENV:…}` is plain text. */
const SECRET_PATTERNS: readonly Pattern[] = [
  { file: 'system.yaml', at: 'drachtio.secret' },
  { file: 'system.yaml', at: 'freeswitch.secret' },
  { file: 'agents.yaml', at: 'agents.*.secret' },
  { file: 'trunks.yaml', at: 'trunks.*.inbound.digest.secret' },
  { file: 'trunks.yaml', at: 'trunks.*.outbound.credentials.secret' },
  { file: 'api.yaml', at: 'keys.*.secret' },
  { file: 'api.yaml', at: 'webhooks.*.secrets.*' },
  { file: 'api.yaml', at: 'messages.http.headers.*' },
];

/** A document with its secrets in place of the references to them, and what could not be found. */
export interface Resolved {
  readonly document: ConfigDocument;
  readonly problems: readonly Problem[];
}

/** Replaces `${ENV:NAME}` and `${FILE:path}` (relative to `folder`) by what they name. */
export async function resolveSecrets(
  name: FileName,
  document: ConfigDocument,
  folder: string,
  environment: Environment,
): Promise<Resolved> {
  const problems: Problem[] = [];
  let data = document.data;
  for (const { at } of SECRET_PATTERNS.filter((pattern) => pattern.file === name)) {
    for (const { path, value } of find(document.data, at)) {
      const secret = await lookUp(value, folder, environment);
      if (typeof secret === 'string') data = withValue(data, path, secret);
      else if (secret !== undefined) {
        problems.push(problemAt(document, path, secret));
        data = withValue(data, path, STAND_IN);
      }
    }
  }
  return { document: { ...placesOf(document), data }, problems };
}

interface NotFound {
  readonly message: string;
  readonly allowed: string | undefined;
}

/** The secret itself, or why it was not found; undefined if `value` is no reference. */
async function lookUp(
  value: Plain,
  folder: string,
  environment: Environment,
): Promise<string | NotFound | undefined> {
  if (typeof value !== 'string') return undefined;
  const reference = /^\$\{(ENV|FILE):([^{}]{1,500})\}$/u.exec(value);
  const name = reference?.[2];
  if (reference === null || name === undefined) return undefined;
  return reference[1] === 'ENV'
    ? fromEnvironment(name, environment)
    : fromFile(resolve(folder, name), name);
}

function fromEnvironment(name: string, environment: Environment): string | NotFound {
  const secret = environment[name];
  if (secret !== undefined && secret !== '') return secret;
  const near = Object.keys(environment)
    .toSorted()
    .filter((key) => /SECRET|PASSWORD/u.test(key));
  return {
    message: `the environment variable ${name} is not set`,
    allowed: near.length === 0 ? undefined : `one that is set, such as ${listNames(name, near)}`,
  };
}

async function fromFile(path: string, name: string): Promise<string | NotFound> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > MAX_SECRET_FILE_BYTES) {
      return { message: `${name} is too large for a secret`, allowed: undefined };
    }
    return bytes.toString('utf8').replace(/\r?\n$/u, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { message: `${name} cannot be read (${code})`, allowed: undefined };
  }
}

function problemAt(document: ConfigDocument, path: Path, why: NotFound): Problem {
  // The reference may be shown: it is no secret, and says what to look for.
  return {
    kind: 'wrong',
    ...document.place(path),
    setting: settingOf(path),
    value: undefined,
    ...why,
  };
}

function placesOf(document: ConfigDocument): Omit<ConfigDocument, 'data'> {
  return {
    place: (path) => document.place(path),
    keyPlace: (path) => document.keyPlace(path),
  };
}
