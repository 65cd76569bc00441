import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRecorder } from '../../../src/switch/rtp/recorder.ts';

/** What the disk does with each write after the first, which is the header of an empty file. */
const disk = vi.hoisted(() => ({
  behaviour: (): Promise<void> => Promise.resolve(),
  writes: 0,
}));

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  return {
    ...real,
    open: async (...given: Parameters<typeof real.open>): Promise<FileHandle> => {
      const file = await real.open(...given);
      const write = file.write.bind(file) as (...values: unknown[]) => Promise<unknown>;
      Object.assign(file, {
        write: async (...values: unknown[]) => {
          if (disk.writes++ > 0) await disk.behaviour();
          return write(...values);
        },
      });
      return file;
    },
  };
});

describe('a recorder on a bad disk', () => {
  let directory: string;
  const frame = new Int16Array(160).fill(1);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recorder-disk-'));
    disk.writes = 0;
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('reports once that the disk is full, and keeps what was written before', async () => {
    const recorder = await openRecorder({ path: join(directory, 'a.wav'), channels: 1 });
    let blocks = 0;
    disk.behaviour = async () => {
      // Two writes a block: the sound and the header.
      if (++blocks > 2) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    };
    const failures: Error[] = [];
    recorder.on('failed', (error) => failures.push(error));
    for (let tick = 0; tick < 100; tick++) recorder.write(frame, undefined);
    const result = await recorder.stop();
    expect(failures).toMatchObject([{ name: 'RecorderError', code: 'write-failed' }]);
    expect(result).toMatchObject({ samples: 4000, error: { code: 'write-failed' } });
    expect(recorder.failed).toBe(true);
  });

  it('gives up on a disk that is slower than the sound, in place of filling the memory', async () => {
    const recorder = await openRecorder({ path: join(directory, 'b.wav'), channels: 1 });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    disk.behaviour = () => held;
    for (let tick = 0; tick < 25 * 23; tick++) recorder.write(frame, undefined);
    expect(recorder.failed).toBe(true);
    release();
    expect(await recorder.stop()).toMatchObject({ error: { code: 'too-slow' } });
  });
});
