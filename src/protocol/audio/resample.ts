import { AudioError } from './errors.ts';

/** Zero crossings of the low-pass on each side: about 60 dB of stop band with the window below. */
const CROSSINGS = 16;

/** Cut-off as a share of the lower of both Nyquist frequencies, so that the slope ends before it. */
const PASS_SHARE = 0.9;

/**
 * Changes the rate of a stream of samples by a windowed-sinc filter, one table of taps for each
 * phase. Feed it in pieces of any length, so that a long file does not hold up the caller.
 */
export interface Resampler {
  /** What can be given out after `piece`; the array is the caller's. */
  process(piece: Int16Array): Int16Array;
  /** The rest, after the last piece. */
  flush(): Int16Array;
}

/** Throws AudioError `bad-value` for rates that are not whole numbers from 4000 to 192000. */
export function createResampler(fromRate: number, toRate: number): Resampler {
  for (const rate of [fromRate, toRate]) {
    if (!Number.isInteger(rate) || rate < 4000 || rate > 192_000) {
      throw new AudioError('bad-value', `cannot resample with ${rate} samples a second`);
    }
  }
  if (fromRate === toRate) {
    return { process: (piece) => piece.slice(), flush: () => new Int16Array(0) };
  }
  return createPolyphase(fromRate, toRate);
}

/** The taps of every phase, `halfTaps * 2` each, one after another. */
interface FilterBank {
  readonly up: number;
  readonly down: number;
  readonly halfTaps: number;
  readonly taps: Float32Array;
}

function buildFilterBank(fromRate: number, toRate: number): FilterBank {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const up = toRate / divisor;
  const down = fromRate / divisor;
  const cutoff = Math.min(1, up / down) * PASS_SHARE;
  const halfTaps = Math.ceil(CROSSINGS / cutoff);
  const taps = new Float32Array(up * halfTaps * 2);
  for (let phase = 0; phase < up; phase++) {
    const base = phase * halfTaps * 2;
    let sum = 0;
    for (let tap = 0; tap < halfTaps * 2; tap++) {
      const distance = tap - halfTaps + 1 - phase / up;
      const value = sinc(distance * cutoff) * blackman(distance / halfTaps);
      taps[base + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < halfTaps * 2; tap++) {
      taps[base + tap] = (taps[base + tap] ?? 0) / sum;
    }
  }
  return { up, down, halfTaps, taps };
}

function createPolyphase(fromRate: number, toRate: number): Resampler {
  const bank = buildFilterBank(fromRate, toRate);
  const { up, down, halfTaps } = bank;
  /** Input from `historyStart` on; begins with silence so that the filter can look back. */
  let history: Int16Array = new Int16Array(halfTaps - 1);
  /** Place of the next output, as whole input samples into `history` and phases. */
  let position = halfTaps - 1;
  let phase = 0;

  function process(piece: Int16Array): Int16Array {
    const input = new Int16Array(history.length + piece.length);
    input.set(history);
    input.set(piece, history.length);
    const output: number[] = [];
    while (position + halfTaps < input.length) {
      output.push(convolve(bank, input, position - halfTaps + 1, phase));
      phase += down;
      position += Math.floor(phase / up);
      phase %= up;
    }
    const keepFrom = Math.max(0, Math.min(position - halfTaps + 1, input.length));
    history = input.slice(keepFrom);
    position -= keepFrom;
    return Int16Array.from(output);
  }

  return { process, flush: () => process(new Int16Array(halfTaps)) };
}

function convolve(bank: FilterBank, input: Int16Array, start: number, phase: number): number {
  const count = bank.halfTaps * 2;
  const base = phase * count;
  let sum = 0;
  for (let tap = 0; tap < count; tap++) {
    sum += (input[start + tap] ?? 0) * (bank.taps[base + tap] ?? 0);
  }
  return Math.max(-32768, Math.min(32767, Math.round(sum)));
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Blackman's window for -1 to 1. */
function blackman(x: number): number {
  if (x <= -1 || x >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The mean of several channels of equal length. */
export function mixToMono(channels: readonly Int16Array[]): Int16Array {
  const [first] = channels;
  if (!first) return new Int16Array(0);
  if (channels.length === 1) return first;
  const mono = new Int16Array(first.length);
  for (let index = 0; index < mono.length; index++) {
    let sum = 0;
    for (const channel of channels) sum += channel[index] ?? 0;
    mono[index] = Math.trunc(sum / channels.length);
  }
  return mono;
}
