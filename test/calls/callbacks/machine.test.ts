import { describe, expect, type TestContext, test } from 'vitest';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { answeredTelephone } from '../../support/answered-telephone.ts';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';
import { toneSamples } from '../../support/key-packets.ts';
import type { PromptEar } from '../../support/prompt-ear.ts';
import { soundsOf } from '../../support/sounds.ts';
import { PATIENT_MS, until } from '../../support/waiting.ts';

/** Whoever is not taken for a machine would be greeted five times. */
const callback = { dial: { confirmSeconds: 2, confirmTries: 5 }, retry: { maxAttempts: 1 } };
const BEEP: TestLine = {
  name: 'beep',
  dnis: '+18005550148',
  agents: ['jana'],
  queue: { callback },
};
const GREETING: TestLine = {
  name: 'greeting',
  dnis: '+18005550149',
  agents: ['karl'],
  queue: { callback },
};
const BEEP_HZ = 1400;
const BEEP_SAMPLES = 4_000;
/** As short as a person's. */
const HELLO_SAMPLES = 8_000;
const LOUDNESS = 6_000;
const AGENT_HZ = 1150;

const helpLine = helpLineForThisFile([BEEP, GREETING]);

/** An answering machine at `number`: it says this as soon as it is called. */
async function machineAt(
  context: TestContext,
  number: string,
  ...sounds: readonly Int16Array[]
): Promise<Machine> {
  const { ear, over } = await answeredTelephone(context, helpLine(), number);
  const said = until(() => ear.hearing.length > 0, 'a call at the machine', PATIENT_MS).then(() =>
    Promise.all(sounds.map((sound) => ear.saySound(sound))),
  );
  return { ear, over: () => Promise.all([said, over()]) };
}

interface Machine {
  readonly ear: PromptEar;
  /** Resolves when it has been hung up on. */
  over(): Promise<unknown>;
}

function words(): Int16Array {
  return soundsOf('en', 'prompts').get('closed') ?? new Int16Array(0);
}

/** It was greeted once, told that no key came, and that was all. */
async function isLeftAlone(machine: Machine, line: TestLine): Promise<void> {
  await machine.ear.hearing.prompt('callback-intro', PATIENT_MS);
  await machine.ear.hearing.prompt('callback-no-key', PATIENT_MS);
  await machine.over();
  await endedAsMachine(line);
  const greeted = machine.ear.hearing.prompts().filter((prompt) => prompt === 'callback-intro');
  expect(greeted).toHaveLength(1);
}

describe.concurrent('an answering machine that is called back is hung up on, no agent rung', () => {
  test('when it beeps, however short its greeting', async (context) => {
    const number = '+12025550180';
    await helpLine().bookTicket(BEEP, number);
    const machine = await machineAt(
      context,
      number,
      words().subarray(0, HELLO_SAMPLES),
      new Int16Array(HELLO_SAMPLES),
      toneSamples([BEEP_HZ], 0, BEEP_SAMPLES, LOUDNESS),
    );
    const jana = await helpLine().readyAgent(context, 'jana', AGENT_HZ);
    await isLeftAlone(machine, BEEP);
    expect(jana.rang).toBe(false);
  });

  test('when it talks for long', async (context) => {
    const number = '+12025550181';
    await helpLine().bookTicket(GREETING, number);
    const machine = await machineAt(context, number, words());
    const karl = await helpLine().readyAgent(context, 'karl', AGENT_HZ);
    await isLeftAlone(machine, GREETING);
    expect(karl.rang).toBe(false);
  });
});

async function endedAsMachine({ name }: TestLine): Promise<void> {
  const hasEnded = ({ queue, state }: Ticket): boolean =>
    queue === name && state.name === 'exhausted';
  const { tickets } = await helpLine().kept('a ticket that is exhausted', (kept) =>
    kept.tickets.some(hasEnded),
  );
  expect(tickets.find(hasEnded)).toMatchObject({
    state: { cause: 'machine' },
    attempts: [{ cause: 'machine' }],
  });
}
