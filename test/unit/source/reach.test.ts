import { describe, expect, it } from 'vitest';
import { filesOf, importsOf, PROGRAM, type SourceFile } from './tree.ts';

/** Where programs begin. */
const ENTRIES = [
  'src/cli.ts',
  'src/switch/main.ts',
  ...filesOf('scripts', ['.ts']).map(({ path }) => path),
];

/** Files of `files` that no chain of imports leads to. */
function unreached(files: readonly SourceFile[], entries: readonly string[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set(entries);
  for (const path of reached) {
    const file = byPath.get(path);
    if (file !== undefined) for (const name of importsOf(file)) reached.add(name);
  }
  return [...byPath.keys()].filter((path) => !reached.has(path));
}

describe('every file of src', () => {
  it('is reached from a program', () => {
    // Declarations of a package without types are found by its name.
    const files = [...PROGRAM, ...filesOf('scripts', ['.ts'])];
    const named = files.filter(({ path }) => !path.endsWith('.d.cts'));
    expect(unreached(named, ENTRIES)).toEqual([]);
  });

  it('would be missed', () => {
    const files = [
      { path: 'src/cli.ts', text: "import { a } from './a.ts';" },
      { path: 'src/a.ts', text: "import { cli } from './cli.ts';" },
      { path: 'src/b.ts', text: "import { a } from './a.ts';" },
    ];
    expect(unreached(files, ['src/cli.ts'])).toEqual(['src/b.ts']);
  });
});
