import type { EpochMs } from '../ids.ts';

/** Parts of a window that are counted together. */
const PARTS = 60;

/** A sum over a sliding window, exact to a sixtieth of it, never too low. */
export interface Tally {
  readonly windowMs: number;
  /** In order of time; at most one more than the window has parts. */
  readonly parts: readonly TallyPart[];
  /** Of all parts. */
  readonly sum: number;
}

interface TallyPart {
  readonly start: EpochMs;
  readonly amount: number;
}

export function emptyTally(windowMs: number): Tally {
  return { windowMs, parts: [], sum: 0 };
}

/** The tally with `amount` more, added now. */
export function withAmount(tally: Tally, amount: number, now: EpochMs): Tally {
  const { windowMs, parts, sum } = withoutPast(tally, now);
  const length = windowMs / PARTS;
  const start = Math.floor(now / length) * length;
  const last = parts.at(-1);
  // A clock set back adds to the latest part, so that parts stay in order and few.
  const isInLast = last !== undefined && last.start >= start;
  const earlier = isInLast ? parts.slice(0, -1) : parts;
  const part = isInLast ? { start: last.start, amount: last.amount + amount } : { start, amount };
  return { windowMs, parts: [...earlier, part], sum: sum + amount };
}

/**
 * When `amount` more fits below `ceiling`: now, or as soon as enough has left the window; undefined if
 * it does not fit into an empty one. Parts ahead of `now`, after a clock was set back, count.
 */
export function fitsAt(
  tally: Tally,
  amount: number,
  ceiling: number,
  now: EpochMs,
): EpochMs | undefined {
  const { windowMs, parts, sum } = withoutPast(tally, now);
  let total = sum + amount;
  if (total <= ceiling) return now;
  for (const part of parts) {
    total -= part.amount;
    if (total <= ceiling) return leavesAt(part, windowMs);
  }
  return undefined;
}

/** The tally for a clock that was set back, as far as it was: what lies ahead of it is of just now. */
export function setBackTo(tally: Tally, now: EpochMs): Tally {
  const { windowMs, parts, sum } = tally;
  const length = windowMs / PARTS;
  const present = Math.floor(now / length) * length;
  const ahead = (parts.at(-1)?.start ?? present) - present;
  if (ahead <= 0) return tally;
  return { windowMs, parts: parts.map((part) => ({ ...part, start: part.start - ahead })), sum };
}

function sumOf(parts: readonly TallyPart[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0);
}

function withoutPast(tally: Tally, now: EpochMs): Tally {
  const { windowMs } = tally;
  const [first] = tally.parts;
  if (first === undefined || leavesAt(first, windowMs) > now) return tally;
  const parts = tally.parts.filter((part) => leavesAt(part, windowMs) > now);
  return { windowMs, parts, sum: sumOf(parts) };
}

/** A part leaves the window as a whole, once the last that may be in it does. */
function leavesAt({ start }: TallyPart, windowMs: number): EpochMs {
  return start + windowMs + windowMs / PARTS;
}
