import { describe, expect, test } from 'vitest';
import { CallFailure, DialFailure } from '../../../src/domain/call/failure.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import { Stage } from './stage.ts';

const LONG_WAIT = { expectedHandleSeconds: 600 };

function activityOf(stage: Stage, agentId: string): string | undefined {
  return valueAt(stage.engine.floor.agents, agentId)?.agent.activity.name;
}

describe('a fault of ours', () => {
  test('at ringing the agents sends none of them on break', async () => {
    const stage = new Stage(6);
    await stage.engine.start();
    await stage.agentReady('agent0');
    await stage.agentReady('agent3');
    stage.answers.push(new DialFailure('ourFailure'), new DialFailure('ourFailure'));
    const caller = await stage.callerInLine();
    expect([activityOf(stage, 'agent0'), activityOf(stage, 'agent3')]).toEqual([
      'wrapUp',
      'wrapUp',
    ]);
    await stage.pass(6);
    expect(caller.heard).toContain('talk');
  });

  test('at joining the two sends the agent not on break', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    await stage.agentReady('agent0');
    const caller = await stage.caller();
    const bridge = caller.leg.bridge.bind(caller.leg);
    caller.leg.bridge = () => Promise.reject(new CallFailure('freeswitch', 'injected'));
    await stage.press(caller, '1');
    expect(activityOf(stage, 'agent0')).toBe('wrapUp');
    caller.leg.bridge = bridge;
    await stage.pass(6);
    expect(caller.heard).toContain('talk');
  });

  test('at dialling customers is not repeated ticket after ticket at once', async () => {
    const stage = new Stage(1, LONG_WAIT);
    await stage.engine.start();
    await stage.agentReady('agent0');
    await stage.callerInLine('+12025550111');
    for (const ani of ['+12025550131', '+12025550132', '+12025550133']) {
      const caller = await stage.callerInLine(ani);
      await stage.pass(2);
      await stage.press(caller, '1');
    }
    await stage.pass(60);
    stage.answers.push(...Array.from({ length: 3 }, () => new DialFailure('ourFailure')));
    stage.parties.find(({ leg }) => leg.who.kind === 'agent' && leg.isUp)?.leg.end('party');
    await stage.pass(1);
    expect(stage.dialled.filter(({ kind }) => kind === 'customer')).toHaveLength(1);
    await stage.pass(5);
    expect(stage.dialled.filter(({ kind }) => kind === 'customer')).toHaveLength(2);
  });
});

describe('a ticket that is slow to reach the disk', () => {
  /** One agent in talk; the next caller has asked for a callback, and the disk has not answered. */
  async function saving() {
    const answers: ((kept: boolean) => void)[] = [];
    const stage = new Stage(1, LONG_WAIT, (store) => ({
      commit: (changes) =>
        changes.some(({ kind }) => kind === 'ticket')
          ? new Promise((resolve, reject) => {
              answers.push((kept) => {
                if (kept) resolve(store.commit(changes));
                else reject(new Error('disk full'));
              });
            })
          : store.commit(changes),
    }));
    await stage.engine.start();
    await stage.agentReady('agent0');
    const first = await stage.callerInLine('+12025550111');
    const caller = await stage.callerInLine();
    await stage.pass(2);
    await stage.press(caller, '1');
    const answer = async (kept: boolean) => {
      answers[0]?.(kept);
      await stage.settle();
    };
    return { stage, first, caller, answer };
  }

  test('and fails, with an agent found meanwhile: the two talk', async () => {
    const { stage, first, caller, answer } = await saving();
    first.leg.end('party');
    await stage.pass(1);
    expect(activityOf(stage, 'agent0')).toBe('reserved');
    await answer(false);
    expect(caller.heard).toContain('talk');
  });

  test('its call names it though the caller hung up before', async () => {
    const { stage, caller, answer } = await saving();
    caller.leg.end('party');
    await answer(true);
    const [ticket] = stage.store.tickets.values();
    const call = stage.store.calls.get(ticket?.origin.callId ?? 'none');
    expect(call).toMatchObject({ ticketId: ticket?.id, end: { outcome: 'ticketTaken' } });
  });

  test('and fails after the caller hung up: no ticket is claimed, nobody stays in line', async () => {
    const { stage, first, caller, answer } = await saving();
    caller.leg.end('party');
    await answer(false);
    expect([...stage.store.calls.values()].map(({ end }) => end?.outcome)).toEqual([
      undefined,
      'failed',
    ]);
    first.leg.end('party');
    await stage.pass(1);
    expect(activityOf(stage, 'agent0')).toBe('ready');
  });
});

describe('a move that the store refuses', () => {
  test.each([
    ['connected', '1'],
    ['cancelled', '3'],
  ])(
    'is kept later: a customer who is %s is not called again after a restart',
    async (name, key) => {
      let broken = false;
      const stage = new Stage(1, LONG_WAIT, (store) => ({
        commit: (changes) =>
          broken ? Promise.reject(new Error('disk full')) : store.commit(changes),
      }));
      await stage.engine.start();
      await stage.agentReady('agent0');
      const first = await stage.callerInLine('+12025550111');
      const caller = await stage.callerInLine();
      await stage.pass(2);
      await stage.press(caller, '1');
      await stage.pass(10);
      first.leg.end('party');
      await stage.pass(1);
      broken = true;
      const customer = stage.lastParty();
      await stage.press(customer, key);
      await stage.pass(4);
      customer.leg.end('party');
      await stage.pass(4);
      const [ticket] = stage.store.tickets.values();
      expect(ticket?.state.name).toBe('dialling');
      broken = false;
      await stage.pass(6);
      expect(customer.heard).not.toContain('prompts/callback-cancelled');
      expect([...stage.store.tickets.values()][0]?.state.name).toBe(name);
      await stage.restart();
      expect(stage.engine.state.openTickets).toBe(0);
    },
  );
});

test('a ticket is dialled though the end of its call is never told', async () => {
  const stage = new Stage(1, LONG_WAIT);
  await stage.engine.start();
  await stage.agentReady('agent0');
  const first = await stage.callerInLine('+12025550111');
  const caller = await stage.callerInLine();
  await stage.pass(2);
  caller.leg.hangUp = () => Promise.resolve();
  caller.leg.play = () => new Promise(() => undefined);
  await stage.press(caller, '1');
  first.leg.end('party');
  await stage.pass(31);
  expect(stage.dialled.at(-1)).toMatchObject({ kind: 'customer' });
});
