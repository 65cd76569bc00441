import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { levelDb, shareAt, TELEPHONE_RATE } from '../../src/protocol/audio/spectrum.ts';
import { decodeWav } from '../../src/protocol/audio/wav.ts';

/** A conversation as it was recorded. */
export interface RecordedSound {
  readonly seconds: number;
  /** The caller. */
  readonly left: Int16Array;
  /** The agent. */
  readonly right: Int16Array;
}

const WINDOW_SAMPLES = TELEPHONE_RATE / 5;
const SPOKEN_DB = -45;

/** Opens a recording. @throws Error if it is no stereo WAV of telephone quality */
export async function openRecording(folder: string, file: string): Promise<RecordedSound> {
  const { rate, channels } = decodeWav(await readFile(join(folder, file)));
  const [left, right] = channels;
  if (rate !== TELEPHONE_RATE || left === undefined || right === undefined) {
    throw new Error(`${file} has ${channels.length} channels at ${rate} samples a second`);
  }
  return { seconds: left.length / rate, left, right };
}

/**
 * Share (0 to 1) of a tone in what was said on a channel; silence is left out, and the windows in
 * which speech begins and ends, which a tone fills in part. 0 if all is silent.
 */
export function toneShare(channel: Int16Array, frequencyHz: number): number {
  const spoken: number[] = [];
  for (let start = 0; start + WINDOW_SAMPLES <= channel.length; start += WINDOW_SAMPLES) {
    const window = channel.subarray(start, start + WINDOW_SAMPLES);
    if (levelDb(window) > SPOKEN_DB) spoken.push(shareAt(window, [frequencyHz]));
  }
  const whole = spoken.slice(1, -1);
  if (whole.length === 0) return 0;
  return whole.reduce((sum, share) => sum + share, 0) / whole.length;
}
