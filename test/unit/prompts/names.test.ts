import { describe, expect, it } from 'vitest';
import { SYSTEM_PROMPTS } from '../../../src/config/spoken-parts.ts';
import { PROGRAM } from '../source/tree.ts';

/** Names in a call of `prompts(...)`; what comes from the configuration is checked there. */
function namesIn(text: string): readonly string[] {
  const calls = [...text.matchAll(/\bprompts\(([^()]*)\)/gu)].map(([, inside]) => inside ?? '');
  // The condition of a choice between two is no prompt.
  return calls.flatMap((inside) =>
    [...inside.matchAll(/(?<!=== )'([a-z][a-z0-9-]*)'/gu)].map(([, name]) => name ?? ''),
  );
}

describe('prompts that the rules say', () => {
  const said = PROGRAM.filter(({ path }) => /^src\/(?:domain|engine)\//u.test(path)).flatMap(
    ({ path, text }) => namesIn(text).map((name) => ({ path, name })),
  );

  it('are found in the sources', () => {
    expect(said.map(({ name }) => name)).toContain('take-your-time');
  });

  it('are all known to the check of the configuration', () => {
    const known = new Set<string>(SYSTEM_PROMPTS);
    expect(said.filter(({ name }) => !known.has(name))).toEqual([]);
  });
});
