import { type Path, type Plain, valueAt } from './plain.ts';
import type { FileName } from './schema/files.ts';

/** A place in one of the files, `*` standing for any name or position: `menus.*.prompts.*`. */
export interface Pattern {
  readonly file: FileName;
  readonly at: string;
}

/** One value found by a pattern. */
export interface Found {
  readonly path: Path;
  readonly value: Plain;
}

/**
 * All values a pattern finds. Works on unchecked data, so that what can be told of a file is told
 * even when other parts of it are wrong.
 */
export function find(data: Plain, at: string): readonly Found[] {
  let found: readonly Found[] = [{ path: [], value: data }];
  for (const part of at.split('.')) found = found.flatMap((one) => step(one, part));
  return found;
}

/** Texts a pattern finds; other kinds of value are the schema's to complain of. */
export function findTexts(
  data: Plain,
  at: string,
): readonly (Found & { readonly value: string })[] {
  return find(data, at).filter((one) => typeof one.value === 'string') as readonly (Found & {
    readonly value: string;
  })[];
}

/** The names in a map: `namesAt(menusData, 'menus')`; undefined if there is no such map. */
export function namesAt(data: Plain, name: string): readonly string[] | undefined {
  const value = valueAt(data, [name]);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value);
}

function step({ path, value }: Found, part: string): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string | number, Plain])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return entries
    .filter(([key]) => part === '*' || key === part)
    .map(([key, item]) => ({ path: [...path, key], value: item }));
}
