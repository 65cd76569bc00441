import { describe, expect, test } from 'vitest';
import { everyoneInLine } from '../../../src/domain/queue/line.ts';
import { Stage } from './stage.ts';

const ANI = '+12025550123';

/** A ticket, and behind it one who holds; nobody works. */
async function inLine(...args: ConstructorParameters<typeof Stage>): Promise<Stage> {
  const stage = new Stage(...args);
  await stage.engine.start();
  await stage.engine.office.create({
    queue: 'refunds',
    number: ANI,
    dnis: '+18005550100',
    language: 'en',
    isTty: false,
    slot: undefined,
    promptVersion: 'form',
  });
  await stage.pass(1);
  await stage.callerInLine('+12025550155');
  return stage;
}

function lineOf(stage: Stage): readonly string[] {
  const line = stage.engine.floor.queues.get('refunds')?.line;
  return line === undefined ? [] : [...everyoneInLine(line)].map(({ id }) => id);
}

describe('a caller who gives up their callback', () => {
  test('stands where it stood, and the ticket has ended', async () => {
    const stage = await inLine(1);
    const [ticket] = stage.store.tickets.values();
    const caller = await stage.caller(ANI);
    await stage.press(caller, '5');
    expect(caller.heard).toContain('prompts/back-on-hold');
    expect(caller.heard).not.toContain('prompts/welcome-back');
    expect(lineOf(stage)).toHaveLength(2);
    expect(stage.store.tickets.get(ticket?.id ?? 'ticket-')?.state).toMatchObject({
      name: 'cancelled',
      by: 'caller',
      because: 'returned',
    });
    const fact = stage.store.facts.findLast(({ what }) => what === 'returnedToLine');
    expect(fact?.detail).toMatchObject({
      arrivedAt: ticket?.arrivedAt,
      arrivalSequence: ticket?.arrivalSequence,
      ticketId: ticket?.id,
    });
    await stage.agentReady('agent0');
    expect(caller.heard).toContain('talk');
    expect(stage.errors).toEqual([]);
  });

  test('has the place though the disk does not take it yet', async () => {
    const stage = await inLine(1, {}, (real) => ({
      commit: (changes) =>
        changes.some((each) => each.kind === 'ticket' && each.ticket.state.name === 'cancelled')
          ? Promise.reject(new Error('disk full'))
          : real.commit(changes),
    }));
    const caller = await stage.caller(ANI);
    await stage.press(caller, '5');
    await stage.agentReady('agent0');
    expect(caller.heard).toContain('talk');
    expect(stage.dialled.filter(({ kind }) => kind === 'customer')).toEqual([]);
  });

  test('who hangs up then has left the line', async () => {
    const stage = await inLine(1);
    const caller = await stage.caller(ANI);
    caller.leg.press('5');
    caller.leg.end('party');
    await stage.settle();
    expect(lineOf(stage)).toHaveLength(1);
  });
});

describe('a caller whose callback was cancelled while they were asked', () => {
  test('stands at the end of the line', async () => {
    const stage = await inLine(1);
    const [ticket] = stage.store.tickets.values();
    const caller = await stage.caller(ANI);
    await stage.engine.office.cancel(ticket?.id ?? 'ticket-', 'api');
    await stage.press(caller, '5');
    expect(caller.heard).not.toContain('prompts/back-on-hold');
    expect(stage.store.facts.some(({ what }) => what === 'returnedToLine')).toBe(false);
    expect(lineOf(stage)).toHaveLength(2);
    expect(lineOf(stage)[1]).toMatch(/^call-/u);
    expect(stage.errors).toEqual([]);
  });
});

describe('a caller who joins', () => {
  test('stands at the end', async () => {
    const stage = await inLine(1);
    await stage.callerInLine('+12025550166');
    const [first = '', , last = ''] = lineOf(stage);
    expect(first).toMatch(/^ticket-/u);
    expect(last).toBe(stage.store.facts.findLast(({ what }) => what === 'joinedLine')?.about);
  });

  test('hears that the line is full, tickets counted', async () => {
    const hold = { announceEverySeconds: 60, maxWaiting: 2, fullPrompts: ['queue-full'] };
    const stage = await inLine(1, { hold });
    const caller = await stage.callerInLine('+12025550166');
    expect(caller.heard).toContain('prompts/queue-full');
    expect(lineOf(stage)).toHaveLength(2);
  });

  test('and hangs up has left the line', async () => {
    const stage = await inLine(1);
    const caller = await stage.callerInLine('+12025550166');
    caller.leg.end('party');
    await stage.settle();
    expect(lineOf(stage)).toHaveLength(2);
  });
});
