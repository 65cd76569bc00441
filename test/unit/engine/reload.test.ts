import { describe, expect, test } from 'vitest';
import { Stage } from './stage.ts';

const LONG_WAIT = { expectedHandleSeconds: 600 };

/** One agent in talk with somebody. */
async function busyStage(): Promise<Stage> {
  const stage = new Stage(1, LONG_WAIT);
  await stage.engine.start();
  await stage.agentReady('agent0');
  await stage.callerInLine('+12025550111');
  return stage;
}

async function takeTicket(stage: Stage): Promise<void> {
  const caller = await stage.callerInLine();
  await stage.pass(2);
  await stage.press(caller, '1');
  await stage.pass(10);
}

async function removeRefunds(stage: Stage): Promise<void> {
  const queues = new Map(stage.plan.queues);
  queues.delete('refunds');
  const agents = [...stage.plan.agents].map(
    ([id, agent]) => [id, { ...agent, queues: ['general'] }] as const,
  );
  await stage.reload({ queues, agents: new Map(agents) });
}

async function freeAgent(stage: Stage): Promise<void> {
  stage.parties.find(({ leg }) => leg.who.kind === 'agent' && leg.isUp)?.leg.end('party');
  await stage.pass(0.1);
}

describe('a queue taken out of the configuration', () => {
  test('is served until nobody stands in its line, holders and tickets alike', async () => {
    const stage = await busyStage();
    await takeTicket(stage);
    const holder = await stage.callerInLine('+12025550155');
    await removeRefunds(stage);
    await freeAgent(stage);
    const customer = stage.lastParty();
    expect(customer.leg.who.kind).toBe('customer');
    await stage.press(customer, '1');
    expect(customer.heard).toContain('talk');
    customer.leg.end('party');
    await stage.settle();
    expect(holder.heard).toContain('talk');
  });

  test('sends away a caller who chooses it later, and nobody waits in silence', async () => {
    const stage = await busyStage();
    const caller = await stage.caller('+12025550155');
    await removeRefunds(stage);
    await stage.press(caller, '1');
    expect(caller.heard).toContain('prompts/closed');
    await stage.pass(10);
    expect(caller.leg.isUp).toBe(false);
    expect(stage.errors).toEqual([]);
  });

  test('and missing after a start keeps its tickets until it is back', async () => {
    const stage = await busyStage();
    await takeTicket(stage);
    const { queues, agents } = stage.plan;
    await removeRefunds(stage);
    await stage.restart();
    await stage.agentReady('agent0');
    expect(stage.errors).toEqual(['the queue of a ticket is not configured']);
    expect(stage.engine.state.openTickets).toBe(1);
    await stage.reload({ queues, agents });
    await stage.pass(30);
    expect(stage.dialled.at(-1)).toMatchObject({ kind: 'customer', number: '+12025550123' });
  });
});

test('an agent taken out of the configuration and put back can be reached', async () => {
  const stage = new Stage(1);
  await stage.engine.start();
  await stage.agentReady('agent0');
  const { agents } = stage.plan;
  await stage.reload({ agents: new Map() });
  await stage.reload({ agents });
  await stage.shortCode('agent0', '*70');
  const caller = await stage.callerInLine();
  expect(caller.heard).toContain('talk');
});
