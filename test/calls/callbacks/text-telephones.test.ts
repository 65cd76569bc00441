import { describe, expect, test } from 'vitest';
import { answeredTelephone } from '../../support/answered-telephone.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { typed } from '../../support/text-telephone.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const line = (name: string, dnis: string, agents: TestLine['agents']): TestLine => ({
  name,
  dnis,
  agents,
  queue: { callback: { dial: { confirmSeconds: 2 }, retry: { maxAttempts: 1 } } },
});
const TYPING = line('typing', '+18005550175', ['hearing-one', 'typist']);
const ORDINARY = line('ordinary', '+18005550176', ['gustav']);
const AGENT_HZ = 1150;
const SECOND_AGENT_HZ = 1850;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([TYPING, ORDINARY], {
  agents: { agents: { typist: { skills: ['tty'] } } },
});

describe.concurrent('a customer who types when they are called back', () => {
  test('on a text telephone gets an agent who has one', async (context) => {
    const number = '+12025550120';
    const id = await helpLine().bookTicket(TYPING, number, { textTelephone: true });
    const { ear, over } = await answeredTelephone(context, helpLine(), number);
    const other = await helpLine().readyAgent(context, 'hearing-one', SECOND_AGENT_HZ);
    const typist = await helpLine().readyAgent(context, 'typist', AGENT_HZ);
    await ear.hearing.prompt('callback-intro', PATIENT_MS);
    await ear.saySound(typed('HELLO GA'));
    ear.say(CALLER_HZ);
    await typist.answer();
    await Promise.all([typist.ear.tone(CALLER_HZ), ear.hearing.tone(AGENT_HZ)]);
    typist.hangUp();
    await over();
    expect(other.rang).toBe(false);
    expect((await helpLine().ticket(id, 'connected')).attempts).toMatchObject([
      { cause: 'connected', agentId: 'typist' },
    ]);
  });

  test('on any other telephone must press 1 like everybody', async (context) => {
    const number = '+12025550121';
    const id = await helpLine().bookTicket(ORDINARY, number, { textTelephone: false });
    const { ear, over } = await answeredTelephone(context, helpLine(), number);
    const gustav = await helpLine().readyAgent(context, 'gustav', AGENT_HZ);
    await ear.hearing.prompt('callback-intro', PATIENT_MS);
    await ear.saySound(typed('HELLO GA'));
    await ear.hearing.prompt('callback-no-key', PATIENT_MS);
    await over();
    expect(gustav.rang).toBe(false);
    const { attempts } = await helpLine().ticket(id, 'exhausted');
    expect(['noKey', 'machine']).toContain(attempts[0]?.cause);
  });
});
