import { describe, expect, type TestContext, test } from 'vitest';
import type { Baresip } from '../../support/baresip.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';

const unoffered = { callback: { offering: false } };
const LEVELS: TestLine = {
  name: 'levels',
  dnis: '+18005550196',
  agents: ['second-choice', 'first-choice'],
  queue: unoffered,
};
const SPANISH: TestLine = {
  name: 'spanish',
  dnis: '+18005550197',
  agents: ['xenia', 'yuri'],
  number: { language: 'es' },
  queue: unoffered,
};
/** Leads to the same queue. */
const ENGLISH: TestLine = {
  name: 'english',
  dnis: '+18005550198',
  agents: [],
  menu: { keys: { 1: { queue: 'spanish' } } },
};
const AGENT_HZ = 1150;
const SECOND_AGENT_HZ = 1850;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([LEVELS, SPANISH, ENGLISH], {
  agents: {
    agents: { 'second-choice': { levels: { levels: 2 } }, xenia: { skills: ['es'] } },
  },
});

/** Somebody who dialled the Spanish number, and holds. */
async function spanishHolder(context: TestContext, number: string): Promise<Baresip> {
  const phone = await helpLine().telephone(context, number, CALLER_HZ);
  await phone.call(SPANISH.dnis);
  await phone.ear.prompt('es/name-tax-help');
  phone.press('1');
  await phone.ear.prompt('es/hold-intro');
  return phone;
}

describe.concurrent('a caller is offered', () => {
  test('to who is suited better, though somebody else has been idle for longer', async (context) => {
    const second = await helpLine().readyAgent(context, 'second-choice', SECOND_AGENT_HZ);
    const first = await helpLine().readyAgent(context, 'first-choice', AGENT_HZ);
    await helpLine().holder(context, LEVELS, '+12025550181', CALLER_HZ);
    await first.answer();
    await first.ear.tone(CALLER_HZ);
    expect(second.rang).toBe(false);
    await helpLine().holder(context, LEVELS, '+12025550182', SECOND_CALLER_HZ);
    await second.answer();
    await second.ear.tone(SECOND_CALLER_HZ);
  });

  test('only to who speaks their language; who speaks another serves who comes after', async (context) => {
    const spanish = await spanishHolder(context, '+12025550183');
    await helpLine().holder(context, ENGLISH, '+12025550184', SECOND_CALLER_HZ);
    const yuri = await helpLine().readyAgent(context, 'yuri', SECOND_AGENT_HZ);
    await yuri.answer();
    await yuri.ear.tone(SECOND_CALLER_HZ);
    await spanish.ear.music();
    const xenia = await helpLine().readyAgent(context, 'xenia', AGENT_HZ);
    await xenia.answer();
    await Promise.all([xenia.ear.tone(CALLER_HZ), spanish.ear.tone(AGENT_HZ)]);
    expect(spanish.ear.everHeard(SECOND_AGENT_HZ)).toBe(false);
  });
});
