import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createResampler } from '../../src/protocol/audio/resample.ts';
import { TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { decodeWav } from '../../src/protocol/audio/wav.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;

/** The voice, as the manifest names it. */
export const VOICE = 'flite slt';

/**
 * Speaks `text` with flite, `stretch` times as slow as it would by itself. Samples at 8 kHz.
 * @throws Error if flite is missing or fails
 */
export async function speak(text: string, stretch: number): Promise<Int16Array> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-speech-'));
  try {
    const input = join(folder, 'text');
    const output = join(folder, 'speech.wav');
    await writeFile(input, text);
    const pace = ['--setf', `duration_stretch=${stretch}`];
    const files = ['-f', input, '-o', output];
    await run('flite', ['-voice', 'slt', ...pace, ...files], { timeout: TIMEOUT_MS });
    return toTelephone(await readFile(output));
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Error('flite is not installed: apt install flite', { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toTelephone(file: Buffer): Int16Array {
  const { rate, channels } = decodeWav(file);
  const [samples = new Int16Array(0)] = channels;
  const resampler = createResampler(rate, TELEPHONE_RATE);
  const pieces = [resampler.process(samples), resampler.flush()];
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
