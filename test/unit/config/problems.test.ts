import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { configFolder, ENVIRONMENT, FIXTURES, problems } from './folder.ts';

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

describe('many problems of one kind', () => {
  it('are told by the first ten and their number', async () => {
    const folder = await configFolder();
    const hours = join(folder, 'numbering', 'calling-hours.yaml');
    const states = Array.from(
      { length: 130 },
      (_, index) => `  CA-${index}: { everyDay: closed }\n`,
    );
    const text = await readFile(hours, 'utf8');
    await writeFile(hours, text.replace('regions:\n', `regions:\n${states.join('')}`));
    const numbers = join(folder, 'numbers.yaml');
    const other = await readFile(numbers, 'utf8');
    await writeFile(numbers, `${other}  allowRegions: [CA-0]\n`);
    const told = formatProblems(await problems(folder));
    expect(told.match(/no such region/gu)).toHaveLength(11);
    expect(told).toMatch(/regions\.CA-9: no such region\n.*\n.*\n {2}and 120 more like this$/u);
  });

  it('are one where the folder of the sounds is missing', async () => {
    const folder = await configFolder();
    const sounds = join(folder, 'sounds');
    const missing = await problems(folder, { LINEKEEPER_SOUNDS: sounds });
    expect(missing.map(({ message }) => message.replace(folder, 'config'))).toEqual([
      'the folder of the sounds, config/sounds, cannot be read (ENOENT)',
    ]);
    await mkdir(sounds);
    const each = await problems(folder, { LINEKEEPER_SOUNDS: sounds });
    expect(each.length).toBeGreaterThan(100);
    expect(formatProblems(each).split('\n').length).toBeLessThan(50);
  });
});
