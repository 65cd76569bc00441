import { AudioError } from './errors.ts';
import { TELEPHONE_RATE } from './spectrum.ts';

/** ITU-T Q.23: the row frequencies, top to bottom, and the column frequencies, left to right, in Hz. */
export const DTMF_ROWS_HZ: readonly number[] = [697, 770, 852, 941];
export const DTMF_COLUMNS_HZ: readonly number[] = [1209, 1336, 1477, 1633];

const KEYPAD: readonly string[] = ['123A', '456B', '789C', '*0#D'];

/** The key of a row and a column, each 0 to 3. */
export function dtmfDigit(row: number, column: number): string | undefined {
  return KEYPAD[row]?.[column];
}

/** Row and column frequency of a key, or undefined when it is none. */
export function dtmfFrequencies(digit: string): readonly [number, number] | undefined {
  if (digit.length !== 1) return undefined;
  const key = digit.toUpperCase();
  const row = KEYPAD.findIndex((keys) => keys.includes(key));
  const rowHz = DTMF_ROWS_HZ[row];
  const columnHz = DTMF_COLUMNS_HZ[KEYPAD[row]?.indexOf(key) ?? -1];
  return rowHz === undefined || columnHz === undefined ? undefined : [rowHz, columnHz];
}

/** Peak of each of the two tones by default: together about -7 dBm0. */
const DEFAULT_AMPLITUDE = 7000;

/**
 * The tone pair of a key as 8 kHz samples. `amplitude` is the peak of each tone. Throws AudioError
 * `bad-value` for what is no key.
 */
export function dtmfTone(
  digit: string,
  durationMs: number,
  amplitude: number = DEFAULT_AMPLITUDE,
): Int16Array {
  const frequencies = dtmfFrequencies(digit);
  if (!frequencies) throw new AudioError('bad-value', 'a DTMF digit is one of 0-9 A-D * #');
  return tonePair(frequencies, Math.round((durationMs * TELEPHONE_RATE) / 1000), amplitude);
}

function tonePair(
  [rowHz, columnHz]: readonly [number, number],
  length: number,
  amplitude: number,
): Int16Array {
  const samples = new Int16Array(length);
  const rowStep = (2 * Math.PI * rowHz) / TELEPHONE_RATE;
  const columnStep = (2 * Math.PI * columnHz) / TELEPHONE_RATE;
  for (let index = 0; index < length; index++) {
    samples[index] = Math.round(
      amplitude * (Math.sin(rowStep * index) + Math.sin(columnStep * index)),
    );
  }
  return samples;
}

/** The tones of several keys, each followed by silence. */
export function dtmfSequence(
  digits: string,
  options: {
    readonly durationMs?: number;
    readonly gapMs?: number;
    readonly amplitude?: number;
  } = {},
): Int16Array {
  const gap = Math.round(((options.gapMs ?? 60) * TELEPHONE_RATE) / 1000);
  const tones = Array.from(digits, (digit) =>
    dtmfTone(digit, options.durationMs ?? 100, options.amplitude),
  );
  const samples = new Int16Array(tones.reduce((sum, tone) => sum + tone.length + gap, 0));
  let offset = 0;
  for (const tone of tones) {
    samples.set(tone, offset);
    offset += tone.length + gap;
  }
  return samples;
}
