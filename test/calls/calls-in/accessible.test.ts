import { describe, expect, type TestContext, test } from 'vitest';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { SippCaller } from '../../support/sipp-caller.ts';
import { typed } from '../../support/text-telephone.ts';

const RELAY_NUMBER = '+12025550190';
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

const accessible = (name: string, dnis: string, agent: string): TestLine => ({
  name,
  dnis,
  agents: [agent],
  number: { accessible: { queue: name, relayCallers: [RELAY_NUMBER] } },
  agent: { skills: ['tty'] },
});
const TYPED = accessible('typed', '+18005550153', 'olaf');
const RELAYED = accessible('relayed', '+18005550154', 'pia');
const ORDINARY = accessible('ordinary', '+18005550155', 'quinn');
const UNPREPARED: TestLine = { name: 'unprepared', dnis: '+18005550156', agents: [] };

const helpLine = helpLineForThisFile([TYPED, RELAYED, ORDINARY, UNPREPARED]);

/** A call whose caller has not pressed anything. */
async function calls(
  context: TestContext,
  { dnis }: TestLine,
  caller: string,
): Promise<SippCaller> {
  const { sip } = helpLine().server;
  const call = await SippCaller.call({ server: sip, dialled: dnis, caller });
  context.onTestFinished(() => call.close());
  return call;
}

describe.concurrent('without a key', () => {
  test('a text telephone is led to an agent by its tones', async (context) => {
    const caller = await calls(context, TYPED, '+12025550191');
    await caller.hears('name-tax-help');
    await caller.ear.saySound(typed('HELLO HELLO GA'));
    await caller.hears('relay-welcome');
    await caller.hears('position-intro');
    caller.ear.say(CALLER_HZ);
    const olaf = await helpLine().readyAgent(context, 'olaf', AGENT_HZ);
    await olaf.answer();
    await Promise.all([olaf.ear.tone(CALLER_HZ), caller.hearing.tone(AGENT_HZ)]);
    await caller.hangUp();
    await olaf.over();
    expect(caller.hearing.prompts()).not.toContain('notice-callback');
  });

  test('a relay service is led to an agent by the number it calls from', async (context) => {
    const caller = await calls(context, RELAYED, RELAY_NUMBER);
    await caller.hears('relay-welcome');
    expect(caller.hearing.prompts()).not.toContain('name-tax-help');
    caller.ear.say(CALLER_HZ);
    const pia = await helpLine().readyAgent(context, 'pia', AGENT_HZ);
    await pia.answer();
    await Promise.all([pia.ear.tone(CALLER_HZ), caller.hearing.tone(AGENT_HZ)]);
    await caller.hangUp();
    await pia.over();
  });

  test('anybody else stays in the menu, whatever tone they make', async (context) => {
    const caller = await calls(context, ORDINARY, '+12025550192');
    caller.ear.say(CALLER_HZ);
    await caller.hears('name-tax-help');
    await caller.hears('queue-refunds');
    await caller.press('1');
    await caller.hears('notice-callback');
    await caller.hangUp();
    expect(caller.hearing.prompts()).not.toContain('relay-welcome');
  });

  test('a text telephone stays in the menu where the operator leads it nowhere', async (context) => {
    const caller = await calls(context, UNPREPARED, '+12025550193');
    await caller.hears('name-tax-help');
    await caller.ear.saySound(typed('HELLO HELLO GA'));
    await caller.press('1');
    await caller.hears('notice-callback');
    await caller.hangUp();
    expect(caller.hearing.prompts()).not.toContain('relay-welcome');
  });
});
