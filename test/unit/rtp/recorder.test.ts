import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeWav } from '../../../src/protocol/audio/wav.ts';
import { openRecorder } from '../../../src/switch/rtp/recorder.ts';

const level = (value: number): Int16Array => new Int16Array(160).fill(value);

describe('a recorder', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recorder-'));
    path = join(directory, 'made', 'call.wav');
  });

  afterEach(() => rm(directory, { recursive: true }));

  async function read(): Promise<readonly Int16Array[]> {
    return decodeWav(await readFile(path)).channels;
  }

  it('keeps both parties apart, left and right', async () => {
    const recorder = await openRecorder({ path, channels: 2 });
    for (let tick = 0; tick < 30; tick++) recorder.write(level(100), level(-200));
    recorder.write(undefined, level(7));
    expect(await recorder.stop()).toEqual({ path, samples: 31 * 160, maskedSamples: 0 });
    const [left, right] = await read();
    expect(left?.subarray(0, 4800)).toEqual(new Int16Array(4800).fill(100));
    expect(right?.subarray(0, 4800)).toEqual(new Int16Array(4800).fill(-200));
    expect(left?.[4800]).toBe(0);
    expect(right?.[4959]).toBe(7);
  });

  it('adds both up on one channel', async () => {
    const recorder = await openRecorder({ path, channels: 1 });
    recorder.write(level(30_000), level(5000));
    recorder.write(level(10), undefined);
    await recorder.stop();
    const [mono] = await read();
    expect(mono?.[0]).toBe(32_767);
    expect(mono?.[160]).toBe(10);
    expect(mono).toHaveLength(320);
  });

  it('writes silence while it is masked, and counts it', async () => {
    const recorder = await openRecorder({ path, channels: 2 });
    recorder.write(level(1), level(1));
    recorder.mask(true);
    recorder.write(level(2), level(2));
    expect(recorder.masked).toBe(true);
    recorder.mask(false);
    recorder.write(level(3), level(3));
    expect(await recorder.stop()).toMatchObject({ samples: 480, maskedSamples: 160 });
    const [left] = await read();
    expect([left?.[0], left?.[160], left?.[320]]).toEqual([1, 0, 3]);
  });

  it('can be played at any time: the header counts what has been written', async () => {
    const recorder = await openRecorder({ path, channels: 2 });
    expect((await read())[0]).toHaveLength(0);
    for (let tick = 0; tick < 50; tick++) recorder.write(level(1), level(1));
    let header = 0;
    while (header < 50 * 160 * 4) {
      header = (await readFile(path)).readUInt32LE(40);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await read())[0]).toHaveLength(50 * 160);
    await recorder.stop();
  });

  it('says when a file cannot be made', async () => {
    await expect(openRecorder({ path: '/dev/null/x.wav', channels: 1 })).rejects.toMatchObject({
      name: 'RecorderError',
      code: 'cannot-open',
    });
  });

  it('ends by itself at its greatest length', async () => {
    const recorder = await openRecorder({ path, channels: 1, maxSeconds: 1 });
    const failures: Error[] = [];
    recorder.on('failed', (error) => failures.push(error));
    for (let tick = 0; tick < 60; tick++) recorder.write(level(1), undefined);
    expect(recorder.failed).toBe(true);
    const result = await recorder.stop();
    expect(failures).toHaveLength(1);
    expect(result).toMatchObject({ samples: 8000, error: { code: 'too-long' } });
  });

  it('gives the same result to every stop', async () => {
    const recorder = await openRecorder({ path, channels: 1 });
    expect(recorder.stop()).toBe(recorder.stop());
    await recorder.stop();
    recorder.write(level(1), undefined);
    expect(recorder.samples).toBe(0);
  });
});
