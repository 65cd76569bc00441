import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

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
