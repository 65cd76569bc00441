import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;

/** A program that makes a file of another, or of a text. */
export interface Tool {
  readonly command: string;
  /** What to install, in Debian's words. */
  readonly package: string;
  readonly argumentsFor: (input: string, output: string) => readonly string[];
}

/** Runs a tool on `input` and gives the file it makes. @throws Error if it is missing or fails */
export async function produce(tool: Tool, input: string | Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-speech-'));
  try {
    // Named as WAV files, by which sox knows them; speech engines do not mind.
    const from = join(folder, 'input.wav');
    const to = join(folder, 'output.wav');
    await writeFile(from, input);
    await run(tool.command, [...tool.argumentsFor(from, to)], { timeout: TIMEOUT_MS });
    return await readFile(to);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Error(`${tool.command} is not installed: apt install ${tool.package}`, {
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
