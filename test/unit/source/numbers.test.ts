import { describe, expect, it } from 'vitest';
import { type Breach, EVERYTHING, filesOf, type SourceFile } from './tree.ts';

/**
 * With a plus sign, or ten digits of a North American number, with and without its 1 and the usual
 * signs between. Digits that go on before or after are something else.
 */
const NUMBER =
  /(?<![\w.+])(?:\+[1-9]\d{7,14}|\+?1?[ .-]?\(?[2-9]\d{2}\)?[ .-]?[2-9]\d{2}[ .-]?\d{4})(?!\w|\$\{)/gu;

/**
 * 555-0100 to 555-0199 in any area, and London's numbers for drama (Ofcom). Directory assistance
 * and 976 are no person's either: tests key them to see them refused.
 */
const NOBODYS = /^\+?(?:1?[2-9]\d{2}(?:55501\d{2}|5551212|976\d{4})|442079460\d{3})$/u;

/** Powers of two, and RESTRICTED on a telephone's keys. */
const NO_NUMBERS = new Set(['2147483647', '2147483648', '4294967295', '4294967296', '7378742883']);

/** Tries the rules that tell real numbers from fictional ones; nothing there is dialled. */
const RULES_OF_NUMBERS = 'test/unit/numbering/check.test.ts';

function realNumbers(files: readonly SourceFile[]): readonly Breach[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(NUMBER)]
      .map(([found]) => found)
      .filter((found) => !NOBODYS.test(found.replaceAll(/[^+\d]/gu, '')))
      .filter((found) => !NO_NUMBERS.has(found.trim()))
      .map((found) => ({ path, what: found })),
  );
}

describe('telephone numbers', () => {
  it('in sources, tests and texts belong to nobody', () => {
    const texts = ['config', 'docs', 'freeswitch', 'test/fixtures'].flatMap((folder) =>
      filesOf(folder, ['.yaml', '.xml', '.md', '.txt']),
    );
    const files = [...EVERYTHING, ...texts, ...filesOf('README.md', ['.md'])];
    expect(realNumbers(files.filter(({ path }) => path !== RULES_OF_NUMBERS))).toEqual([]);
  });

  it.each([
    `dial('+1202${'5550200'}')`,
    `sip:202${'4560100'}@example.com`,
    `202-${'456'}-0100`,
    `(202) ${'456'} 0100`,
    `'+4930${'12345678'}'`,
  ])('that could be somebody are found: %s', (text) => {
    expect(realNumbers([{ path: 'src/a.ts', text }])).toHaveLength(1);
  });

  it.each([
    '+12025550123',
    '(202) 555-0123',
    'sip:2025550199@example.com',
    'id 12345678901234567890',
    'rev 1a2345678901',
  ])('that are not are let pass: %s', (text) => {
    expect(realNumbers([{ path: 'src/a.ts', text }])).toEqual([]);
  });
});
