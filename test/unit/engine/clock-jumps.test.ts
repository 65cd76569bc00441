import { describe, expect, test } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { type SlotSettings, USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import { NO_CEILINGS, numberPolicy } from '../../support/number-policy.ts';
import { type Party, Stage } from './stage.ts';

const HOUR_MS = 3_600_000;
const LONG_WAIT = { expectedHandleSeconds: 600 };
const JUMPS = [
  ['back', -HOUR_MS],
  ['forward', HOUR_MS],
] as const;

const HALF_HOURS: SlotSettings = {
  minutes: 30,
  bookableShare: 1,
  horizonHours: 8,
  forecast: [{ days: ['thu', 'fri'], fromMinute: 0, toMinute: 1440, agents: 9 }],
};
const BY_FORM = {
  queue: 'refunds',
  number: '+12025550123',
  dnis: '+18005550100',
  language: 'en',
  isTty: false,
  promptVersion: 'form 7',
} as const;

async function endTalk(stage: Stage): Promise<void> {
  stage.parties.find(({ leg }) => leg.who.kind === 'agent' && leg.isUp)?.leg.end('party');
  await stage.pass(0.1);
}

/** One agent in talk, so that whoever comes has to wait. */
async function busyStage(wrapUpSeconds = 0): Promise<Stage> {
  const stage = new Stage(1, { ...LONG_WAIT, wrapUpSeconds });
  stage.clock.set(24 * HOUR_MS);
  await stage.engine.start();
  await stage.agentReady('agent0');
  await stage.callerInLine('+12025550111');
  return stage;
}

async function takeTicket(stage: Stage, ani: string): Promise<Party> {
  const caller = await stage.callerInLine(ani);
  await stage.pass(2);
  await stage.press(caller, '1');
  await stage.pass(10);
  return caller;
}

function customersOf(stage: Stage): readonly string[] {
  return stage.dialled.flatMap((target) => (target.kind === 'customer' ? [target.number] : []));
}

describe.each(JUMPS)('a clock that is set %s by an hour', (_way, byMs) => {
  test('changes nobody’s place: who came before is served before', async () => {
    const stage = await busyStage();
    const first = await stage.callerInLine('+12025550121');
    stage.clock.set(byMs);
    const second = await stage.callerInLine('+12025550122');
    await endTalk(stage);
    expect([first, second].map(({ heard }) => heard.includes('talk'))).toEqual([true, false]);
    expect(stage.errors).toEqual([]);
  });

  test('loses no ticket, and calls one after another as agents are free', async () => {
    const stage = await busyStage();
    const numbers = ['+12025550131', '+12025550132', '+12025550133'];
    for (const number of numbers) await takeTicket(stage, number);
    stage.clock.set(byMs);
    await stage.pass(120);
    expect(customersOf(stage)).toEqual([]);
    for (const count of [1, 2, 3]) {
      await endTalk(stage);
      await stage.pass(2);
      expect(customersOf(stage)).toEqual(numbers.slice(0, count));
      await stage.press(stage.lastParty(), '1');
    }
    expect(stage.engine.state.openTickets).toBe(0);
    expect(stage.errors).toEqual([]);
  });

  test('calls for a time that was booked at that time of the new clock', async () => {
    const stage = new Stage(1, { callback: { ...USUAL_CALLBACKS, slots: HALF_HOURS } });
    stage.clock.set(24 * HOUR_MS);
    await stage.engine.start();
    const slot = stage.engine.office.slots('refunds', stage.clock.now() + 2 * HOUR_MS)[0];
    await stage.engine.office.create({ ...BY_FORM, slot });
    await stage.agentReady('agent0');
    stage.clock.set(byMs);
    const leftMs = (slot?.from ?? 0) - stage.clock.now();
    expect(leftMs).toBeGreaterThan(HOUR_MS / 2);
    await stage.pass(leftMs / 1000 - 1);
    expect(customersOf(stage)).toEqual([]);
    await stage.pass(62);
    expect(customersOf(stage)).toEqual([BY_FORM.number]);
  });

  test('calls who booked by voice at that time of the new clock', async () => {
    const offer = { ...USUAL_CALLBACKS.offer, maxOpenTickets: 0 };
    const stage = new Stage(1, {
      ...LONG_WAIT,
      callback: { ...USUAL_CALLBACKS, offer, slots: HALF_HOURS },
    });
    stage.clock.set(24 * HOUR_MS);
    await stage.engine.start();
    await stage.agentReady('agent0');
    await stage.callerInLine('+12025550111');
    const caller = await stage.callerInLine('+12025550131');
    await stage.pass(5);
    await stage.press(caller, '2');
    await stage.pass(5);
    await stage.press(caller, '11');
    await stage.pass(5);
    const [ticket] = stage.store.tickets.values();
    expect(ticket?.state).toMatchObject({ because: 'slot' });
    stage.clock.set(byMs);
    caller.leg.end('party');
    await endTalk(stage);
    const leftMs = (ticket?.slot?.from ?? 0) - stage.clock.now();
    if (leftMs > 0) {
      await stage.pass(leftMs / 1000 - 1);
      expect(customersOf(stage)).toEqual([]);
    }
    await stage.pass(62);
    expect(customersOf(stage)).toEqual(['+12025550131']);
  });

  test('while the server is stopped lets nobody go before those with a ticket', async () => {
    const stage = await busyStage();
    await takeTicket(stage, '+12025550131');
    stage.clock.set(byMs);
    await stage.restart();
    const holder = await stage.callerInLine('+12025550141');
    await stage.pass(60);
    await stage.agentReady('agent0');
    expect(customersOf(stage)).toEqual(['+12025550131']);
    expect(holder.heard).not.toContain('talk');
  });

  test('makes no ceiling of a minute last longer than some', async () => {
    const stage = await busyStage();
    await stage.reload({
      numbers: numberPolicy({ ceilings: { ...NO_CEILINGS, attemptsPerMinute: 1 } }),
    });
    for (const number of ['+12025550131', '+12025550132']) await takeTicket(stage, number);
    stage.answers.push(new DialFailure('busy'));
    await endTalk(stage);
    stage.clock.set(byMs);
    await stage.pass(150);
    expect(customersOf(stage)).toEqual(['+12025550131', '+12025550132']);
  });

  test('makes no rest longer than two', async () => {
    const stage = await busyStage(20);
    await endTalk(stage);
    stage.clock.set(byMs);
    await stage.pass(41);
    const agent = valueAt(stage.engine.floor.agents, 'agent0')?.agent;
    expect(agent?.activity.name).toBe('ready');
  });

  test('tells no agent of a wait that is less than none', async () => {
    const stage = await busyStage();
    await stage.callerInLine('+12025550121');
    stage.clock.set(byMs);
    await endTalk(stage);
    const waits = stage.dialled.flatMap((target) =>
      target.kind === 'agent' ? [target.screen?.waitSeconds ?? 0] : [],
    );
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  });
});
