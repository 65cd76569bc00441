import type { RetentionPolicy } from './domain/retention/policy.ts';
import type { Clock, Log } from './engine/ports.ts';
import type { LinekeeperStore } from './store/store.ts';

/** What is needed to destroy what is over age. */
export interface AgeingNeeds {
  readonly store: LinekeeperStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: () => RetentionPolicy;
}

const HOUR_MS = 3_600_000;
/** Begun a little after the start, so that calls come first, then once a day. */
const FIRST_MS = HOUR_MS / 12;
const EVERY_MS = 24 * HOUR_MS;

/** Destroys numbers and records that are over age, once a day. */
export class Ageing {
  readonly #needs: AgeingNeeds;
  #cancel: () => void = () => undefined;

  constructor(needs: AgeingNeeds) {
    this.#needs = needs;
  }

  start(): void {
    this.#after(FIRST_MS);
  }

  stop(): void {
    this.#cancel();
  }

  #after(afterMs: number): void {
    this.#cancel = this.#needs.clock.startTimer(afterMs, () => {
      this.#after(EVERY_MS);
      this.#purge().catch((error: unknown) => {
        this.#needs.log.error('what is over age was not destroyed', { error: String(error) });
      });
    });
  }

  async #purge(): Promise<void> {
    const { store, clock, log, policy } = this.#needs;
    for (const { kind, count } of await store.purge(clock.now(), policy())) {
      log.info('records over age were destroyed', { kind, count });
    }
  }
}
