import {
  emptyOrderedMap,
  type OrderedMap,
  sizeOf,
  valueAt,
  withEntry,
} from '../collections/ordered-map.ts';
import type { EpochMs } from '../ids.ts';

/** Most times kept of one key; no ceiling may be higher. */
export const MAX_RECENT_TIMES = 100;
/** Most keys of one generation, unless asked for otherwise. */
const MAX_KEYS = 200_000;

/**
 * When something last happened, by key, over a sliding window. Bounded: keys lie in two generations,
 * and the older one is dropped when the younger is as old as the window or full.
 */
export interface RecentTimes {
  readonly windowMs: number;
  readonly maxKeys: number;
  readonly youngSince: EpochMs;
  readonly young: Generation;
  readonly old: Generation;
}
type Generation = OrderedMap<string, readonly EpochMs[]>;

const NOBODY: Generation = emptyOrderedMap((a, b) => (a < b ? -1 : a > b ? 1 : 0));

export function noTimes(windowMs: number, maxKeys = MAX_KEYS): RecentTimes {
  return { windowMs, maxKeys, youngSince: 0, young: NOBODY, old: NOBODY };
}

/**
 * Times within the window that ends now, oldest first. Those ahead of `now`, after a clock was set
 * back, count: it is better to wait than to call once more.
 */
export function timesOf(recent: RecentTimes, key: string, now: EpochMs): readonly EpochMs[] {
  const times = valueAt(recent.young, key) ?? valueAt(recent.old, key) ?? [];
  return times.filter((at) => at > now - recent.windowMs);
}

/** Takes note that it happened now. O(log keys). */
export function withTime(recent: RecentTimes, key: string, now: EpochMs): RecentTimes {
  const times = [...timesOf(recent, key, now), now].slice(-MAX_RECENT_TIMES);
  const next = aged(recent, now);
  return { ...next, young: withEntry(next.young, key, times) };
}

function aged(recent: RecentTimes, now: EpochMs): RecentTimes {
  const isOld = now - recent.youngSince >= recent.windowMs;
  if (!isOld && sizeOf(recent.young) < recent.maxKeys) return recent;
  return { ...recent, youngSince: now, young: NOBODY, old: recent.young };
}
