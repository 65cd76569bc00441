import { describe, expect, it } from 'vitest';
import type {
  EndpointListener,
  MediaEndpoint,
} from '../../../src/telephony/freeswitch/endpoint.ts';
import { WarmPool } from '../../../src/telephony/freeswitch/pool.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';

class FakeEndpoint {
  listener: EndpointListener | undefined;
  destroyed = false;
  listen(listener: EndpointListener): void {
    this.listener = listener;
  }
  destroy(): Promise<void> {
    this.destroyed = true;
    return Promise.resolve();
  }
}

function setUp(size = 2) {
  const clock = new ManualClock();
  const made: FakeEndpoint[] = [];
  let failing = false;
  const pool = new WarmPool({
    size,
    create: () => {
      if (failing) return Promise.reject(new Error('no'));
      const endpoint = new FakeEndpoint();
      made.push(endpoint);
      return Promise.resolve(endpoint as unknown as MediaEndpoint);
    },
    clock,
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    },
  });
  return {
    clock,
    made,
    pool,
    fail: (value: boolean) => {
      failing = value;
    },
  };
}

describe('WarmPool', () => {
  it('is filled once opened, and again after one is taken', async () => {
    const { clock, made, pool } = setUp();
    expect(pool.take()).toBeUndefined();
    pool.open();
    await settled();
    expect(pool.size).toBe(2);
    expect(pool.take()).toBe(made[0]);
    await clock.pass(10);
    expect(pool.size).toBe(2);
    expect(made).toHaveLength(3);
  });

  it('replaces one that dies', async () => {
    const { clock, made, pool } = setUp();
    pool.open();
    await settled();
    made[0]?.listener?.ended();
    expect(pool.size).toBe(1);
    expect(made[0]?.destroyed).toBe(true);
    await clock.pass(1_000);
    expect(pool.size).toBe(2);
  });

  it('waits longer and longer while none can be made', async () => {
    const { clock, made, pool, fail } = setUp();
    fail(true);
    pool.open();
    await clock.pass(60_000);
    expect(pool.size).toBe(0);
    fail(false);
    await clock.pass(10_000);
    expect(pool.size).toBe(2);
    expect(made).toHaveLength(2);
  });

  it('is emptied by drain, and stays empty', async () => {
    const { clock, made, pool } = setUp();
    pool.open();
    await settled();
    await pool.drain();
    expect(made.every(({ destroyed }) => destroyed)).toBe(true);
    expect(pool.take()).toBeUndefined();
    await clock.pass(60_000);
    expect(pool.size).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
