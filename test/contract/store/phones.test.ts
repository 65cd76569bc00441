import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock, Log } from '../../../src/engine/ports.ts';
import { createRegistrar } from '../../../src/registrar/registrar.ts';
import { createStore, type LinekeeperStore } from '../../../src/store/store.ts';

const CLOCK: Clock = { now: () => 1_764_000_000_000, startTimer: () => () => undefined };
const nothing = () => undefined;
const LOG: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const registrarOn = (store: LinekeeperStore) =>
  createRegistrar({ realm: 'test', findAccount: nothing, store, clock: CLOCK, log: LOG });

test('a phone whose REGISTER was answered is known after the server was killed', async () => {
  const [before, after] = await Promise.all([makeFolder(), makeFolder()]);
  try {
    const store = await createStore({ file: join(before, 'linekeeper.db') });
    const registrar = await registrarOn(store);
    const result = await registrar.register('anna', {
      contacts: ['<sip:anna@127.0.0.1:5070;ob>'],
      expiresSeconds: 600,
      callId: 'register-1',
      cseq: 1,
      source: { protocol: 'tcp', address: '127.0.0.1', port: 40_123 },
    });
    expect(result.status).toBe(200);
    // The files as they are at this moment are what a kill would leave.
    for (const name of ['linekeeper.db', 'linekeeper.db-wal', 'linekeeper.key']) {
      await copyFile(join(before, name), join(after, name));
    }
    const known = registrar.contacts('anna');
    await store.close();

    const again = await createStore({ file: join(after, 'linekeeper.db') });
    const restarted = await registrarOn(again);
    expect(restarted.contacts('anna')).toEqual(known);
    expect(known).toHaveLength(1);
    await again.close();
  } finally {
    await Promise.all([before, after].map((folder) => rm(folder, { recursive: true })));
  }
});

function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'linekeeper-phones-'));
}
