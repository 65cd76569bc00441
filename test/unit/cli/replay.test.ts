import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Command } from '../../../src/cli/command.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { replay } from '../../../src/cli/replay.ts';
import { simulate } from '../../../src/replay/simulate.ts';
import { createStore } from '../../../src/store/store.ts';
import { crowd, USUAL_CROWD } from '../../simulation/scenarios/crowd.ts';
import { USUAL_WAVES, usualDay } from '../../simulation/scenarios/load.ts';
import { Recorder } from '../replay/recorder.ts';
import { listen } from './terminal.ts';

const SHIPPED = fileURLToPath(new URL('../../../config', import.meta.url));
const SOUNDS = fileURLToPath(new URL('../../../freeswitch/sounds', import.meta.url));

/** A server's folder with a day in its store, and a copy of the configuration to change. */
async function place(callers: number) {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-replay-'));
  const other = join(folder, 'other');
  await cp(SHIPPED, other, { recursive: true });
  const store = await createStore({ file: join(folder, 'linekeeper.db') });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const recorder = new Recorder();
  const people = crowd(11, USUAL_WAVES, { ...USUAL_CROWD, callers, redials: 0 });
  if (callers > 0) simulate(usualDay(11, 3, people), recorder.witness);
  await store.commit(recorder.changes());
  return { other, environment: { LINEKEEPER_DATA: folder, LINEKEEPER_SOUNDS: SOUNDS } };
}

async function run(args: readonly string[], environment: Record<string, string> = {}) {
  const { heard, terminal } = listen(SHIPPED, environment);
  const commands = new Map<string, Command>([['replay', replay]]);
  const code = await runProgram({ commands, version: '' }, ['replay', ...args], terminal);
  return { code, ...heard };
}

const DAY = ['--from', '2026-11-24', '--runs', '2'];

describe('linekeeper replay', { timeout: 60_000 }, () => {
  it('prints both configurations side by side, beside a running server', async () => {
    const { other, environment } = await place(200);
    const { code, out, err } = await run(['--config', other, ...DAY], environment);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('Replay of 2026-11-24: 200 callers');
    expect(out).toMatch(/^ +as it was +recorded +other +difference$/mu);
    // The same configuration twice, with the same people: nothing differs.
    expect(out).toMatch(/^hold ASA, s .* 0\.0 ± 0\.0$/mu);
  });

  it('gives JSON in which a change shows', async () => {
    const { other, environment } = await place(200);
    const file = join(other, 'queues.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/wrapUpSeconds: \d+/gu, 'wrapUpSeconds: 300'));
    const args = ['--config', other, ...DAY, '--format', 'json'];
    const { out } = await run(args, environment);
    const { figures, observed } = JSON.parse(out) as {
      readonly figures: Record<string, { readonly difference: { readonly mean: number } }>;
      readonly observed: { readonly registered: number };
    };
    expect(observed.registered).toBeGreaterThan(0);
    expect(figures['abandonedPercent']?.difference.mean).toBeGreaterThan(0);
  });

  it('says that there is nothing to replay', async () => {
    const { other, environment } = await place(0);
    const { code, err } = await run(['--config', other, ...DAY], environment);
    expect(code).toBe(1);
    expect(err).toBe('Nobody joined a line from 2026-11-24 to 2026-11-24: nothing to replay.\n');
  });

  it('tells of a configuration that is wrong what `check` tells', async () => {
    const { other, environment } = await place(0);
    await writeFile(join(other, 'queues.yaml'), 'queues: 5\n');
    const { code, err } = await run(['--config', other, ...DAY], environment);
    expect(code).toBe(2);
    expect(err).toMatch(/queues\.yaml:1/u);
  });

  it.each([
    [['--config', '/other'], '--from is missing'],
    [[...DAY], '--config names the folder of the other configuration'],
    [['--config', '/other', '--from', '2026-02-30'], '"2026-02-30" is no date'],
    [['--config', '/other', ...DAY, '--to', '2026-11-23'], '--to is before --from'],
    [['--config', '/other', ...DAY, '--to', '2027-11-24'], 'at most 31 days'],
    [['--config', '/other', ...DAY, '--runs', '0'], 'not a whole number from 1 to 1000'],
    [['--config', '/other', ...DAY, '--seed', 'x'], '--seed: "x" is not a whole number'],
    [['--config', '/other', ...DAY, '--format', 'csv'], '--format: "csv" is not one of'],
  ])('refuses wrong usage with 2: %j', async (args, why) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});
