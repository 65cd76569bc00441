import { expect, type TestContext, test } from 'vitest';
import { eachOnItsOwnServer, HelpLine, type TestLine } from '../../support/help-line.ts';
import { PATIENT_MS } from '../../support/waiting.ts';

const CLOSING: TestLine = {
  name: 'closing',
  dnis: '+18005550180',
  agents: ['ines', 'jonas'],
  queue: { hours: 'until-soon' },
};
const NIGHT: TestLine = { name: 'night', dnis: '+18005550181', agents: ['klara', 'lukas'] };
const NUMBERS = ['+12025550134', '+12025550135'] as const;
const AGENT_HZ = 1150;
const CALLER_HZ = 500;
const DAY_MINUTES = 24 * 60;
/** Key 1 chooses a time within it, key 9 one after it. */
const SOON_MINUTES = 45;

/** A customer who is called now asks to be called later, and presses `key` for how much. */
async function asksForLater(
  context: TestContext,
  help: HelpLine,
  line: TestLine,
  { number, agent, key }: { readonly number: string; readonly agent: string; readonly key: string },
) {
  const id = await help.bookTicket(line, number);
  const customer = await help.telephone(context, number, CALLER_HZ);
  const phone = await help.readyAgent(context, agent, AGENT_HZ);
  await customer.answer(PATIENT_MS);
  await customer.ear.prompt('callback-intro');
  customer.press('2');
  await customer.ear.prompt('callback-later-ask');
  customer.press(key);
  return { id, customer, phone };
}
