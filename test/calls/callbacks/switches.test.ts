import { describe, expect, test } from 'vitest';
import {
  eachOnItsOwnServer,
  HelpLine,
  helpLineForThisFile,
  type TestLine,
} from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const DIALLED: TestLine = { name: 'dialled', dnis: '+18005550177', agents: ['hugo'] };
/** Tells nobody of callbacks, as it stands in the file. */
const OFFERED: TestLine = {
  name: 'offered',
  dnis: '+18005550178',
  agents: [],
  queue: { callback: { offering: false } },
};
const KEPT: TestLine = { ...DIALLED, name: 'kept', dnis: '+18005550179' };
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;

const helpLine = helpLineForThisFile([DIALLED, OFFERED]);

type Switch = 'offering' | 'registering' | 'dialling';

/** Turns a switch; null gives it back to the file. @returns how it now stands */
async function turn(
  help: HelpLine,
  { name }: TestLine,
  which: Switch,
  on: boolean | null,
): Promise<boolean | undefined> {
  const answer = await help.ask(`/v1/queues/${name}/switches/${which}`, { on, reason: 'a test' });
  expect(answer.status).toBe(200);
  return switchesIn(await answer.json())[which];
}

/** How it stands now. */
async function stands(
  help: HelpLine,
  { name }: TestLine,
  which: Switch,
): Promise<boolean | undefined> {
  const { queues } = (await (await help.ask('/v1/queues')).json()) as {
    readonly queues: readonly { readonly id: string }[];
  };
  return switchesIn(queues.find(({ id }) => id === name))[which];
}

function switchesIn(queue: unknown): Partial<Record<Switch, boolean>> {
  return (queue as { readonly switches: Partial<Record<Switch, boolean>> }).switches;
}

describe.concurrent('a switch that was turned and is given back', () => {
  test('lets customers be called as the file says', async (context) => {
    const number = '+12025550130';
    expect(await turn(helpLine(), DIALLED, 'dialling', false)).toBe(false);
    await helpLine().bookTicket(DIALLED, number);
    const customer = await helpLine().telephone(context, number, CALLER_HZ);
    const hugo = await helpLine().readyAgent(context, 'hugo', AGENT_HZ);
    const holder = await helpLine().holder(context, DIALLED, '+12025550131', SECOND_CALLER_HZ);
    await hugo.answer();
    await hugo.ear.tone(SECOND_CALLER_HZ);
    holder.hangUp();
    await hugo.over();
    expect(customer.rang).toBe(false);
    expect(await turn(helpLine(), DIALLED, 'dialling', null)).toBe(true);
    await customer.answer(PATIENT_MS);
    await customer.ear.prompt('callback-intro');
  });

  test('leaves callers without an offer as the file says', async (context) => {
    expect(await turn(helpLine(), OFFERED, 'offering', true)).toBe(true);
    const offered = await helpLine().caller(context, OFFERED, '+12025550132');
    await offered.hears('notice-callback', PATIENT_MS);
    await offered.hangUp();
    expect(await turn(helpLine(), OFFERED, 'offering', null)).toBe(false);
    const holding = await helpLine().caller(context, OFFERED, '+12025550133');
    await holding.hears('hold-intro');
    await holding.hearing.music();
    await holding.hangUp();
    expect(holding.hearing.prompts()).not.toContain('notice-callback');
  });
});

eachOnItsOwnServer('a switch that was given back', () => {
  test('follows the file, also after a new start', async (context) => {
    const help = await HelpLine.for(context, [KEPT]);
    await turn(help, KEPT, 'dialling', false);
    expect(await turn(help, KEPT, 'dialling', null)).toBe(true);
    await help.server.stop();
    await help.server.startAgain();
    expect(await stands(help, KEPT, 'dialling')).toBe(true);
    await help.server.reconfigure({
      queues: { queues: { [KEPT.name]: { callback: { dialling: false } } } },
    });
    await help.server.log.take(
      'a new configuration',
      ({ message }) => message === 'configuration taken up',
    );
    expect(await stands(help, KEPT, 'dialling')).toBe(false);
    const { facts } = await help.kept('a switch given back', (kept) =>
      kept.facts.some(({ detail }) => detail['on'] === 'configured'),
    );
    const turns = facts.filter(({ what }) => what === 'switchTurned');
    expect(turns).toMatchObject([
      { about: KEPT.name, detail: { which: 'dialling', on: false, reason: 'a test' } },
      { about: KEPT.name, detail: { which: 'dialling', on: 'configured', reason: 'a test' } },
    ]);
  });
});
