import { open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assemble } from './assemble.ts';
import type { Configuration } from './configuration.ts';
import { type ConfigDocument, MAX_FILE_BYTES, parseConfigDocument } from './document.ts';
import { applyEnvironment, type Environment, strayVariables } from './environment.ts';
import { checkDocument } from './issues.ts';
import { languagesInUse } from './languages.ts';
import { displayed, type Problem, sortProblems } from './problem.ts';
import { checkReferences, type Documents } from './references.ts';
import { checkRules } from './rules.ts';
import {
  FILE_NAMES,
  FILE_SCHEMAS,
  type FileContents,
  type FileName,
  NUMBERING_FOLDER,
} from './schema/files.ts';
import { resolveSecrets } from './secrets.ts';
import { checkSounds } from './sounds.ts';
import { suggest } from './suggest.ts';
import { warningsOf } from './warnings.ts';

/** A configuration, or everything that is wrong with it. */
export type LoadResult =
  | {
      readonly ok: true;
      readonly configuration: Configuration;
      /** Sentences about what is allowed but should not stay. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads and checks all files of a configuration folder. Reports every problem at once and never
 * throws for one. `environment` is the process's; its `LINEKEEPER_…` variables win over the files.
 */
export async function loadConfiguration(
  folder: string,
  environment: Environment,
): Promise<LoadResult> {
  const root = resolve(folder);
  const problems: Problem[] = [];
  const documents = new Map<FileName, ConfigDocument>();
  for (const name of FILE_NAMES) {
    const read = await readDocument(root, name, environment);
    problems.push(...read.problems);
    if (read.document !== undefined) documents.set(name, read.document);
  }
  const contents = checkContents(documents, problems);
  problems.push(...checkReferences(documents));
  problems.push(...checkRules(documents));
  problems.push(...(await checkSoundsOf(documents, contents, root)));
  if (problems.length > 0 || !isWhole(contents))
    return { ok: false, problems: inOrder(problems, root) };
  const configuration = assemble(contents, root, languagesInUse(documents));
  const stray = [...(await strayFiles(root)), ...formatted(strayVariables(environment))];
  return { ok: true, configuration, warnings: [...warningsOf(configuration), ...stray] };
}

interface Read {
  readonly document: ConfigDocument | undefined;
  readonly problems: readonly Problem[];
}

async function readDocument(root: string, name: FileName, environment: Environment): Promise<Read> {
  const path = join(root, name);
  const file = displayed(path);
  const text = await readText(path);
  if (typeof text !== 'string') return { document: undefined, problems: [unreadable(file, text)] };
  const parsed = parseConfigDocument(file, text);
  if (!parsed.ok) return { document: undefined, problems: parsed.problems };
  const overridden = applyEnvironment(name, parsed.document, environment);
  const resolved = await resolveSecrets(name, overridden.document, root, environment);
  return {
    document: resolved.document,
    problems: [...overridden.problems, ...resolved.problems],
  };
}

/** The text of a file; why not, if it cannot be read. */
async function readText(path: string): Promise<string | { readonly why: string }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES) return { why: `larger than ${MAX_FILE_BYTES} bytes` };
      return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!('code' in error)) throw error;
    return {
      why:
        error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'not UTF-8' : `${String(error.code)}`,
    };
  }
}

function unreadable(file: string, { why }: { readonly why: string }): Problem {
  const message = why === 'ENOENT' ? 'this file is missing' : `cannot be read: ${why}`;
  return {
    kind: 'unreadable',
    file,
    line: undefined,
    column: undefined,
    setting: '',
    value: undefined,
    message,
    allowed: undefined,
  };
}

/** The contents of each file that keeps to its schema; the others' problems are added. */
function checkContents(documents: Documents, problems: Problem[]): Partial<FileContents> {
  const contents: Record<string, unknown> = {};
  for (const [name, document] of documents) {
    const checked = checkDocument(FILE_SCHEMAS[name], document);
    if (checked.ok) contents[name] = checked.value;
    else problems.push(...checked.problems);
  }
  return contents;
}

function isWhole(contents: Partial<FileContents>): contents is FileContents {
  return FILE_NAMES.every((name) => contents[name] !== undefined);
}

async function checkSoundsOf(
  documents: Documents,
  contents: Partial<FileContents>,
  root: string,
): Promise<readonly Problem[]> {
  const folder = contents['system.yaml']?.folders.sounds;
  if (folder === undefined) return [];
  const sounds = resolve(root, folder);
  return checkSounds(documents, sounds, languagesInUse(documents));
}

/** YAML files in the folder that nobody reads, most often a wrong name. */
async function strayFiles(root: string): Promise<readonly string[]> {
  const numbering = await readdir(join(root, NUMBERING_FOLDER));
  const entries = [
    ...(await readdir(root)),
    ...numbering.map((entry) => `${NUMBERING_FOLDER}/${entry}`),
  ];
  return entries
    .filter((entry) => /\.ya?ml$/u.test(entry) && !FILE_NAMES.some((name) => name === entry))
    .map((entry) => {
      const meant = suggest(entry, FILE_NAMES);
      return `${displayed(join(root, entry))} is not read${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    });
}

/** What is wrong in one place for one reason is told once, in the order of files and lines. */
function inOrder(problems: readonly Problem[], root: string): readonly Problem[] {
  const unique = new Map(problems.toReversed().map((problem) => [sameness(problem), problem]));
  const files = FILE_NAMES.map((name) => displayed(join(root, name)));
  return sortProblems([...unique.values()].toReversed(), files);
}

function sameness({ file, line, column, setting, message, allowed }: Problem): string {
  return JSON.stringify([file, line, column, setting, allowed ?? message]);
}

function formatted(problems: readonly Problem[]): readonly string[] {
  return problems.map(
    (problem) => `${problem.setting} ${problem.message}; ${problem.allowed ?? ''}`,
  );
}
