import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Range,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Path, type Plain, settingOf, shown, valueAt } from './plain.ts';
import type { Problem, ProblemPlace } from './problem.ts';

/** Longest file that is read. */
export const MAX_FILE_BYTES = 1_048_576;
const MAX_DEPTH = 12;
const MAX_SYNTAX_PROBLEMS = 20;

/** A YAML file as plain data, which still knows where everything stood. */
export interface ConfigDocument {
  readonly data: Plain;
  /** Place of the value at `path`, or of the nearest that encloses it. */
  place(path: Path): ProblemPlace;
  /** Place of a map's key. */
  keyPlace(path: Path): ProblemPlace;
}

/** What reading a file as YAML gave. */
export type ParsedDocument =
  | { readonly ok: true; readonly document: ConfigDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads YAML 1.2. Anchors, aliases and tags are refused: operators' files need none. */
export function parseConfigDocument(file: string, text: string): ParsedDocument {
  const lines = new LineCounter();
  const reader = new Reader(file, lines);
  try {
    const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false });
    for (const error of parsed.errors.slice(0, MAX_SYNTAX_PROBLEMS)) {
      reader.refuse(error.pos[0], '', yamlMessage(error.code, error.message));
    }
    // An empty file and one of comments alone are maps without entries.
    const data =
      parsed.contents === null ? Object.create(null) : reader.plain(parsed.contents, [], 0);
    if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
    return { ok: true, document: new PlacedDocument(file, data, reader) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reader.refuse(0, '', 'nested too deeply to be read');
    return { ok: false, problems: reader.problems };
  }
}

/** Walks the nodes of one file, turning them into plain data and noting where each stood. */
class Reader {
  readonly problems: Problem[] = [];
  readonly values = new Map<string, number>();
  readonly keys = new Map<string, number>();
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  plain(node: Node | null, path: Path, depth: number): Plain {
    const offset = start(node?.range);
    this.values.set(pathKey(path), offset);
    if (node === null) return null;
    if (depth > MAX_DEPTH) return this.refuse(offset, settingOf(path), 'nested too deeply');
    if (isAlias(node)) {
      return this.refuse(offset, settingOf(path), 'text that begins with * must be in quotes');
    }
    if (node.tag !== undefined || node.anchor !== undefined) {
      return this.refuse(offset, settingOf(path), 'tags (!…) and anchors (&…) are not used here');
    }
    if (isMap(node)) return this.#map(node, path, depth);
    if (isSeq(node)) return this.#list(node, path, depth);
    return isScalar(node) ? this.#scalar(node, path) : null;
  }

  refuse(offset: number, setting: string, message: string): null {
    const { line, column } = this.position(offset);
    this.problems.push({
      kind: 'wrong',
      file: this.#file,
      line,
      column,
      setting,
      message,
      value: undefined,
      allowed: undefined,
    });
    return null;
  }

  /** Line and column from 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #map(node: YAMLMap, path: Path, depth: number): Plain {
    const entries: { [key: string]: Plain } = Object.create(null);
    for (const pair of node.items as readonly Pair<Node | null, Node | null>[]) {
      const offset = start(pair.key?.range);
      if (!isScalar(pair.key)) {
        this.refuse(offset, settingOf(path), 'a name is expected before the colon');
        continue;
      }
      const key = pair.key.source ?? String(pair.key.value);
      if (key === '__proto__') {
        this.refuse(offset, settingOf(path), 'this name is not allowed');
        continue;
      }
      this.keys.set(pathKey([...path, key]), offset);
      entries[key] = this.plain(pair.value, [...path, key], depth + 1);
      // An empty value has no node; it stands where its key does.
      if (pair.value === null) this.values.set(pathKey([...path, key]), offset);
    }
    return entries;
  }

  #list(node: YAMLSeq, path: Path, depth: number): Plain {
    return node.items.map((item, index) => this.plain(item as Node, [...path, index], depth + 1));
  }

  /** `+18005550100` without quotes is a number to YAML, and would lose its plus sign. */
  #scalar(node: Scalar, path: Path): Plain {
    const { value } = node;
    if (typeof value === 'number' && node.source?.startsWith('+') === true) return node.source;
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return value as Plain;
    }
    return this.refuse(start(node.range), settingOf(path), 'this kind of value is not used here');
  }
}

class PlacedDocument implements ConfigDocument {
  readonly data: Plain;
  readonly #file: string;
  readonly #reader: Reader;

  constructor(file: string, data: Plain, reader: Reader) {
    this.#file = file;
    this.data = data;
    this.#reader = reader;
  }

  place(path: Path): ProblemPlace {
    let offset: number | undefined;
    for (let length = path.length; length >= 0 && offset === undefined; length -= 1) {
      offset = this.#reader.values.get(pathKey(path.slice(0, length)));
    }
    return this.#at(offset ?? 0, path, shown(valueAt(this.data, path), path));
  }

  keyPlace(path: Path): ProblemPlace {
    const offset = this.#reader.keys.get(pathKey(path));
    if (offset === undefined) return this.place(path);
    return this.#at(offset, path, shown(String(path.at(-1)), []));
  }

  #at(offset: number, path: Path, value: string | undefined): ProblemPlace {
    return { file: this.#file, ...this.#reader.position(offset), setting: settingOf(path), value };
  }
}

function start(range: Range | null | undefined): number {
  return range?.[0] ?? 0;
}

function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** YAML's own messages, in an operator's words where they puzzle. */
function yamlMessage(code: string, message: string): string {
  const [first = message] = message.split('\n');
  if (code === 'DUPLICATE_KEY') return 'this name stands twice in the same place';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here (---); a file holds one';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; use blanks';
  return `not YAML: ${first}`;
}
