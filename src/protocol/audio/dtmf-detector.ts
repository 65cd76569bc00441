import { DTMF_COLUMNS_HZ, DTMF_ROWS_HZ, dtmfDigit } from './dtmf.ts';
import { TELEPHONE_RATE } from './spectrum.ts';

/**
 * Samples that are judged together, 12.75 ms: long enough to tell neighbouring tones apart, short
 * enough that a tone of 40 ms, the shortest that ITU-T Q.24 asks for, fills at least two blocks.
 */
const BLOCK = 102;

/** Blocks in a row that make a digit, and blocks without it that end it. */
const BLOCKS_TO_START = 2;
/** Three, so that one lost packet of 20 ms inside a tone does not make two digits of it. */
const BLOCKS_TO_END = 3;

/** Least peak of each tone: about -38 dBm0. */
const LEAST_AMPLITUDE = 300;
const LEAST_POWER = (LEAST_AMPLITUDE * LEAST_AMPLITUDE) / 2;

/** Greatest difference of level between both tones, either way: 9 dB. */
const TWIST = 7.94;
/** Least distance of the chosen tone from the others of its group: 8 dB. */
const PEAK = 6.31;
/**
 * Least share of both tones in the power of the block. Tones that are 1.5 % off still have 0.7;
 * speech and music rarely put as much into two such frequencies, and hardly ever twice in a row.
 */
const PURITY = 0.65;
/** Greatest change of the tones' power between blocks of one digit: speech swells, keys do not. */
const STEADY = 2.5;

/** A tone that has ended. */
interface DetectedDigit {
  readonly digit: string;
  readonly durationMs: number;
}

/** Finds DTMF in a stream of 8 kHz samples; each tone is told once, when it ends. */
export interface DtmfDetector {
  /** Takes up to 20 ms of sound; at most one digit can end in it. */
  process(samples: Int16Array): DetectedDigit | undefined;
}

interface Judgement {
  readonly digit: string;
  readonly power: number;
}

/** A detector for one direction of one call. It allocates nothing while no digit is heard. */
export function createDtmfDetector(): DtmfDetector {
  const block = new Float64Array(BLOCK);
  let filled = 0;
  let candidate: Judgement | undefined;
  let candidateBlocks = 0;
  let current: string | undefined;
  let currentBlocks = 0;
  let misses = 0;

  function endCurrent(): DetectedDigit | undefined {
    if (current === undefined) return undefined;
    const durationMs = Math.round((currentBlocks * BLOCK * 1000) / TELEPHONE_RATE);
    const ended = { digit: current, durationMs };
    current = undefined;
    return ended;
  }

  function follow(heard: Judgement | undefined): void {
    const same =
      heard !== undefined &&
      candidate?.digit === heard.digit &&
      ratio(candidate.power, heard.power) <= STEADY;
    candidateBlocks = heard === undefined ? 0 : same ? candidateBlocks + 1 : 1;
    candidate = heard;
  }

  function judged(heard: Judgement | undefined): DetectedDigit | undefined {
    follow(heard);
    if (current !== undefined && heard?.digit === current) {
      currentBlocks += 1 + misses;
      misses = 0;
      return undefined;
    }
    let ended: DetectedDigit | undefined;
    if (current !== undefined) {
      misses++;
      if (misses >= BLOCKS_TO_END || candidateBlocks >= BLOCKS_TO_START) ended = endCurrent();
    }
    if (current === undefined && candidateBlocks >= BLOCKS_TO_START) {
      current = candidate?.digit;
      currentBlocks = candidateBlocks;
      misses = 0;
    }
    return ended;
  }

  function process(samples: Int16Array): DetectedDigit | undefined {
    let ended: DetectedDigit | undefined;
    for (let index = 0; index < samples.length; index++) {
      block[filled++] = samples[index] ?? 0;
      if (filled < BLOCK) continue;
      filled = 0;
      ended = judged(judge(block)) ?? ended;
    }
    return ended;
  }

  return { process };
}

/** The digit that fills a block, if one does. */
function judge(block: Float64Array): Judgement | undefined {
  let energy = 0;
  for (let index = 0; index < BLOCK; index++) {
    const sample = block[index] ?? 0;
    energy += sample * sample;
  }
  const total = energy / BLOCK;
  if (total < 2 * LEAST_POWER) return undefined;
  const row = strongest(block, DTMF_ROWS_HZ);
  const column = row && strongest(block, DTMF_COLUMNS_HZ);
  if (!row || !column) return undefined;
  if (ratio(row.power, column.power) > TWIST) return undefined;
  const power = row.power + column.power;
  if (power < PURITY * total) return undefined;
  const digit = dtmfDigit(row.index, column.index);
  return digit === undefined ? undefined : { digit, power };
}

/** The tone of a group that stands out from the others by 8 dB, if one does. */
function strongest(
  block: Float64Array,
  group: readonly number[],
): { readonly index: number; readonly power: number } | undefined {
  let best = 0;
  let second = 0;
  let index = 0;
  for (let tone = 0; tone < group.length; tone++) {
    const power = blockPower(block, group[tone] ?? 0);
    if (power > best) {
      second = best;
      best = power;
      index = tone;
    } else if (power > second) {
      second = power;
    }
  }
  return best < LEAST_POWER || best < PEAK * second ? undefined : { index, power: best };
}

const COEFFICIENTS = new Map(
  [...DTMF_ROWS_HZ, ...DTMF_COLUMNS_HZ].map((hz) => [
    hz,
    2 * Math.cos((2 * Math.PI * hz) / TELEPHONE_RATE),
  ]),
);

/** Goertzel's algorithm on one block; see `powerAt`. */
function blockPower(block: Float64Array, frequencyHz: number): number {
  const coefficient = COEFFICIENTS.get(frequencyHz) ?? 0;
  let previous = 0;
  let beforePrevious = 0;
  for (let index = 0; index < BLOCK; index++) {
    const current = (block[index] ?? 0) + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  const squared =
    previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
  return (2 * squared) / (BLOCK * BLOCK);
}

/** How many times the greater is the lesser. */
function ratio(a: number, b: number): number {
  return a > b ? a / b : b / a;
}
