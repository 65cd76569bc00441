import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeWav, encodeWav } from '../../../src/protocol/audio/wav.ts';
import { repairWav } from '../../../src/vault/wav-repair.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linekeeper-vault-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const left = Int16Array.from({ length: 800 }, (_, index) => index);
const right = Int16Array.from({ length: 800 }, (_, index) => -index);
const good = encodeWav(8000, [left, right]);

/** As FreeSWITCH leaves it when it is killed. */
function killed(): Buffer {
  const file = Buffer.from(good);
  file.writeUInt32LE(8, 4);
  file.writeUInt32LE(0, 40);
  return file;
}

describe('a recording whose writer was killed', () => {
  test('plays whole again', async () => {
    await writeFile(join(folder, 'a.wav'), killed());
    expect(await repairWav(folder, 'a.wav')).toBe(true);
    const { channels } = decodeWav(await readFile(join(folder, 'a.wav')));
    expect(channels).toEqual([left, right]);
  });

  test.each([
    ['a good file', good],
    ['a file shorter than a header', Buffer.from('RIFF')],
    ['a file that is no WAV', Buffer.alloc(200, 'x')],
    ['an empty file', Buffer.alloc(0)],
  ])('%s is left as it is', async (_name, bytes) => {
    await writeFile(join(folder, 'a.wav'), bytes);
    expect(await repairWav(folder, 'a.wav')).toBe(false);
    expect(await readFile(join(folder, 'a.wav'))).toEqual(bytes);
  });

  test('a missing file is no failure', async () => {
    expect(await repairWav(folder, 'none.wav')).toBe(false);
  });
});
