import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConfigDocument, parseConfigDocument } from '../../../src/config/document.ts';
import { checkDocument } from '../../../src/config/issues.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { FILE_NAMES, FILE_SCHEMAS } from '../../../src/config/schema/files.ts';

function parse(text: string): ConfigDocument {
  const parsed = parseConfigDocument('file.yaml', text);
  return parsed.ok ? parsed.document : expect.fail(formatProblems(parsed.problems));
}

function refusal(text: string): string {
  const parsed = parseConfigDocument('file.yaml', text);
  return parsed.ok ? expect.fail('it was taken') : formatProblems(parsed.problems);
}

describe('a file as plain data', () => {
  it('keeps the plus sign of a number and the text of its keys', () => {
    const { data } = parse(
      'a: +18005550100\n1: one\n0100: two\nb: 42\nc: -7\nd: [true, null, 1.5]\n',
    );
    expect({ ...(data as object) }).toEqual({
      a: '+18005550100',
      '1': 'one',
      '0100': 'two',
      b: 42,
      c: -7,
      d: [true, null, 1.5],
    });
  });

  it('is empty when the file is, or holds comments alone', () => {
    expect(Object.keys(parse('').data as object)).toEqual([]);
    expect(Object.keys(parse('# nothing\n').data as object)).toEqual([]);
  });

  it('knows where every value and key stood', () => {
    const document = parse('menus:\n  main:\n    prompts: [one,\n      two]\n    empty:\n');
    expect(document.place(['menus', 'main', 'prompts', 1])).toMatchObject({
      line: 4,
      column: 7,
      setting: 'menus.main.prompts[1]',
      value: '"two"',
    });
    expect(document.keyPlace(['menus', 'main'])).toMatchObject({ line: 2, column: 3 });
    expect(document.place(['menus', 'main', 'empty'])).toMatchObject({ line: 5, value: 'null' });
    expect(document.place(['menus', 'main', 'absent', 'deep'])).toMatchObject({ line: 3 });
  });

  it('shows long values shortened and secrets not at all', () => {
    const document = parse(`a: ${'x'.repeat(500)}\nb: { secret: hush }\n`);
    expect(document.place(['a']).value?.length).toBeLessThan(80);
    expect(document.place(['b', 'secret']).value).toBe('(not shown)');
  });
});

describe('hostile files', () => {
  it.each([
    ['deep nesting', `a: ${'['.repeat(5000)}`, 'file.yaml:'],
    ['deep nesting that is closed', `a: ${'['.repeat(50)}${']'.repeat(50)}`, 'nested too deeply'],
    ['a billion laughs', 'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n', 'anchors'],
    ['a name that would change all objects', '__proto__: { a: 1 }\n', 'this name is not allowed'],
    ['a list as a name', '? [a, b]\n: c\n', 'a name is expected before the colon'],
    ['binary', 'a: !!binary aGVsbG8=\n', 'tags'],
  ])('are refused: %s', (_, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('do not show a secret that stands in a wider value', () => {
    const text = 'agents: [{ secret: hush }]\ntrunks: { one: [{ secret: hush }] }\n';
    for (const name of ['agents.yaml', 'trunks.yaml'] as const) {
      const checked = checkDocument(FILE_SCHEMAS[name], parse(text));
      const told = checked.ok ? expect.fail('it was taken') : formatProblems(checked.problems);
      expect(told).toContain('(not shown)');
      expect(told).not.toContain('hush');
    }
  });

  it('of any text give data or problems, and never throw', () => {
    const yamlish = fc
      .array(
        fc.constantFrom(
          'a',
          ':',
          ' ',
          '\n',
          '-',
          '[',
          ']',
          '{',
          '}',
          '"',
          "'",
          '*',
          '&',
          '!',
          '#',
          '|',
          '>',
          '?',
          '%',
          '\t',
          '1',
          '+',
          '~',
          ',',
        ),
        { maxLength: 60 },
      )
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (text) => {
        const parsed = parseConfigDocument('file.yaml', text);
        if (!parsed.ok) {
          expect(parsed.problems.length).toBeGreaterThan(0);
          return;
        }
        for (const name of FILE_NAMES) {
          const checked = checkDocument(FILE_SCHEMAS[name], parsed.document);
          if (!checked.ok) expect(checked.problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of any data give problems with places', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(...FILE_NAMES), (json, name) => {
        const parsed = parseConfigDocument('file.yaml', json);
        if (!parsed.ok) return;
        const checked = checkDocument(FILE_SCHEMAS[name], parsed.document);
        if (checked.ok) return;
        for (const problem of checked.problems) expect(problem.line).toBeGreaterThan(0);
      }),
    );
  });
});
