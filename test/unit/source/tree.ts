import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the project; `path` starts at the project's folder and has forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A place where a rule is broken. */
export interface Breach {
  readonly path: string;
  readonly what: string;
}

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** Files below a folder, or one file, whose names end in one of `endings`. */
export function filesOf(place: string, endings: readonly string[]): readonly SourceFile[] {
  const full = join(PROJECT, place);
  const names = place.includes('.')
    ? [full]
    : readdirSync(full, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
  return names
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => ({ path: relative(PROJECT, name), text: readFileSync(name, 'utf8') }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** TypeScript files of the program. */
export const PROGRAM = filesOf('src', ['.ts', '.cts']);

/** All TypeScript files of ours. */
export const EVERYTHING = [
  ...PROGRAM,
  ...filesOf('test', ['.ts']),
  ...filesOf('scripts', ['.ts']),
  ...filesOf('vitest.config.ts', ['.ts']),
];

const IMPORT =
  /^\s*(?:import|export)\b[^;'"]*?\bfrom '([^']+)'|^\s*import '([^']+)'|\bimport\('([^']+)'\)/gmu;

/** What a file imports: names of packages, or paths from the project's folder. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    if (!name.startsWith('.')) return name;
    return relative(PROJECT, resolve(PROJECT, dirname(path), name));
  });
}

const NOT_CODE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gu;

/** The text without comments and with empty strings; lines stay where they are. Rough. */
export function codeOf(text: string): string {
  return text.replaceAll(NOT_CODE, (found) => {
    const lines = '\n'.repeat(found.split('\n').length - 1);
    return found.startsWith('/') ? lines : `''${lines}`;
  });
}
