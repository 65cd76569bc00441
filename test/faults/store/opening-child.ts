import { StoreFailure } from '../../../src/store/failure.ts';
import { createStore } from '../../../src/store/store.ts';

/**
 * Opens the store named on the command line and prints how that went, as JSON. With `nobody` as
 * second word it gives up the rights of root first, to which no folder is read-only.
 */
async function open(file: string, as: string | undefined): Promise<unknown> {
  if (as === 'nobody' && process.getuid?.() === 0) {
    // Loads the native library while it may be read.
    await (await createStore({ file: ':memory:' })).close();
    process.setgid?.(65_534);
    process.setuid?.(65_534);
  }
  try {
    const store = await createStore({ file });
    await store.close();
    return { kind: 'opened' };
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return { kind: error.kind, message: error.message };
  }
}

process.stdout.write(JSON.stringify(await open(process.argv[2] ?? '', process.argv[3])));
