import type { EpochMs } from '../ids.ts';

/** Parts of a window that are counted together. */
const PARTS = 60;

/** A sum over a sliding window, exact to a sixtieth of it, never too low. */
export interface Tally {
  readonly windowMs: number;
  /** In order of time; at most one more than the window has parts. */
  readonly parts: readonly TallyPart[];
}

interface TallyPart {
  readonly start: EpochMs;
  readonly amount: number;
}

export function emptyTally(windowMs: number): Tally {
  return { windowMs, parts: [] };
}

/** What was added within the window that ends now; parts ahead of `now` count. */
export function sumOf(tally: Tally, now: EpochMs): number {
  return partsWithin(tally, now).reduce((sum, { amount }) => sum + amount, 0);
}

export function withAmount(tally: Tally, amount: number, now: EpochMs): Tally {
  const length = tally.windowMs / PARTS;
  const start = Math.floor(now / length) * length;
  const parts = partsWithin(tally, now);
  const last = parts.at(-1);
  // A clock set back adds to the latest part, so that parts stay in order and few.
  if (last !== undefined && last.start >= start) {
    const more = { start: last.start, amount: last.amount + amount };
    return { windowMs: tally.windowMs, parts: [...parts.slice(0, -1), more] };
  }
  return { windowMs: tally.windowMs, parts: [...parts, { start, amount }] };
}

/** When `amount` more will fit below `ceiling`; never, if it does not fit into an empty window. */
export function fitsAt(
  tally: Tally,
  amount: number,
  ceiling: number,
  now: EpochMs,
): EpochMs | undefined {
  let sum = sumOf(tally, now) + amount;
  if (sum <= ceiling) return now;
  for (const part of partsWithin(tally, now)) {
    sum -= part.amount;
    if (sum <= ceiling) return part.start + tally.windowMs + tally.windowMs / PARTS;
  }
  return undefined;
}

function partsWithin({ windowMs, parts }: Tally, now: EpochMs): readonly TallyPart[] {
  return parts.filter(({ start }) => start + windowMs + windowMs / PARTS > now);
}
