import { execFile } from 'node:child_process';
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that the tests drive, and the Debian packages they come in. */
const PROGRAMS = [
  { program: 'sipp', debianPackage: 'sip-tester' },
  { program: 'baresip', debianPackage: 'baresip-core' },
] as const;

/** Held while one test run builds, as several may begin at once. */
const LOCK = join('node_modules', '.linekeeper-build');
const LOCK_STALE_MS = 120_000;
const LOOK_AGAIN_MS = 100;

/**
 * Global setup of tests that run the built program: it is built, once even when several projects or
 * runs begin at the same time, and the programs that place the calls must be there.
 */
export default async function buildOnce(): Promise<void> {
  await Promise.all(PROGRAMS.map(mustExist));
  await takeLock();
  try {
    await run('npm', ['run', '-s', 'build']);
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`npm run build failed:\n${output}`, { cause: error });
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

async function mustExist({ program, debianPackage }: (typeof PROGRAMS)[number]): Promise<void> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => access(join(folder, program), constants.X_OK));
  await Promise.any(found).catch(() => {
    throw new Error(
      `${program} is not installed, and these tests place their calls with it: apt-get install ${debianPackage}`,
    );
  });
}

async function takeLock(): Promise<void> {
  for (;;) {
    try {
      await mkdir(LOCK);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    await breakStaleLock();
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** A run that was killed while it built leaves its lock behind. */
async function breakStaleLock(): Promise<void> {
  const since = await stat(LOCK).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (since > LOCK_STALE_MS) await rm(LOCK, { recursive: true, force: true });
}
