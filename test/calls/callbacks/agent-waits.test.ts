import { describe, expect, type TestContext, test } from 'vitest';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (place: number, name: string, agents: TestLine['agents']): TestLine => ({
  name,
  dnis: `+1800555018${place}`,
  agents,
  queue: { callback: { dial: { order: 'agentFirst' } } },
});
const DECIDED = line(7, 'decided', ['rosa']);
const LEFT = line(8, 'left', ['sven', 'tilda']);
const AGENT_HZ = 1150;
const SECOND_AGENT_HZ = 1850;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([DECIDED, LEFT]);

type Phone = Awaited<ReturnType<ReturnType<typeof helpLine>['phone']>>;

/** The agent has picked up and waits; the customer has picked up and is being greeted. */
async function bothThere(
  context: TestContext,
  waited: TestLine,
  number: string,
): Promise<{ readonly agent: Phone; readonly customer: Phone }> {
  await helpLine().bookTicket(waited, number);
  const customer = await helpLine().telephone(context, number, CALLER_HZ);
  const agent = await helpLine().readyAgent(context, waited.agents[0] ?? '', AGENT_HZ);
  await agent.answer(PATIENT_MS);
  await agent.ear.prompt('whisper-callback');
  await customer.answer(PATIENT_MS);
  await customer.ear.prompt('callback-intro');
  return { agent, customer };
}

describe.concurrent('agent first: while the agent waits, the customer', () => {
  test('wants no call any more: the agent is let go, and takes the next caller', async (context) => {
    const { agent, customer } = await bothThere(context, DECIDED, '+12025550163');
    customer.press('3');
    await customer.ear.prompt('callback-cancelled');
    await customer.over();
    await agent.over();
    const next = await helpLine().holder(context, DECIDED, '+12025550164', SECOND_CALLER_HZ);
    await agent.answer();
    await agent.ear.tone(SECOND_CALLER_HZ);
    next.hangUp();
    await agent.over();
    expect(agent.ear.everHeard(CALLER_HZ)).toBe(false);
  });

  test('is left by the agent: after 1 they hear that we are sorry, and get the next', async (context) => {
    const { agent, customer } = await bothThere(context, LEFT, '+12025550165');
    agent.hangUp();
    await agent.over();
    await customer.ear.prompt('callback-keys', PATIENT_MS);
    customer.press('1');
    await customer.ear.prompt('callback-wait');
    await customer.ear.prompt('callback-apology');
    await customer.ear.music();
    const tilda = await helpLine().readyAgent(context, 'tilda', SECOND_AGENT_HZ);
    await tilda.answer();
    await Promise.all([tilda.ear.tone(CALLER_HZ), customer.ear.tone(SECOND_AGENT_HZ)]);
    expect(customer.ear.everHeard(AGENT_HZ)).toBe(false);
  });
});
