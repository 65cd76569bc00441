import { randomInt as cryptoRandomInt } from 'node:crypto';
import type { Ids } from '../engine/ports.ts';

/**
 * Letters in the order of their codes, without vowels and digits: no id spells a word, and none can
 * be taken for a telephone number.
 */
const LETTERS = 'bcdfghjklmnpqrstvwxz';
/** 20^10 ms after 1970 is in the year 2294. */
const TIME_LETTERS = 10;
/** 16 letters hold 69 bits. */
const RANDOM_LETTERS = 16;

export interface IdSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** An even choice from 0 to `below` - 1. */
  readonly randomInt: (below: number) => number;
}

/**
 * Identifiers that sort by time. Within one millisecond, or while the clock stands back, the random
 * part counts up, so that later ids still sort later and none comes twice.
 */
export function createIds(
  sources: IdSources = { now: Date.now, randomInt: (below) => cryptoRandomInt(below) },
): Ids {
  let lastMs = -1;
  let random: number[] = [];
  return {
    next(kind) {
      const now = sources.now();
      if (now > lastMs) {
        lastMs = now;
        random = Array.from({ length: RANDOM_LETTERS }, () => sources.randomInt(LETTERS.length));
      } else if (!countUp(random)) {
        lastMs += 1;
      }
      return `${kind}-${timeLetters(lastMs)}${random.map(letter).join('')}`;
    },
  };
}

/** Adds one; false if it ran over, to all zeros. */
function countUp(digits: number[]): boolean {
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const next = (digits[index] ?? 0) + 1;
    if (next < LETTERS.length) {
      digits[index] = next;
      return true;
    }
    digits[index] = 0;
  }
  return false;
}

function timeLetters(ms: number): string {
  let rest = Math.max(0, Math.floor(ms));
  let text = '';
  for (let index = 0; index < TIME_LETTERS; index += 1) {
    text = letter(rest % LETTERS.length) + text;
    rest = Math.floor(rest / LETTERS.length);
  }
  return text;
}

function letter(index: number): string {
  return LETTERS.charAt(index);
}
