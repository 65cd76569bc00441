import { NO_USE, type RecentUse } from './ceilings.ts';
import { readTally, type Tally } from './tally.ts';

/**
 * What is kept of the recent use over a restart: the sums of the day. Not what happened by number, since
 * numbers are counted under keys that end with the process; nor the minute's, which is soon over.
 */
export type KeptUse = Pick<RecentUse, (typeof KEPT)[number]>;

const KEPT = ['registrationsInDay', 'attemptsInDay', 'costInDay'] as const;

export function keptUse({ registrationsInDay, attemptsInDay, costInDay }: RecentUse): KeptUse {
  return { registrationsInDay, attemptsInDay, costInDay };
}

/** Reads what `keptUse` gave; a sum that can not be read begins anew. */
export function readUse(kept: unknown): RecentUse {
  const read = KEPT.flatMap((name): readonly (readonly [string, Tally])[] => {
    const tally = readTally(partOf(kept, name), NO_USE[name].windowMs);
    return tally === undefined ? [] : [[name, tally]];
  });
  return { ...NO_USE, ...Object.fromEntries(read) };
}

function partOf(kept: unknown, name: string): unknown {
  if (typeof kept !== 'object' || kept === null) return undefined;
  return Object.entries(kept).find(([other]) => other === name)?.[1];
}
