import { describe, expect, test } from 'vitest';
import type { TicketId } from '../../../src/domain/ids.ts';
import { RINGS, Stage } from './stage.ts';

const ANI = '+12025550123';

async function booked(number: string, agents = 1): Promise<Stage> {
  const stage = new Stage(agents);
  await stage.engine.start();
  await book(stage, number);
  return stage;
}

async function book(stage: Stage, number: string): Promise<TicketId> {
  const answer = await stage.engine.office.create({
    queue: 'refunds',
    number,
    dnis: '+18005550100',
    language: 'en',
    isTty: false,
    slot: undefined,
    promptVersion: 'form',
    again: true,
  });
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  await stage.pass(0.1);
  return answer.ticket.id;
}

describe('who is on the telephone with us about a callback', () => {
  test('is not called meanwhile, and is once they have hung up', async () => {
    const stage = await booked(ANI);
    const caller = await stage.caller(ANI);
    await stage.agentReady('agent0');
    await stage.pass(60);
    expect(stage.dialled).toEqual([]);
    caller.leg.end('party');
    await stage.pass(5);
    expect(stage.dialled).toMatchObject([{ kind: 'customer', number: ANI }]);
    expect(stage.errors).toEqual([]);
  });

  test('has the call that rings elsewhere withdrawn, at no cost, and can go back in line', async () => {
    const stage = await booked(ANI);
    stage.answers.push(RINGS);
    await stage.agentReady('agent0');
    expect(stage.dialled).toHaveLength(1);
    const caller = await stage.caller(ANI);
    expect(caller.heard).toContain('prompts/repeat-intro');
    const [ticket] = stage.store.tickets.values();
    expect(ticket?.attempts.map(({ cause }) => cause)).toEqual(['withdrawn']);
    await stage.press(caller, '5');
    expect(caller.heard).toContain('talk');
    expect(stage.errors).toEqual([]);
  });
});

test('two callbacks of one number do not ring at the same time', async () => {
  const stage = await booked(ANI, 6);
  await book(stage, ANI);
  stage.answers.push(RINGS);
  await stage.agentReady('agent0');
  await stage.agentReady('agent3');
  await stage.pass(10);
  expect(stage.dialled.filter(({ kind }) => kind === 'customer')).toHaveLength(1);
});

test('a caller who goes back in line just as an agent gets free talks with that agent', async () => {
  const stage = await booked(ANI);
  const caller = await stage.caller(ANI);
  caller.leg.press('5');
  await stage.agentReady('agent0');
  await stage.pass(5);
  expect(caller.heard).toContain('talk');
  expect(stage.errors).toEqual([]);
});
