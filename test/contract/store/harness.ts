import { afterEach } from 'vitest';
import type { LinekeeperStore } from '../../../src/store/store.ts';

/** What the suites need of a kind of database. */
export interface StoreUnderTest {
  /** An empty store. */
  open(): Promise<LinekeeperStore>;
  /** The same data, opened again; undefined where nothing outlives the process. */
  reopen: (() => Promise<LinekeeperStore>) | undefined;
  /** Removes what `open` made. */
  clear(): Promise<void>;
}

/** A store for each test of a suite, closed and removed after it. */
export function useStore(prepare: () => StoreUnderTest): {
  readonly open: () => Promise<LinekeeperStore>;
  /** Closes the store and opens it again; the same one where that would lose it. */
  readonly reopen: () => Promise<LinekeeperStore>;
} {
  let subject: StoreUnderTest | undefined;
  let store: LinekeeperStore | undefined;

  afterEach(async () => {
    await store?.close();
    await subject?.clear();
    store = undefined;
  });

  return {
    async open() {
      subject = prepare();
      store = await subject.open();
      return store;
    },
    async reopen() {
      if (store === undefined || subject === undefined) throw new Error('open first');
      if (subject.reopen === undefined) return store;
      await store.close();
      store = await subject.reopen();
      return store;
    },
  };
}
