import { describe, expect, test } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { Slot, Ticket } from '../../../src/domain/callback/ticket.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import { asKept } from '../../../src/domain/wait/kept-waits.ts';
import { NO_CEILINGS, numberPolicy } from '../../support/number-policy.ts';
import { RINGS, Stage } from './stage.ts';

const HOUR_SECONDS = 3_600;
/** Tickets live for two hours; a slot an hour, all day. */
const SHORT_LIVED: Partial<QueueSettings> = {
  callback: {
    ...USUAL_CALLBACKS,
    retry: { ...USUAL_CALLBACKS.retry, maxAgeHours: 2 },
    slots: {
      minutes: 60,
      bookableShare: 1,
      horizonHours: 12,
      forecast: [{ days: ['thu'], fromMinute: 0, toMinute: 1440, agents: 5 }],
    },
  },
};

async function withTicket(slot?: Slot): Promise<Stage> {
  const stage = new Stage(1, SHORT_LIVED);
  await stage.engine.start();
  const answer = await stage.engine.office.create({
    queue: 'refunds',
    number: '2025550123',
    dnis: '+18005550100',
    language: 'en',
    isTty: false,
    slot,
    promptVersion: 'form',
  });
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  await stage.pass(0.1);
  return stage;
}

function stateOf(stage: Stage): Ticket['state']['name'] | undefined {
  return [...stage.store.tickets.values()][0]?.state.name;
}

describe('an old ticket', () => {
  test('expires some minutes after its time, and leaves the line', async () => {
    const stage = await withTicket();
    await stage.pass(2 * HOUR_SECONDS - 60);
    expect(stateOf(stage)).toBe('waiting');
    await stage.pass(7 * 60);
    expect(stateOf(stage)).toBe('expired');
    expect(stage.store.facts.map(({ what }) => what)).toContain('ticketExpired');
    await stage.agentReady('agent0');
    await stage.pass(60);
    expect(stage.dialled).toEqual([]);
    expect(stage.errors).toEqual([]);
  });

  test('that is booked for later counts from the end of its slot', async () => {
    const from = 4 * HOUR_SECONDS * 1_000;
    const stage = await withTicket({ from, to: from + HOUR_SECONDS * 1_000 });
    await stage.pass(6 * HOUR_SECONDS);
    expect(stateOf(stage)).toBe('waiting');
    await stage.pass(HOUR_SECONDS);
    expect(stateOf(stage)).toBe('expired');
  });

  test('does not expire while it is being called', async () => {
    const stage = await withTicket();
    await stage.pass(2 * HOUR_SECONDS - 60);
    stage.answers.push(RINGS);
    await stage.agentReady('agent0');
    await stage.pass(15 * 60);
    expect(stateOf(stage)).toBe('dialling');
  });

  test('found at a start expires as well', async () => {
    const stage = await withTicket();
    await stage.pass(2 * HOUR_SECONDS - 60);
    await stage.restart();
    await stage.pass(7 * 60);
    expect(stateOf(stage)).toBe('expired');
  });
});

describe('what was measured of waits', () => {
  test('is known again after a stop', async () => {
    const stage = new Stage(1, { expectedHandleSeconds: 100 });
    await stage.engine.start();
    await stage.agentReady('agent0');
    for (let call = 0; call < 5; call += 1) {
      const caller = await stage.callerInLine('+12025550155');
      await stage.pass(400);
      caller.leg.end('party');
      await stage.settle();
    }
    const before = stage.engine.waits.snapshot();
    expect(before['refunds']).toBeDefined();
    stage.engine.stop();
    await stage.restart();
    const after = stage.engine.waits.snapshot();
    expect(after['refunds']).toEqual(before['refunds'] && asKept(before['refunds']));
  });

  test('is known again of more queues than fit into one memory', async () => {
    const stage = new Stage(1);
    const [refunds] = stage.plan.queues.values();
    if (refunds === undefined) throw new Error('the sample has no queue');
    const ids = Array.from({ length: 60 }, (_, count) => `queue-${count}`);
    const queues = new Map(ids.map((id) => [id, { ...refunds, id }]));
    await stage.engine.start();
    await stage.reload({ queues: new Map([...stage.plan.queues, ...queues]) });
    for (const id of ids) {
      for (let call = 0; call < 100; call += 1) stage.engine.waits.handled(id, 200 + call / 7);
    }
    stage.engine.stop();
    await stage.restart();
    const median = stage.engine.waits.record('queue-59')?.medianHandleSeconds;
    expect(median).toBeCloseTo(207, 0);
    const lengths = [...(await stage.store.memories()).values()].map(
      (value) => JSON.stringify(value).length,
    );
    expect(Math.max(...lengths)).toBeLessThan(8_000);
  });

  test('is kept every few minutes, and not only at a stop', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    expect((await stage.store.memories()).has('waits refunds')).toBe(false);
    await stage.pass(301);
    expect((await stage.store.memories()).has('waits refunds')).toBe(true);
  });

  test('is measured anew where it can not be read', async () => {
    const stage = new Stage(1);
    const broken = { handle: 'broken' };
    await stage.store.commit([{ kind: 'memory', name: 'waits refunds', value: broken }]);
    await stage.engine.start();
    await stage.agentReady('agent0');
    expect((await stage.callerInLine()).heard).toContain('talk');
  });
});

test('a restart does not void the ceiling of the day', async () => {
  const stage = await withTicket();
  const ceilings = { ...NO_CEILINGS, attemptsPerDay: 1 };
  await stage.reload({ numbers: numberPolicy({ ceilings }) });
  const called = () => stage.dialled.filter(({ kind }) => kind === 'customer').length;
  stage.answers.push(new DialFailure('busy'));
  await stage.agentReady('agent0');
  expect(called()).toBe(1);
  stage.engine.stop();
  await stage.restart();
  await stage.agentReady('agent0');
  await stage.pass(1800);
  expect(called()).toBe(1);
});
