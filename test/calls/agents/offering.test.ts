import { describe, expect, test } from 'vitest';
import { helpLineForThisFile, type TestLine } from '../../support/help-line.ts';

const noCallbacks = { callback: { offering: false } };
const IDLE: TestLine = {
  name: 'idle',
  dnis: '+18005550101',
  agents: ['gina', 'hugo'],
  queue: noCallbacks,
};
const MISSED: TestLine = {
  name: 'missed',
  dnis: '+18005550102',
  agents: ['ines', 'jack'],
  queue: { ...noCallbacks, agentRingSeconds: 5 },
};
const DECLINED: TestLine = {
  name: 'declined',
  dnis: '+18005550103',
  agents: ['kira', 'liam'],
  queue: noCallbacks,
};
const REST: TestLine = {
  name: 'rest',
  dnis: '+18005550104',
  agents: ['mona'],
  queue: { ...noCallbacks, wrapUpSeconds: 2 },
};
const OPEN: TestLine = {
  name: 'open-line',
  dnis: '+18005550105',
  agents: ['nick'],
  queue: { ...noCallbacks, wrapUpSeconds: 1 },
};
const ABANDONED: TestLine = {
  name: 'abandoned',
  dnis: '+18005550106',
  agents: ['olga'],
  queue: noCallbacks,
};
const AGENT_HZ = 1150;
const SECOND_AGENT_HZ = 1850;
const CALLER_HZ = 500;
const SECOND_CALLER_HZ = 750;
/** `words/beep` of the sounds. */
const BEEP_HZ = 1000;

const helpLine = helpLineForThisFile([IDLE, MISSED, DECLINED, REST, OPEN, ABANDONED]);

describe.concurrent('a caller is offered', () => {
  test('to the agent who has been idle longest', async (context) => {
    const gina = await helpLine().readyAgent(context, 'gina', AGENT_HZ);
    const hugo = await helpLine().readyAgent(context, 'hugo', SECOND_AGENT_HZ);
    const first = await helpLine().holder(context, IDLE, '+12025550101', CALLER_HZ);
    await gina.answer();
    await first.ear.tone(AGENT_HZ);
    first.hangUp();
    await gina.over();
    // Gina has just talked: now Hugo has been idle longer.
    const second = await helpLine().holder(context, IDLE, '+12025550102', SECOND_CALLER_HZ);
    await hugo.answer();
    expect(gina.rang).toBe(false);
    second.hangUp();
    await hugo.over();
  });

  test('to the next agent when the first does not answer, who is then on break', async (context) => {
    const ines = await helpLine().readyAgent(context, 'ines', AGENT_HZ);
    const jack = await helpLine().readyAgent(context, 'jack', SECOND_AGENT_HZ);
    const caller = await helpLine().holder(context, MISSED, '+12025550103', CALLER_HZ);
    await ines.rings();
    await ines.over();
    await jack.answer();
    await caller.ear.tone(SECOND_AGENT_HZ);
    const second = await helpLine().holder(context, MISSED, '+12025550104', SECOND_CALLER_HZ);
    await second.ear.prompt('hold-intro');
    expect(ines.rang).toBe(false);
    await ines.call('*11');
    await ines.rings();
    await ines.ear.prompt('agent-ready');
  });

  test('to the next agent at once when the first declines', async (context) => {
    const kira = await helpLine().readyAgent(context, 'kira', AGENT_HZ);
    const liam = await helpLine().readyAgent(context, 'liam', SECOND_AGENT_HZ);
    await helpLine().holder(context, DECLINED, '+12025550105', CALLER_HZ);
    await kira.rings();
    kira.hangUp();
    await liam.answer();
    await liam.ear.tone(CALLER_HZ);
  });

  test('to nobody any more once the caller has hung up', async (context) => {
    const olga = await helpLine().readyAgent(context, 'olga', AGENT_HZ);
    const first = await helpLine().holder(context, ABANDONED, '+12025550106', CALLER_HZ);
    await olga.rings();
    first.hangUp();
    await olga.over();
    await helpLine().holder(context, ABANDONED, '+12025550107', SECOND_CALLER_HZ);
    await olga.answer();
    await olga.ear.tone(SECOND_CALLER_HZ);
  });

  test('only when the rest after a conversation is over', async (context) => {
    const mona = await helpLine().readyAgent(context, 'mona', AGENT_HZ);
    const first = await helpLine().holder(context, REST, '+12025550108', CALLER_HZ);
    const second = await helpLine().holder(context, REST, '+12025550109', SECOND_CALLER_HZ);
    await mona.answer();
    await first.ear.tone(AGENT_HZ);
    await second.ear.prompt('hold-intro');
    const hungUpAt = performance.now();
    first.hangUp();
    await mona.over();
    await mona.answer();
    // Monotonic, of this process alone, and with what a timer may be early.
    expect(performance.now() - hungUpAt).toBeGreaterThan(1_900);
    await mona.ear.tone(SECOND_CALLER_HZ);
  });
});

describe.concurrent('an open line', () => {
  test('is joined without ringing, after a beep, and stays up between calls', async (context) => {
    const nick = await helpLine().phone(context, 'nick', AGENT_HZ);
    await nick.call('*14');
    await nick.ear.prompt('agent-open-line');
    for (const [number, voiceHz] of [
      ['+12025550110', CALLER_HZ],
      ['+12025550111', SECOND_CALLER_HZ],
    ] as const) {
      const caller = await helpLine().holder(context, OPEN, number, voiceHz);
      await caller.ear.tone(AGENT_HZ);
      await nick.ear.tone(voiceHz);
      caller.hangUp();
      await caller.over();
    }
    expect(nick.ear.everHeard(BEEP_HZ)).toBe(true);
    expect(nick.rang).toBe(false);
    nick.hangUp();
    await nick.over();
    // Who hangs up an open line has left the desk.
    const last = await helpLine().holder(context, OPEN, '+12025550112', CALLER_HZ);
    await last.ear.prompt('hold-intro');
    expect(nick.rang).toBe(false);
  });
});
