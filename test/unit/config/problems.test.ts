import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { configFolder, ENVIRONMENT, FIXTURES } from './folder.ts';

const CASES = readdirSync(FIXTURES).filter((name) => name !== 'good');

describe('a wrong configuration is told of, all at once', () => {
  it.each(CASES)('%s', async (name) => {
    const folder = await configFolder(name);
    const result = await loadConfiguration(folder, ENVIRONMENT);
    if (result.ok) expect.fail('the configuration was taken');
    const text = formatProblems(result.problems)
      .replaceAll(folder, 'config')
      .replaceAll(ENVIRONMENT.LINEKEEPER_SOUNDS, 'sounds')
      .replaceAll('freeswitch/sounds', 'sounds');
    await expect(`${text}\n`).toMatchFileSnapshot(join(FIXTURES, name, 'expected.txt'));
  });
});
