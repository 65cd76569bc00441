import { describe, expect, test } from 'vitest';
import type { Agent } from '../../../src/domain/agent/agent.ts';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import { type Party, Stage } from './stage.ts';

function agentOf(stage: Stage, agentId: string): Agent | undefined {
  return valueAt(stage.engine.floor.agents, agentId)?.agent;
}

/** One agent whose line is open and who has heard so. */
async function openLine(): Promise<{ readonly stage: Stage; readonly line: Party }> {
  const stage = new Stage(1);
  await stage.engine.start();
  stage.engine.agentReachable('agent0', true);
  const line = await stage.shortCode('agent0', '*73');
  if (line === undefined) throw new Error('the open line was not answered');
  await stage.pass(2);
  return { stage, line };
}

describe('an open line', () => {
  test('is joined without ringing, and stays open after the call', async () => {
    const { stage, line } = await openLine();
    const caller = await stage.callerInLine();
    await stage.pass(2);
    expect(caller.leg.peer).toBe(line.leg);
    expect(stage.dialled).toEqual([]);
    caller.leg.end('party');
    await stage.pass(1);
    expect(line.leg.isUp).toBe(true);
    expect(agentOf(stage, 'agent0')?.activity.name).toBe('ready');
  });

  test('hung up in talk ends the call, and the agent is on break', async () => {
    const { stage, line } = await openLine();
    const caller = await stage.callerInLine();
    await stage.pass(2);
    line.leg.end('party');
    await stage.pass(1);
    expect(caller.heard).toContain('hung up');
    expect(agentOf(stage, 'agent0')?.activity).toMatchObject({ name: 'break', reason: 'chosen' });
    const [call] = stage.store.calls.values();
    expect(call?.end?.outcome).toBe('served');
  });

  test('hung up while being joined leaves the caller in line for the next agent', async () => {
    const { stage, line } = await openLine();
    const caller = await stage.callerInLine();
    line.leg.end('party');
    await stage.pass(1);
    expect(agentOf(stage, 'agent0')?.activity.name).toBe('break');
    await stage.agentReady('agent0');
    expect(caller.heard).toContain('talk');
  });

  test('lost by a failure is no break: the phone rings instead', async () => {
    const { stage, line } = await openLine();
    line.leg.end('failure');
    await stage.settle();
    const caller = await stage.callerInLine();
    expect(stage.dialled).toMatchObject([{ kind: 'agent', agentId: 'agent0' }]);
    expect(caller.heard).toContain('talk');
  });

  test('is listened to once, however many calls it carries', async () => {
    const { stage, line } = await openLine();
    let listeners = 0;
    const listen = line.leg.listen.bind(line.leg);
    line.leg.listen = (listener) => {
      listeners += 1;
      listen(listener);
    };
    for (let calls = 0; calls < 5; calls += 1) {
      const caller = await stage.callerInLine();
      await stage.pass(2);
      expect(caller.heard).toContain('talk');
      caller.leg.end('party');
      await stage.pass(1);
    }
    expect(listeners).toBe(0);
  });

  test('is parted only from a caller it was joined with', async () => {
    const { stage, line } = await openLine();
    let parted = 0;
    line.leg.unbridge = () => {
      parted += 1;
      return Promise.resolve();
    };
    const first = await stage.callerInLine();
    first.leg.end('party');
    await stage.pass(2);
    expect(parted).toBe(0);
    const second = await stage.callerInLine();
    await stage.pass(2);
    second.leg.end('party');
    await stage.pass(1);
    expect(parted).toBe(1);
  });
});

describe('a short code', () => {
  test('that can not be confirmed in sound counts, and its call ends', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    stage.engine.agentReachable('agent0', true);
    stage.mediaFails = true;
    const call = await stage.shortCode('agent0', '*70');
    expect(agentOf(stage, 'agent0')?.activity.name).toBe('ready');
    expect(call?.leg.isUp).toBe(false);
  });
});

describe('an agent whose phone could not be reached', () => {
  test('is ready again once it is back', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    await stage.agentReady('agent0');
    stage.answers.push(new DialFailure('unreachable'));
    const caller = await stage.callerInLine();
    expect(agentOf(stage, 'agent0')?.activity).toMatchObject({ reason: 'unreachable' });
    stage.engine.agentReachable('agent0', false);
    stage.engine.agentReachable('agent0', true);
    await stage.settle();
    expect(caller.heard).toContain('talk');
  });

  test('is not ready again after a break they chose', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    await stage.agentReady('agent0');
    await stage.shortCode('agent0', '*71');
    stage.engine.agentReachable('agent0', false);
    stage.engine.agentReachable('agent0', true);
    expect(agentOf(stage, 'agent0')?.activity.name).toBe('break');
  });
});
