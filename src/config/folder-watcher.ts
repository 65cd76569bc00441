import { type FSWatcher, statSync, watch } from 'node:fs';

/** Editors write in several steps; one save is one change. */
const SETTLE_MS = 150;

/** Who is told of a watched folder. */
export interface FolderListener {
  /** Something in the folder changed, and then was quiet for a moment. */
  changed(): void;
  /** The folder cannot be watched any more. */
  failed(error: Error): void;
}

/**
 * Watches a folder rather than its files, so that files replaced by rename are seen; a folder that
 * is itself replaced is found again. Does not keep the process running. The result ends it.
 */
export function watchFolder(folder: string, listener: FolderListener): () => void {
  let watcher: FSWatcher | undefined;
  let watched: bigint | undefined;
  let settling: NodeJS.Timeout | undefined;
  let ended = false;

  function begin(): void {
    try {
      watched = identityOf(folder);
      watcher = watch(folder, { persistent: false }, stir);
      watcher.on('error', (error) => fail(error));
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function stir(): void {
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLE_MS);
    settling.unref();
  }

  function settle(): void {
    if (ended) return;
    if (identityOf(folder) !== watched) {
      watcher?.close();
      begin();
    }
    listener.changed();
  }

  function fail(error: Error): void {
    watcher?.close();
    if (!ended) listener.failed(error);
  }

  begin();
  return () => {
    ended = true;
    clearTimeout(settling);
    watcher?.close();
  };
}

/** Which folder lies at a path now; undefined if none. */
function identityOf(folder: string): bigint | undefined {
  return statSync(folder, { bigint: true, throwIfNoEntry: false })?.ino;
}
