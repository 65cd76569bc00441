import { describe, expect, test } from 'vitest';
import type { SippCaller } from '../../support/sipp-caller.ts';
import { queueUp, Stage } from './stage.ts';

/** Nobody works, so the wait is as long as can be. Key 3 leads to a queue that offers no callback. */
const stage = Stage.forThisFile({
  changes: {
    menus: { menus: { main: { keys: { 3: { queue: 'plain' } } } } },
    queues: {
      queues: {
        general: { hold: { announceEverySeconds: 10 } },
        plain: {
          namePrompt: 'queue-general',
          hours: 'always',
          hold: { fullPrompts: ['queue-full'], maxWaiting: 1 },
          callback: { offering: false },
        },
      },
    },
  },
});

describe.concurrent('on hold', () => {
  test('one hears that all are busy, then music; and who comes when the line is full is told', async (context) => {
    const caller = await stage.call(context);
    await caller.hears('greeting');
    await caller.press('3');
    await caller.hears('hold-intro');
    await caller.hearing.music();
    const late = await stage.call(context);
    await late.hears('greeting');
    await late.press('3');
    await late.hears('queue-full');
    await late.ended();
    await caller.hangUp();
  });

  test('is who does not take the offer: silence declines it', async (context) => {
    const caller = await stage.call(context, { caller: 'anonymous' });
    await queueUp(caller, '1');
    await caller.hears('offer-no-ani');
    await caller.hears('back-on-hold', 20_000);
    await caller.hearing.music();
    await caller.hangUp();
  });

  test('one keeps the place that one had before the offer, and hears it', async (context) => {
    const first = await stage.call(context, { caller: 'anonymous' });
    await queueUp(first, '2');
    const second = await stage.call(context, { caller: 'anonymous' });
    await queueUp(second, '2');
    await Promise.all([usesUpTries(first), usesUpTries(second)]);
    await Promise.all([hearsPosition(first, '1'), hearsPosition(second, '2')]);
    await first.hangUp();
    await second.hangUp();
  });
});

async function usesUpTries(caller: SippCaller): Promise<void> {
  await caller.hears('offer-no-ani');
  for (let tries = 0; tries < 3; tries += 1) {
    await caller.press('1#');
    await caller.hears('number-not-understood');
  }
  await caller.hears('back-on-hold');
  await caller.hearing.music();
}

async function hearsPosition(caller: SippCaller, position: string): Promise<void> {
  await caller.hears('position-intro', 20_000);
  await caller.hears('wait-intro');
  expect(await caller.hearing.spokenSince('position-intro', 'numbers')).toBe(position);
  await caller.hearing.music();
  expect(await caller.hearing.spokenSince('wait-intro', 'words')).toBe('more-than-one-hour');
}
