import { describe, expect, it } from 'vitest';
import { type Breach, codeOf, EVERYTHING, filesOf, PROGRAM, type SourceFile } from './tree.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 75;

const SCRIPTS = filesOf('scripts', ['.ts']);

/** Lines with code on them. */
function countLines(code: string): number {
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

function longFiles(files: readonly SourceFile[]): readonly Breach[] {
  return files.flatMap(({ path, text }) => {
    const lines = countLines(codeOf(text));
    return lines > MAX_FILE_LINES ? [{ path, what: `${lines} lines` }] : [];
  });
}

const HEAD =
  /=> \{$|\bfunction\b.*\{$|^(?:(?:static|async|get|set|override) )*[#\w]+\(.*\{$|^\).*\{$/u;
/** Nor a branch of `?:`, whose closing brace the formatter sets deeper. */
const NO_FUNCTION = /^(?:[?:]|(?:if|for|while|switch|catch|do|else)\b)/u;

/** Relies on the formatter: a function ends where a brace stands as deep as its first line. */
function longFunctions(files: readonly SourceFile[]): readonly Breach[] {
  return files.flatMap(({ path, text }) => {
    const lines = codeOf(text).split('\n');
    return lines.flatMap((line, index) => {
      const head = line.trim();
      if (!HEAD.test(head) || NO_FUNCTION.test(head)) return [];
      const indent = line.slice(0, line.length - line.trimStart().length);
      const rest = lines.slice(index + 1);
      const length = rest.findIndex((later) => later.startsWith(`${indent}}`));
      const code = countLines(rest.slice(0, length).join('\n')) + 2;
      return code > MAX_FUNCTION_LINES ? [{ path, what: `line ${index + 1}: ${code} lines` }] : [];
    });
  });
}

/** Where `pattern` stands in a text. */
function finds(
  files: readonly SourceFile[],
  pattern: RegExp,
  read: (text: string) => string = (text) => text,
): readonly Breach[] {
  return files.flatMap(({ path, text }) =>
    read(text)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [{ path, what: `line ${index + 1}: ${line.trim()}` }] : [],
      ),
  );
}

/** `any` as a type. */
const ANY = /(?:[:<|&,]|=>|\bas|\bis)\s*any\b|\bany\[\]/u;
const SKIPPED = /\.(?:skip|only|todo|fails)\(/u;
/** Written in two parts, so that this file does not find itself. */
const UNFINISHED = new RegExp(['\\bTO', 'DO\\b|\\bFIX', 'ME\\b|\\bXX', 'X\\b'].join(''), 'u');
const OUTSIDE = new RegExp(
  ['\\.\\./sha', 'red/|/work/(?:sha', 'red|main)|\\bro', 'w [A-Z]\\d\\b'].join(''),
  'u',
);

const TEXTS = [
  ...EVERYTHING,
  ...['config', 'docker', 'docs', 'freeswitch'].flatMap((folder) =>
    filesOf(folder, ['.yaml', '.json', '.xml', '.mjs', '.md', '.svg']),
  ),
  ...['README.md', 'package.json', 'docker-compose.yml'].flatMap((file) => filesOf(file, [file])),
];

function fileOf(text: string): readonly SourceFile[] {
  return [{ path: 'src/a.ts', text }];
}

function linesOf(count: number): string {
  return '  step();\n'.repeat(count);
}

describe('every file', () => {
  it(`has at most ${MAX_FILE_LINES} lines of code`, () => {
    expect(longFiles(EVERYTHING)).toEqual([]);
    expect(longFiles(fileOf(linesOf(MAX_FILE_LINES)))).toEqual([]);
    expect(longFiles(fileOf(linesOf(MAX_FILE_LINES + 1)))).toHaveLength(1);
  });

  it(`has functions of at most ${MAX_FUNCTION_LINES} lines`, () => {
    expect(longFunctions([...PROGRAM, ...SCRIPTS])).toEqual([]);
    const body = linesOf(MAX_FUNCTION_LINES);
    const heads = [
      'function long() {',
      'const long = async () => {',
      'export async function long(\n  a: string,\n): Promise<void> {',
      'class A {\n  async #long(): Promise<void> {',
    ];
    for (const head of heads) {
      const indent = head.startsWith('class') ? '  ' : '';
      expect(longFunctions(fileOf(`${head}\n${body}${indent}}\n`)), head).toHaveLength(1);
    }
    expect(longFunctions(fileOf(`if (a) {\n${body}}\n`))).toEqual([]);
    expect(longFunctions(fileOf('function short() {\n  step();\n}\n'))).toEqual([]);
  });

  it('names its types', () => {
    expect(finds(EVERYTHING, ANY, codeOf)).toEqual([]);
    for (const text of ['let a: any;', 'a as any', 'Map<string, any>', 'const a: any[] = [];']) {
      expect(finds(fileOf(text), ANY, codeOf), text).toHaveLength(1);
    }
    expect(finds(fileOf("// in any order\nconst a = 'as any';"), ANY, codeOf)).toEqual([]);
  });

  it('is finished', () => {
    expect(finds(TEXTS, UNFINISHED)).toEqual([]);
    for (const word of ['TO' + 'DO', 'FIX' + 'ME']) {
      expect(finds(fileOf(`// ${word}: later`), UNFINISHED)).toHaveLength(1);
    }
  });

  it('needs nothing outside of the project', () => {
    expect(finds(TEXTS, OUTSIDE)).toEqual([]);
    expect(finds(fileOf(`read('../sha${'red'}/plan.md')`), OUTSIDE)).toHaveLength(1);
    expect(finds(fileOf(`// as ro${'w'} C1 of the plan has it`), OUTSIDE)).toHaveLength(1);
  });
});

describe('every test', () => {
  it('runs', () => {
    expect(finds(filesOf('test', ['.ts']), SKIPPED)).toEqual([]);
    for (const word of ['skip', 'only', 'todo', 'fails']) {
      expect(finds(fileOf(`it.${word}('a', () => {});`), SKIPPED), word).toHaveLength(1);
    }
  });
});
