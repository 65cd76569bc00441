import { describe, expect, test } from 'vitest';
import { opened } from './office-stage.ts';
import { Stage } from './stage.ts';

describe('a switch', () => {
  test.each(['offering', 'registering', 'dialling'] as const)(
    '%s is turned for one queue, with its reason in the ledger',
    async (which) => {
      const stage = await opened();
      const answer = await stage.engine.office.turn('refunds', which, false, 'storm');
      expect(answer).toMatchObject({ switches: { [which]: false } });
      const general = stage.engine.office.queues().find(({ queue }) => queue === 'general');
      expect(general?.switches[which]).toBe(true);
      const fact = stage.store.facts.find(({ what }) => what === 'switchTurned');
      expect(fact).toMatchObject({
        about: 'refunds',
        detail: { which, on: false, reason: 'storm' },
      });
    },
  );

  test('stays turned over a restart, and is unknown for a queue that does not exist', async () => {
    const stage = await opened();
    await stage.engine.office.turn('refunds', 'dialling', false, 'storm');
    await stage.restart();
    const refunds = stage.engine.office.queues().find(({ queue }) => queue === 'refunds');
    expect(refunds?.switches).toEqual({ offering: true, registering: true, dialling: false });
    expect(await stage.engine.office.turn('nowhere', 'dialling', true, '')).toEqual({
      refused: 'unknownQueue',
    });
  });

  test('is given back to the configuration, over a restart too', async () => {
    const stage = await opened();
    await stage.engine.office.turn('refunds', 'dialling', false, 'storm');
    const answer = await stage.engine.office.turn('refunds', 'dialling', undefined, 'calm');
    expect(answer).toMatchObject({ switches: { dialling: true } });
    const { queues } = stage.plan;
    const refundsQueue = queues.get('refunds');
    if (refundsQueue === undefined) throw new Error('no such queue');
    const callback = { ...refundsQueue.callback, dialling: false };
    const changed = new Map(queues).set('refunds', { ...refundsQueue, callback });
    await stage.reload({ queues: changed });
    await stage.restart();
    const refunds = stage.engine.office.queues().find(({ queue }) => queue === 'refunds');
    expect(refunds?.switches.dialling).toBe(false);
    const fact = stage.store.facts.findLast(({ what }) => what === 'switchTurned');
    expect(fact?.detail).toMatchObject({ on: 'configured', reason: 'calm' });
  });

  test('counts only once it is on disk', async () => {
    const stage = new Stage(1, {}, (real) => ({
      commit: (changes) =>
        changes.some(({ kind }) => kind === 'switch')
          ? Promise.reject(new Error('disk full'))
          : real.commit(changes),
    }));
    await stage.engine.start();
    const turned = stage.engine.office.turn('refunds', 'dialling', false, 'storm');
    await expect(turned).rejects.toThrow('disk full');
    expect(stage.engine.office.queues()[0]?.switches.dialling).toBe(true);
  });
});
