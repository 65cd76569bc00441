import { type FileHandle, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MACHINE_LISTEN_SECONDS } from '../../../src/engine/ports.ts';
import { WAV_HEADER_BYTES } from '../../../src/protocol/audio/wav.ts';
import {
  earFile,
  MachineEar,
  removeEarFiles,
} from '../../../src/telephony/freeswitch/machine-ear.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/waiting.ts';
import { noise } from '../audio/sounds.ts';

let folder: string;
let clock: ManualClock;
let told: string[];
let commands: string[];
/** The media server's side of the file. */
let writing: FileHandle | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linekeeper-ear-'));
  clock = new ManualClock();
  told = [];
  commands = [];
});

afterEach(async () => {
  await writing?.close();
  writing = undefined;
  await rm(folder, { recursive: true });
});

/** `startRecording`: what the media server does when it is told to. */
function ear(startRecording: (path: string) => Promise<void>): MachineEar {
  const path = join(folder, earFile('channel'));
  return new MachineEar({
    clock,
    path,
    record: async (action) => {
      commands.push(action);
      if (action === 'start') await startRecording(path);
    },
    listener: {
      speech: (active, agoMs) => told.push(`${active ? 'began' : 'ended'} ${agoMs} ms ago`),
      beep: () => told.push('beep'),
    },
    failed: () => told.push('failed'),
  });
}

async function record(path: string): Promise<void> {
  writing = await open(path, 'w');
  await writing.write(Buffer.alloc(WAV_HEADER_BYTES));
}

async function says(samples: Int16Array): Promise<void> {
  await writing?.write(Buffer.from(samples.buffer));
}

/** Time passes, reading by reading. */
async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    await clock.pass(20);
    await until(() => clock.pending > 0, 'the next reading');
  }
}

describe('an ear', () => {
  it('hears what is written to a file that has no name any more', async () => {
    const listening = ear(record);
    await listening.start();
    expect(await readdir(folder)).toEqual([]);
    await says(noise(8_000, 3_000));
    await passes(60);
    expect(told).toEqual(['began 60 ms ago']);
    await says(new Int16Array(8_000));
    await passes(60);
    expect(told).toEqual(['began 60 ms ago', 'ended 400 ms ago']);
    await listening.stop();
    await listening.stop();
    expect(commands).toEqual(['start', 'stop']);
    expect(clock.pending).toBe(0);
  });

  it('takes a party that sends nothing for silent, since when it does', async () => {
    const listening = ear(record);
    await listening.start();
    await says(noise(1_600, 3_000));
    await passes(60);
    await passes(720);
    const [, ended = ''] = told;
    expect(Number(/ended (\d+) ms/u.exec(ended)?.[1])).toBeGreaterThanOrEqual(600);
    await listening.stop();
  });

  it('ends by itself', async () => {
    const listening = ear(record);
    await listening.start();
    await clock.pass(MACHINE_LISTEN_SECONDS * 1000);
    await until(() => clock.pending > 0, 'the last reading');
    await clock.pass(100);
    expect(commands).toEqual(['start', 'stop']);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['the media server refuses', () => Promise.reject(new Error('refused'))],
    ['its folder is another', () => Promise.resolve()],
  ])('is deaf, and says so once, where %s', async (_case, startRecording) => {
    const listening = ear(startRecording);
    await listening.start();
    expect(told).toEqual(['failed']);
    expect(commands).toContain('stop');
    expect(clock.pending).toBe(0);
    await listening.stop();
  });

  it('that is stopped while it starts leaves nothing behind', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const listening = ear(async (path) => {
      await held;
      await record(path);
    });
    const started = listening.start();
    const stopped = listening.stop();
    goOn();
    await Promise.all([started, stopped]);
    expect(commands.at(-1)).toBe('stop');
    expect(await readdir(folder)).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('files that a crash left', () => {
  it('are removed, and no others', async () => {
    await writeFile(join(folder, earFile('one')), '');
    await writeFile(join(folder, 'rec-1.wav'), '');
    await removeEarFiles(folder);
    expect(await readdir(folder)).toEqual(['rec-1.wav']);
    await removeEarFiles(join(folder, 'nowhere'));
  });
});
