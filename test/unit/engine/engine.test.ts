import { describe, expect, test } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { RINGS, Stage } from './stage.ts';

const LONG_WAIT = { expectedHandleSeconds: 600 };

/** A stage with one agent, who is busy with somebody, so that the next caller is offered a callback. */
async function busyStage(...args: ConstructorParameters<typeof Stage>): Promise<Stage> {
  const stage = new Stage(...args);
  await stage.engine.start();
  await stage.agentReady('agent0');
  await stage.callerInLine('+12025550111');
  expect(stage.what()).toContain('talking');
  return stage;
}

/** Takes the offer on the number shown. */
async function takeTicket(stage: Stage, ani?: string) {
  const caller = await stage.callerInLine(ani);
  await stage.pass(2);
  await stage.press(caller, '1');
  return caller;
}

/** The agent's present conversation ends. */
async function freeAgent(stage: Stage): Promise<void> {
  const agent = stage.parties.find(({ leg }) => leg.who.kind === 'agent' && leg.isUp);
  agent?.leg.end('party');
  await stage.pass(0.1);
}

describe('durable first', () => {
  test('"you may hang up" is said only once the ticket is on disk', async () => {
    const pending: (() => void)[] = [];
    const stage = await busyStage(1, LONG_WAIT, (store) => ({
      commit: (changes) =>
        changes.some(({ kind }) => kind === 'ticket')
          ? new Promise((resolve) => {
              pending.push(() => {
                resolve(store.commit(changes));
              });
            })
          : store.commit(changes),
    }));
    const caller = await takeTicket(stage);
    expect(pending).toHaveLength(1);
    await stage.pass(5);
    expect(caller.heard).not.toContain('prompts/ticket-confirmed');
    pending[0]?.();
    await stage.settle();
    expect(caller.heard).toContain('prompts/ticket-confirmed');
  });

  test('a ticket that can not be kept is said so, and the caller keeps the place', async () => {
    const stage = await busyStage(1, LONG_WAIT, () => ({
      commit: (changes) =>
        changes.some(({ kind }) => kind === 'ticket')
          ? Promise.reject(new Error('disk full'))
          : Promise.resolve(),
    }));
    const caller = await takeTicket(stage);
    expect(caller.heard).toContain('prompts/ticket-failed');
    expect(stage.errors).toContain('ticket was not kept');
    await freeAgent(stage);
    expect(caller.heard).toContain('talk');
  });

  test('a hang-up before the key leaves no ticket, one after it exactly one', async () => {
    const stage = await busyStage(1, LONG_WAIT);
    const before = await stage.callerInLine();
    await stage.pass(2);
    before.leg.end('party');
    await stage.settle();
    expect(stage.store.tickets.size).toBe(0);
    const after = await stage.callerInLine();
    await stage.pass(2);
    after.leg.press('1');
    after.leg.end('party');
    await stage.pass(60);
    expect(stage.store.tickets.size).toBe(1);
    expect(stage.engine.state.openTickets).toBe(1);
  });
});

describe('a callback', () => {
  test('is not dialled while its caller is still on the line', async () => {
    const stage = await busyStage(1, LONG_WAIT);
    await takeTicket(stage);
    await freeAgent(stage);
    expect(stage.dialled.filter(({ kind }) => kind === 'customer')).toEqual([]);
    await stage.pass(10);
    expect(stage.dialled.at(-1)).toEqual({
      kind: 'customer',
      number: '+12025550123',
      callerId: '+18005550100',
    });
  });

  test('rings the agent after the key, joins both, and records the customer on the left', async () => {
    const stage = await busyStage(1, LONG_WAIT);
    await takeTicket(stage);
    await freeAgent(stage);
    await stage.pass(10);
    const customer = stage.lastParty();
    expect(customer.heard.slice(0, 2)).toEqual(['prompts/callback-intro', 'prompts/name-tax-help']);
    expect(stage.dialled.at(-1)?.kind).toBe('customer');
    await stage.press(customer, '1');
    expect(stage.dialled.at(-1)).toMatchObject({ kind: 'agent', agentId: 'agent0' });
    expect(customer.leg.peer?.who.kind).toBe('agent');
    expect(customer.leg.recordingTo).toMatch(/^rec-/u);
    customer.leg.peer?.end('party');
    await stage.settle();
    expect(customer.heard).toContain('hung up');
    const [ticket] = stage.store.tickets.values();
    expect(ticket?.state.name).toBe('connected');
    const recordings = [...stage.store.recordings.values()].filter(
      ({ ticketId }) => ticketId === ticket?.id,
    );
    expect(recordings.map(({ state }) => state.name)).toEqual(['finished']);
  });

  test.each(['busy', 'noAnswer', 'declined'] as const)(
    '%s frees the agent at once for the next in line',
    async (cause) => {
      const stage = await busyStage(1, LONG_WAIT);
      await takeTicket(stage);
      const holder = await stage.callerInLine('+12025550155');
      await stage.pass(60);
      stage.answers.push(new DialFailure(cause));
      await freeAgent(stage);
      expect(holder.heard).toContain('talk');
      const [ticket] = stage.store.tickets.values();
      expect(ticket?.attempts.map((attempt) => attempt.cause)).toEqual([cause]);
      expect(ticket?.state.name).toBe('waiting');
    },
  );

  test('goes to the next agent when the first does not answer', async () => {
    const stage = new Stage(6, LONG_WAIT);
    await stage.engine.start();
    await stage.agentReady('agent0');
    await stage.callerInLine('+12025550111');
    await takeTicket(stage);
    await freeAgent(stage);
    await stage.pass(10);
    const customer = stage.lastParty();
    stage.answers.push(new DialFailure('noAnswer'));
    await stage.press(customer, '1');
    expect(stage.what()).toContain('agentMissed');
    await stage.agentReady('agent3');
    expect(customer.leg.peer?.who.kind).toBe('agent');
    expect(stage.dialled.at(-1)).toMatchObject({ agentId: 'agent3' });
  });
});

