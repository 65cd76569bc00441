import { setTimeout as pause } from 'node:timers/promises';
import { storeFailureOf } from './failure.ts';

/** Between two tries; everything that is to be kept waits for it. */
const PAUSE_MS = 25;
/** What another program may hold the database for before we give up. */
const PATIENCE_MS = 5_000;

/**
 * Tries again while another program holds the database. The process goes on meanwhile: SQLite's own
 * waiting would stop every call.
 * @param doing for the message of a failure
 * @throws StoreFailure
 */
export async function patiently<T>(
  attempt: () => Promise<T>,
  doing: string,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const failure = storeFailureOf(error, doing);
      if (failure.kind !== 'inUse' || performance.now() >= until) throw failure;
    }
    await pause(PAUSE_MS);
  }
}

/** What a query finds. @throws StoreFailure */
export function reading<T>(query: () => Promise<T>): Promise<T> {
  return patiently(query, 'reading');
}
