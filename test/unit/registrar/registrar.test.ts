import { beforeEach, describe, expect, test } from 'vitest';
import { createRegistrar, type Registrar } from '../../../src/registrar/registrar.ts';
import {
  answerTo,
  findAccount,
  ManualClock,
  MemoryPhoneStore,
  REALM,
  REQUEST_URI,
  registrationOf,
  SILENT,
} from './kit.ts';

let clock: ManualClock;
let store: MemoryPhoneStore;
let registrar: Registrar;
let heard: string[];

beforeEach(async () => {
  clock = new ManualClock();
  store = new MemoryPhoneStore();
  await start();
});

/** Also stands for a restart: nothing but the store is kept. */
async function start(): Promise<void> {
  const options = { realm: REALM, findAccount, store, clock, log: SILENT };
  registrar = await createRegistrar(options);
  heard = [];
  registrar.onReachability((agentId, reachable) => {
    heard.push(`${agentId} ${reachable ? 'came' : 'went'}`);
  });
}

const uris = (agentId: string) => registrar.contacts(agentId).map(({ uri }) => uri);
const DESK = 'sip:anna@127.0.0.1:5070';
const SOFT = 'sip:anna@127.0.0.1:5090';
const soft = { contacts: [`<${SOFT}>`], callId: 'register-2' };

describe('registrar', () => {
  test('a phone that registers is known, and answered with its contacts', async () => {
    const result = await registrar.register('anna', registrationOf());
    expect(result).toEqual({ status: 200, contacts: [`<${DESK}>;expires=600`] });
    expect(uris('anna')).toEqual([DESK]);
    expect(uris('ben')).toEqual([]);
  });

  test('tells of the first phone to come and the last to go, not of those between', async () => {
    await registrar.register('anna', registrationOf());
    await registrar.register('anna', registrationOf({ ...soft }));
    await registrar.register('anna', registrationOf({ cseq: 2 }));
    await registrar.register('anna', registrationOf({ cseq: 3, expiresSeconds: 0 }));
    expect(heard).toEqual(['anna came']);
    await registrar.register('anna', registrationOf({ ...soft, cseq: 2, expiresSeconds: 0 }));
    expect(heard).toEqual(['anna came', 'anna went']);
    expect(uris('anna')).toEqual([]);
  });

  test('phones expire one by one, in the store too', async () => {
    await registrar.register('anna', registrationOf({ expiresSeconds: 100 }));
    await registrar.register('anna', registrationOf({ ...soft, expiresSeconds: 200 }));
    clock.advance(100_000);
    expect(uris('anna')).toEqual([SOFT]);
    expect(heard).toEqual(['anna came']);
    await registrar.register('ben', registrationOf({ contacts: [] }));
    clock.advance(99_999);
    expect(uris('anna')).toEqual([SOFT]);
    clock.advance(1);
    expect(uris('anna')).toEqual([]);
    await expect.poll(() => heard).toEqual(['anna came', 'anna went']);
    await expect.poll(() => store.kept.size).toBe(0);
    expect(clock.timers).toBe(0);
  });

  test('a phone that renews in time stays', async () => {
    await registrar.register('anna', registrationOf({ expiresSeconds: 100 }));
    clock.advance(90_000);
    await registrar.register('anna', registrationOf({ expiresSeconds: 100, cseq: 2 }));
    clock.advance(90_000);
    expect(uris('anna')).toEqual([DESK]);
    expect(heard).toEqual(['anna came']);
  });

  test('after a restart phones are known, except those that expired meanwhile', async () => {
    await registrar.register('anna', registrationOf());
    await registrar.register('ben', registrationOf({ expiresSeconds: 60 }));
    registrar.close();
    clock.advance(60_000);
    await start();
    expect(heard).toEqual(['anna came']);
    expect(uris('anna')).toEqual([DESK]);
    expect(uris('ben')).toEqual([]);
    expect((await registrar.register('anna', registrationOf())).status).toBe(500);
    clock.advance(600_000);
    await expect.poll(() => heard).toEqual(['anna came', 'anna went']);
  });

  test('what cannot be stored is not promised: 500, and nothing changes', async () => {
    await registrar.register('anna', registrationOf());
    store.failing = true;
    const result = await registrar.register('anna', registrationOf({ ...soft }));
    expect(result).toEqual({ status: 500 });
    expect(uris('anna')).toEqual([DESK]);
  });

  test('refuses with what is allowed', async () => {
    const result = await registrar.register('anna', registrationOf({ expiresSeconds: 5 }));
    expect(result).toEqual({ status: 423, minExpiresSeconds: 30 });
    expect((await registrar.register('anna', registrationOf({ contacts: ['?'] }))).status).toBe(
      400,
    );
    expect(heard).toEqual([]);
  });

  test('REGISTERs of one agent that come together are applied one after another', async () => {
    const results = await Promise.all([
      registrar.register('anna', registrationOf({ cseq: 1 })),
      registrar.register('anna', registrationOf({ cseq: 3 })),
      registrar.register('anna', registrationOf({ cseq: 2 })),
      registrar.register('anna', registrationOf({ ...soft })),
    ]);
    expect(results.map(({ status }) => status)).toEqual([200, 200, 500, 200]);
    expect(uris('anna')).toEqual([SOFT, DESK]);
    expect(store.kept.get('anna')).toHaveLength(2);
  });

  test('no more wait than it has room for', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        registrar.register('anna', registrationOf({ cseq: n + 1 })),
      ),
    );
    const applied = results.filter(({ status }) => status === 200);
    expect(applied).toHaveLength(20);
    expect((await registrar.register('anna', registrationOf({ cseq: 99 }))).status).toBe(200);
  });

  test('proves who a phone is', () => {
    const request = { method: 'REGISTER', requestUri: REQUEST_URI, source: '127.0.0.1:5070' };
    const asked = registrar.authenticate({ ...request, authorization: undefined });
    if (asked.result !== 'challenge') throw new Error('not challenged');
    const authorization = answerTo(asked.challenge);
    const proven = registrar.authenticate({ ...request, authorization });
    expect(proven).toEqual({ result: 'agent', agentId: 'anna' });
  });

  test('closed, it leaves no timer', async () => {
    await registrar.register('anna', registrationOf());
    expect(clock.timers).toBe(1);
    registrar.close();
    expect(clock.timers).toBe(0);
  });
});
