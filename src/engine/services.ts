import type { Observer } from './observer.ts';
import type { Plan } from './plan.ts';
import type { Change, Clock, Ids, Log, Store, Telephony } from './ports.ts';

/** What every part of the engine works with. */
export interface Services {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: Store;
  readonly telephony: Telephony;
  readonly observe: Observer;
  /** Makes a recording playable whose writer was stopped in the middle. */
  readonly repairRecording: (file: string) => Promise<void>;
  /** What a number is counted under in memory, such as a keyed hash. */
  readonly keyOfNumber: (number: string) => string;
  /** The plan in force now. */
  plan(): Plan;
}

/** Keeps changes that nobody waits for; a failure is logged as an error, with what was lost. */
export function keep(services: Services, what: string, changes: readonly Change[]): void {
  services.store.commit(changes).catch((error: unknown) => {
    services.log.error('a change was not kept', { what, error: String(error) });
  });
}
