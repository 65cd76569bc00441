import { expect, type TestContext, test } from 'vitest';
import { eachOnItsOwnServer, HelpLine, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const oneAtOnce = (dnis: string, name: string, agents: TestLine['agents']): TestLine => ({
  name,
  dnis,
  agents,
  queue: {
    callback: { dial: { maxCallsOut: 1 }, retry: { rules: { declined: { pauseMinutes: 30 } } } },
  },
});
const TALK = oneAtOnce('+18005550172', 'talk', ['anna', 'boris']);
const HANG_UP = oneAtOnce('+18005550173', 'hang-up', ['clara', 'david']);
const TRUNK: TestLine = { name: 'trunk', dnis: '+18005550174', agents: ['edith', 'felix'] };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;
/** In which it is looked again whether one more may be called. */
const LOOKED_AGAIN_SECONDS = 2.5;

type Phone = Awaited<ReturnType<HelpLine['phone']>>;

interface TwoOfEach {
  readonly first: Phone;
  readonly second: Phone;
  readonly agents: readonly [Phone, Phone];
}

/** Two customers whose callbacks are booked, in this order, and two agents who are ready. */
async function twoOfEach(
  context: TestContext,
  help: HelpLine,
  line: TestLine,
  [one, two]: readonly [string, string],
): Promise<TwoOfEach> {
  await help.bookTicket(line, one);
  await help.bookTicket(line, two);
  const first = await help.telephone(context, one, CALLER_HZ);
  const second = await help.telephone(context, two, SECOND_CALLER_HZ);
  const [agent = '', other = ''] = line.agents;
  const agents = [
    await help.readyAgent(context, agent, AGENT_HZ),
    await help.readyAgent(context, other, AGENT_HZ),
  ] as const;
  return { first, second, agents };
}

/** The customer confirms and is joined with that agent. */
async function isJoined(customer: Phone, agent: Phone): Promise<void> {
  await customer.ear.prompt('callback-intro', PATIENT_MS);
  customer.press('1');
  await agent.answer();
  await agent.ear.tone(customer.voiceHz);
}

eachOnItsOwnServer('with one call out at a time, of two customers and two free agents', () => {
  test('the second customer is called once the first talks', async (context) => {
    const help = await HelpLine.for(context, [TALK]);
    const numbers = ['+12025550110', '+12025550111'] as const;
    const { first, second, agents } = await twoOfEach(context, help, TALK, numbers);
    await first.answer(PATIENT_MS);
    await first.ear.prompt('callback-keys', PATIENT_MS);
    first.press('1');
    // Confirmed is not yet in talk.
    await agents[0].rings();
    await first.ear.music();
    expect(second.rang).toBe(false);
    await agents[0].pickUp();
    await second.answer(PATIENT_MS);
    await isJoined(second, agents[1]);
    await agents[0].ear.tone(CALLER_HZ);
  });

  test('the second customer is called once the first has hung up', async (context) => {
    const help = await HelpLine.for(context, [HANG_UP]);
    const numbers = ['+12025550112', '+12025550113'] as const;
    const { first, second } = await twoOfEach(context, help, HANG_UP, numbers);
    await first.answer(PATIENT_MS);
    await first.ear.prompt('callback-keys', PATIENT_MS);
    expect(second.rang).toBe(false);
    first.hangUp();
    await second.rings();
    expect(first.rang).toBe(false);
  });
});

eachOnItsOwnServer('with one place on the trunk', () => {
  test('the second customer is called once the call of the first is over', async (context) => {
    const trunks = { trunks: { loopback: { outbound: { maxCalls: 1 } } } };
    const help = await HelpLine.for(context, [TRUNK], { trunks });
    const numbers = ['+12025550114', '+12025550115'] as const;
    const { first, second, agents } = await twoOfEach(context, help, TRUNK, numbers);
    await first.answer(PATIENT_MS);
    await isJoined(first, agents[0]);
    await agents[0].ear.tone(CALLER_HZ, LOOKED_AGAIN_SECONDS);
    expect(second.rang).toBe(false);
    first.hangUp();
    await second.answer(PATIENT_MS);
    await isJoined(second, agents[1]);
  });
});
