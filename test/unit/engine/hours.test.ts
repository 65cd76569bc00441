import { describe, expect, test } from 'vitest';
import type { OpeningHours } from '../../../src/domain/hours/hours.ts';
import { Stage } from './stage.ts';

/** The stage's clock begins on Thursday 1970-01-01 at 00:16:40 UTC; open to 00:25, and on Friday. */
const HOURS: OpeningHours = {
  id: 'always',
  timeZone: 'UTC',
  week: {
    mon: [],
    tue: [],
    wed: [],
    thu: [{ fromMinute: 0, toMinute: 25 }],
    fri: [{ fromMinute: 0, toMinute: 60 }],
    sat: [],
    sun: [],
  },
  holidays: new Set(),
};
const UNTIL_CLOSED_SECONDS = 510;

/** One agent in talk with somebody, and a queue that closes soon. */
async function evening(): Promise<Stage> {
  const stage = new Stage(1, { expectedHandleSeconds: 600 });
  await stage.engine.start();
  await stage.reload({ hours: new Map([['always', HOURS]]) });
  await stage.agentReady('agent0');
  await stage.callerInLine('+12025550111');
  return stage;
}

async function endTalk(stage: Stage): Promise<void> {
  stage.parties.find(({ leg }) => leg.who.kind === 'agent' && leg.isUp)?.leg.end('party');
  await stage.pass(1);
}

describe('when the queue has closed', () => {
  test('nobody is called back until it opens; then those in line are, in their order', async () => {
    const stage = await evening();
    for (const ani of ['+12025550131', '+12025550132']) {
      const caller = await stage.callerInLine(ani);
      await stage.pass(2);
      await stage.press(caller, '1');
    }
    await stage.pass(UNTIL_CLOSED_SECONDS);
    await endTalk(stage);
    await stage.pass(12 * 3600);
    const customers = () => stage.dialled.filter(({ kind }) => kind === 'customer');
    expect(customers()).toEqual([]);
    expect(stage.engine.state.openTickets).toBe(2);
    await stage.pass(12 * 3600);
    expect(customers()[0]).toMatchObject({ number: '+12025550131' });
  });

  test('who holds is still served by the agents who are there', async () => {
    const stage = await evening();
    const holder = await stage.callerInLine('+12025550155');
    await stage.pass(UNTIL_CLOSED_SECONDS + 120);
    expect(holder.leg.isUp).toBe(true);
    await endTalk(stage);
    expect(holder.heard).toContain('talk');
  });

  test('who holds is told so once the last agent has gone', async () => {
    const stage = await evening();
    const holder = await stage.callerInLine('+12025550155');
    await stage.shortCode('agent0', '*72');
    await endTalk(stage);
    expect(holder.leg.isUp).toBe(true);
    await stage.pass(UNTIL_CLOSED_SECONDS + 120);
    expect(holder.heard).toContain('prompts/closed');
    expect(holder.leg.isUp).toBe(false);
    expect([...stage.store.calls.values()].at(-1)?.end?.outcome).toBe('closed');
    expect(stage.errors).toEqual([]);
  });
});
