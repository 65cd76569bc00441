import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Configuration } from '../../../src/config/configuration.ts';
import type { Environment } from '../../../src/config/environment.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { formatProblems, type Problem } from '../../../src/config/problem.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export const FIXTURES = join(ROOT, 'test', 'fixtures', 'config');
export const SAMPLE = join(ROOT, 'config');

/** What the good fixture needs of the environment. */
export const ENVIRONMENT = {
  BOB_SECRET: 'secret-of-bob-from-outside',
  LINEKEEPER_SOUNDS: join(ROOT, 'freeswitch', 'sounds'),
} as const;

/** A folder of its own with the good files, those of a fixture laid over them; gone after the test. */
export async function configFolder(fixture?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(FIXTURES, 'good'), folder, { recursive: true });
  if (fixture !== undefined) await cp(join(FIXTURES, fixture), folder, { recursive: true });
  return folder;
}

/** A folder's configuration, which must be good. */
export async function load(folder: string, environment: Environment = {}): Promise<Configuration> {
  const result = await loadConfiguration(folder, { ...ENVIRONMENT, ...environment });
  if (!result.ok) expect.fail(formatProblems(result.problems));
  return result.configuration;
}

/** What is wrong with a folder's configuration; something must be. */
export async function problems(
  folder: string,
  environment: Environment = {},
): Promise<readonly Problem[]> {
  const result = await loadConfiguration(folder, { ...ENVIRONMENT, ...environment });
  return result.ok ? expect.fail('the configuration was taken') : result.problems;
}
