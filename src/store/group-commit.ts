import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { StoreFailure, storeFailureOf } from './failure.ts';
import type { PreparedFact } from './ledger/ledger.ts';
import { patiently } from './patience.ts';
import type { Tables } from './tables.ts';

/** What one commit does in its transaction. */
export interface Work {
  readonly writes: readonly Write[];
  readonly facts: readonly PreparedFact[];
}
export type Write = (transaction: Kysely<Tables>) => Promise<unknown>;

interface Waiting extends Work {
  readonly resolve: () => void;
  readonly reject: (failure: StoreFailure) => void;
}

/** Writes and facts that one transaction takes, so that none lasts long. */
const MAX_SIZE_OF_BATCH = 2_000;

/**
 * Commits that arrive in the same turn of the event loop, or while another transaction runs, share
 * the next transaction and its one wait for the disk. Each resolves when it is durable; if the
 * transaction fails, all that shared it are rejected and none has changed anything. One that another
 * program keeps from the database is tried again first.
 */
export class GroupCommit {
  readonly #run: (works: readonly Work[]) => Promise<void>;
  readonly #maxWaiting: number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(run: (works: readonly Work[]) => Promise<void>, maxWaiting: number) {
    this.#run = run;
    this.#maxWaiting = maxWaiting;
  }

  /** @throws StoreFailure */
  commit(work: Work): Promise<void> {
    if (this.#closed) {
      return Promise.reject(new StoreFailure('closed', 'store: it is closed'));
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      const message = `store: ${this.#maxWaiting} commits wait already`;
      return Promise.reject(new StoreFailure('overloaded', message));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...work, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Refuses further commits; resolves when those before have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await nextTurn();
      await this.#runBatch(this.#takeBatch());
    }
    this.#running = undefined;
  }

  #takeBatch(): readonly Waiting[] {
    let size = 0;
    let count = 0;
    for (const work of this.#waiting) {
      size += work.writes.length + work.facts.length;
      if (count > 0 && size > MAX_SIZE_OF_BATCH) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await patiently(() => this.#run(batch), 'committing');
    } catch (error) {
      const failure = storeFailureOf(error, 'committing');
      for (const work of batch) work.reject(failure);
      return;
    }
    for (const work of batch) work.resolve();
  }
}