describe('a caller who is served at once', () => {
  test('hears no offer, though tickets pause in the line', async () => {
    const stage = await busyStage(1, LONG_WAIT);
    await takeTicket(stage);
    await stage.pass(60);
    stage.answers.push(new DialFailure('busy'));
    await freeAgent(stage);
    const offers = stage.what().filter((what) => what === 'callbackOffered').length;
    const next = await stage.callerInLine('+12025550155');
    expect(next.heard).toContain('talk');
    expect(next.heard).not.toContain('prompts/notice-callback');
    expect(stage.what().filter((what) => what === 'callbackOffered')).toHaveLength(offers);
    expect(stage.happenings.findLast(({ what }) => what === 'joinedLine')).toMatchObject({
      ahead: 0,
      waitSeconds: 0,
    });
  });
});

describe('a conversation', () => {
  test('goes on when it can not be recorded; the row and the log say so', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    await stage.agentReady('agent0');
    const caller = await stage.caller();
    caller.leg.startRecording = () => Promise.reject(new Error('no space left on device'));
    await stage.press(caller, '1');
    expect(caller.heard).toContain('talk');
    expect(stage.errors).toContain('recording failed');
    const [recording] = stage.store.recordings.values();
    expect(recording?.state).toMatchObject({ name: 'failed', reason: 'no space left on device' });
  });

  test('goes on when the recording is lost in the middle; the row and the log say so at once', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    await stage.agentReady('agent0');
    const caller = await stage.callerInLine();
    caller.leg.loseRecording();
    await stage.settle();
    expect(caller.leg.isUp).toBe(true);
    expect(stage.errors).toEqual(['recording failed']);
    caller.leg.end('party');
    await stage.settle();
    expect([...stage.store.recordings.values()].map(({ state }) => state.name)).toEqual(['failed']);
  });

  test('a caller who hangs up while the agent rings withdraws the ringing', async () => {
    const stage = new Stage(1);
    await stage.engine.start();
    await stage.agentReady('agent0');
    stage.answers.push(RINGS);
    const caller = await stage.callerInLine();
    caller.leg.end('party');
    await stage.settle();
    const next = await stage.callerInLine();
    expect(next.heard).toContain('talk');
  });
});

describe('after a kill', () => {
  test('tickets stand in line in their order, and the attempt under way cost nothing', async () => {
    const stage = await busyStage(1, LONG_WAIT);
    await takeTicket(stage, '+12025550131');
    await stage.pass(30);
    await takeTicket(stage, '+12025550132');
    await stage.pass(30);
    stage.answers.push(RINGS);
    await freeAgent(stage);
    const [first, second] = stage.store.tickets.values();
    expect(first?.state.name).toBe('dialling');
    await stage.restart();
    await stage.agentReady('agent0');
    await stage.pass(1);
    expect(stage.dialled.at(-1)).toMatchObject({ number: '+12025550131' });
    const again = stage.store.tickets.get(first?.id ?? 'ticket-none');
    expect(again?.attempts.map(({ cause }) => cause)).toEqual(['interrupted']);
    expect(stage.store.tickets.get(second?.id ?? 'ticket-none')?.state.name).toBe('waiting');
  });

  test('a ticket just taken is called after a short rest: the call it was taken in has ended', async () => {
    const stage = await busyStage(1, LONG_WAIT);
    await takeTicket(stage, '+12025550131');
    expect(stage.store.tickets.size).toBe(1);
    await stage.restart();
    await stage.agentReady('agent0');
    await stage.pass(1);
    expect(stage.dialled.filter(({ kind }) => kind === 'customer')).toEqual([]);
    await stage.pass(2);
    expect(stage.dialled.at(-1)).toMatchObject({ number: '+12025550131' });
  });

  test('calls and recordings that were cut off are closed as such', async () => {
    const stage = await busyStage(1);
    await stage.restart();
    await stage.settle();
    expect([...stage.store.recordings.values()].map(({ state }) => state.name)).toEqual([
      'interrupted',
    ]);
    expect([...stage.store.calls.values()].every(({ end }) => end !== undefined)).toBe(true);
  });
});

describe('a drain', () => {
  test('refuses new calls and lets those under way end', async () => {
    const stage = await busyStage(1);
    stage.engine.drain();
    await stage.caller();
    expect(stage.rejected).toEqual([503]);
    expect(stage.engine.state.calls).toBe(1);
    await freeAgent(stage);
    expect(stage.engine.state.calls).toBe(0);
  });
});
