import { describe, expect, test } from 'vitest';
import { Baresip } from '../../support/baresip.ts';
import { dialCode, helpLineForThisFile, type TestLine } from '../../support/help-line.ts';

const REGISTER: TestLine = { name: 'register', dnis: '+18005550101', agents: ['dora', 'emil'] };
const STATES: TestLine = {
  name: 'states',
  dnis: '+18005550102',
  agents: ['fred'],
  queue: { callback: { offering: false } },
};
const AGENT_HZ = 1150;
const CALLER_HZ = 500;

const helpLine = helpLineForThisFile([REGISTER, STATES]);

describe.concurrent("an agent's phone", () => {
  test('registers with its secret, and neither registers nor dials with another', async (context) => {
    await helpLine().phone(context, 'dora', AGENT_HZ);
    const stranger = await Baresip.open({
      user: 'emil',
      secret: 'not-the-secret-at-all',
      server: helpLine().server.sip,
      voiceHz: AGENT_HZ,
    });
    context.onTestFinished(() => stranger.close());
    expect(await stranger.registered()).toBe(false);
    await expect(stranger.call('*11')).rejects.toThrow('the call failed');
  });

  test('makes its agent ready, gives a break, logs out, and each is confirmed', async (context) => {
    const phone = await helpLine().phone(context, 'fred', AGENT_HZ);
    const caller = await helpLine().holder(context, STATES, '+12025550101', CALLER_HZ);
    await caller.ear.prompt('hold-intro');
    for (const [code, prompt] of [
      ['*12', 'agent-break'],
      ['*13', 'agent-logged-out'],
    ] as const) {
      await dialCode(phone, code, prompt);
      expect(phone.rang).toBe(false);
    }
    await phone.call('*11');
    // Who waits is served at once, while the confirmation is still heard.
    await phone.rings();
    await phone.ear.prompt('agent-ready');
    await phone.over();
    await phone.pickUp();
    await phone.ear.tone(CALLER_HZ);
    caller.hangUp();
    await phone.over();
  });

  test('that dials a code which means nothing is told so', async (context) => {
    const phone = await helpLine().phone(context, 'emil', AGENT_HZ);
    await expect(phone.call('*99')).rejects.toThrow('404');
  });
});
