import { describe, expect, test } from 'vitest';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { QueueView } from '../../../src/engine/ticket-office.ts';
import { Stage } from './stage.ts';

const SLOTS = {
  minutes: 30,
  bookableShare: 1,
  horizonHours: 4,
  forecast: [{ days: ['thu'] as const, fromMinute: 0, toMinute: 1440, agents: 1 }],
};

async function opened(queue: Partial<QueueSettings> = {}): Promise<Stage> {
  const stage = new Stage(1, { expectedHandleSeconds: 300, ...queue });
  await stage.engine.start();
  return stage;
}

/** The one agent talks with somebody, so that others wait. */
async function busy(queue: Partial<QueueSettings> = {}): Promise<Stage> {
  const stage = await opened(queue);
  await stage.agentReady('agent0');
  await stage.callerInLine('+12025550111');
  return stage;
}

async function ticket(stage: Stage, number = '2025550123'): Promise<void> {
  await stage.engine.office.create({
    queue: 'refunds',
    number,
    dnis: '+18005550100',
    language: 'en',
    isTty: false,
    slot: undefined,
    promptVersion: 'form',
  });
}

function refunds(stage: Stage): QueueView {
  const view = stage.engine.office.queues().find(({ queue }) => queue === 'refunds');
  if (view === undefined) throw new Error('no such queue');
  return view;
}

function lastJoined(stage: Stage) {
  return stage.happenings.findLast(({ what }) => what === 'joinedLine');
}

describe('the wait', () => {
  test('is endless where nobody works, and nothing where somebody is free', async () => {
    const stage = await opened();
    expect(refunds(stage).wait.seconds).toBe(Number.POSITIVE_INFINITY);
    await stage.agentReady('agent0');
    expect(refunds(stage).wait.seconds).toBe(0);
  });

  test('grows with everyone ahead, and its band holds it', async () => {
    const stage = await busy();
    const waits = [refunds(stage).wait];
    for (const ani of ['+12025550131', '+12025550132', '+12025550133']) {
      await stage.callerInLine(ani);
      waits.push(refunds(stage).wait);
    }
    const seconds = waits.map((wait) => wait.seconds);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(new Set(seconds).size).toBe(4);
    for (const wait of waits) {
      expect(wait.lowSeconds).toBeLessThanOrEqual(wait.seconds);
      expect(wait.highSeconds).toBeGreaterThanOrEqual(wait.seconds);
    }
  });
});

describe('the wait of a long line', () => {
  async function waitSeconds(agentsLater: number): Promise<number> {
    const forecast = [
      { days: ['thu'] as const, fromMinute: 0, toMinute: 30, agents: 2 },
      { days: ['thu'] as const, fromMinute: 30, toMinute: 1440, agents: agentsLater },
    ];
    const stage = await busy({
      expectedHandleSeconds: 600,
      callback: { ...USUAL_CALLBACKS, slots: { ...SLOTS, forecast } },
    });
    for (let nth = 0; nth < 6; nth += 1) await stage.callerInLine(`+1202555013${nth}`);
    return refunds(stage).wait.seconds;
  }

  test('is shorter where more agents are expected soon', async () => {
    const [asNow, more] = [await waitSeconds(2), await waitSeconds(8)];
    expect(more).toBeLessThan(asNow * 0.7);
  });
});

describe('how many are ahead', () => {
  test('counts who holds and tickets alike', async () => {
    const stage = await busy();
    await ticket(stage);
    await stage.callerInLine('+12025550131');
    await stage.callerInLine('+12025550132');
    expect(lastJoined(stage)).toMatchObject({ ahead: 2 });
  });

  test('leaves out tickets while nobody may be called: they are passed', async () => {
    const stage = await busy();
    await ticket(stage);
    await stage.engine.office.turn('refunds', 'dialling', false, 'works on the trunk');
    await stage.callerInLine('+12025550131');
    expect(lastJoined(stage)).toMatchObject({ ahead: 0 });
    await stage.engine.office.turn('refunds', 'dialling', true, 'done');
    await stage.callerInLine('+12025550132');
    expect(lastJoined(stage)).toMatchObject({ ahead: 2 });
  });
});

describe('slots', () => {
  test('are told soonest first, from a time on, and fewer as they are booked', async () => {
    const stage = await opened({
      callback: { ...USUAL_CALLBACKS, slots: { ...SLOTS, bookableShare: 0.2 } },
    });
    const all = stage.engine.office.slots('refunds', 0);
    expect(all.length).toBeGreaterThan(3);
    const [, second] = all;
    if (second === undefined) throw new Error('one slot only');
    expect(stage.engine.office.slots('refunds', second.from)[0]).toEqual(second);
    await stage.engine.office.create({
      queue: 'refunds',
      number: '2025550123',
      dnis: '+18005550100',
      language: 'en',
      isTty: false,
      slot: second,
      promptVersion: 'form',
    });
    expect(stage.engine.office.slots('refunds', 0)).toHaveLength(all.length - 1);
  });

  test('are none where the operator set none, and where there is no queue', async () => {
    const stage = await opened();
    expect(stage.engine.office.slots('refunds', 0)).toEqual([]);
    expect(stage.engine.office.slots('nowhere', 0)).toEqual([]);
  });
});

describe('the offer', () => {
  const isOffered = async (stage: Stage, ani: string): Promise<boolean> => {
    const caller = await stage.callerInLine(ani);
    return caller.heard.includes('prompts/notice-callback');
  };

  test('is made where the wait is long, and not where offering or registering is off', async () => {
    const stage = await busy({ expectedHandleSeconds: 600 });
    expect(await isOffered(stage, '+12025550131')).toBe(true);
    await stage.engine.office.turn('refunds', 'offering', false, 'quiet');
    expect(await isOffered(stage, '+12025550132')).toBe(false);
    await stage.engine.office.turn('refunds', 'offering', true, 'loud');
    await stage.engine.office.turn('refunds', 'registering', false, 'flood');
    expect(await isOffered(stage, '+12025550133')).toBe(false);
  });

  test('promises nothing while trunks have had no room for long', async () => {
    const stage = await busy({ expectedHandleSeconds: 600 });
    stage.capacity = 0;
    expect(await isOffered(stage, '+12025550131')).toBe(true);
    await stage.pass(600);
    expect(await isOffered(stage, '+12025550132')).toBe(false);
    stage.capacity = 10;
    expect(await isOffered(stage, '+12025550133')).toBe(true);
  });
});
