import { describe, expect, test } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import { type Party, RINGS, Stage } from './stage.ts';

const ANI = '+12025550123';
const NOBODY_ANSWERS = new DialFailure('noAnswer');

/** A stage on which somebody has a callback booked, and nobody works. */
async function booked(...args: ConstructorParameters<typeof Stage>): Promise<Stage> {
  const stage = new Stage(...args);
  await stage.engine.start();
  await create(stage, ANI);
  return stage;
}

async function create(stage: Stage, number: string): Promise<TicketId> {
  const answer = await stage.engine.office.create({
    queue: 'refunds',
    number,
    dnis: '+18005550100',
    language: 'en',
    isTty: false,
    slot: undefined,
    promptVersion: 'form',
  });
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  await stage.pass(0.1);
  return answer.ticket.id;
}

/** The one agent calls, is not answered, and goes home. */
async function missed(stage: Stage): Promise<void> {
  stage.answers.push(NOBODY_ANSWERS);
  await stage.agentReady('agent0');
  await stage.shortCode('agent0', '*72');
  await stage.pass(30);
}

/** Who is asked what to do with their callback. */
function isAsked(caller: Party): boolean {
  return caller.heard.includes('prompts/repeat-intro');
}

describe('a caller', () => {
  test('whose number has a callback is asked, another one is not', async () => {
    const stage = await booked(1);
    expect(isAsked(await stage.caller(ANI))).toBe(true);
    expect(isAsked(await stage.caller('+12025550177'))).toBe(false);
  });

  test('who keeps it is told so, and it stands where it stood', async () => {
    const stage = await booked(1);
    const caller = await stage.caller(ANI);
    await stage.press(caller, '1');
    expect(caller.heard).toContain('prompts/repeat-kept');
    expect(stage.engine.state.openTickets).toBe(1);
  });

  test('is not told that a callback is kept which was cancelled meanwhile', async () => {
    const stage = await booked(1);
    const caller = await stage.caller(ANI);
    const [ticket] = stage.store.tickets.values();
    await stage.engine.office.cancel(ticket?.id ?? 'ticket-', 'api');
    await stage.press(caller, '1');
    expect(caller.heard).not.toContain('prompts/repeat-kept');
    expect(caller.heard).toContain('prompts/repeat-gone');
  });

  test('who asks for another in the same queue keeps the one', async () => {
    const stage = await booked(1, { expectedHandleSeconds: 600 });
    await stage.callerInLine('+12025550155');
    const caller = await stage.caller(ANI);
    // Silence leads to the menu.
    while (!caller.heard.includes('prompts/main-menu')) await stage.pass(1);
    await stage.press(caller, '1');
    while (!caller.heard.includes('prompts/offer-use-ani-keys')) await stage.pass(1);
    await stage.press(caller, '1');
    expect(caller.heard).toContain('prompts/repeat-kept');
    expect(stage.engine.state.openTickets).toBe(1);
    expect(stage.errors).toEqual([]);
  });

  test('who changes to a number that has another there is told, and asked again', async () => {
    const stage = await booked(1);
    await create(stage, '+12125550142');
    const caller = await stage.caller(ANI);
    await stage.press(caller, '22125550142');
    await stage.press(caller, '1');
    expect(caller.heard).toContain('prompts/number-not-now');
    expect(stage.engine.state.openTickets).toBe(2);
  });

  test('who cancels it is not called any more', async () => {
    const stage = await booked(1);
    const caller = await stage.caller(ANI);
    await stage.press(caller, '3');
    expect(caller.heard).toContain('prompts/repeat-cancelled');
    await stage.agentReady('agent0');
    await stage.pass(60);
    expect(stage.dialled).toEqual([]);
    expect(isAsked(await stage.caller(ANI))).toBe(false);
    expect(stage.errors).toEqual([]);
  });

  test('who is told of a cancellation only once it is on disk', async () => {
    const stage = await booked(1, {}, (real) => ({
      commit: (changes) =>
        changes.some((each) => each.kind === 'ticket' && each.ticket.state.name === 'cancelled')
          ? Promise.reject(new Error('disk full'))
          : real.commit(changes),
    }));
    const caller = await stage.caller(ANI);
    await stage.press(caller, '3');
    expect(caller.heard).not.toContain('prompts/repeat-cancelled');
    expect(caller.heard).toContain('prompts/service-error');
  });

  test('who keys another number is called there', async () => {
    const stage = await booked(1);
    const caller = await stage.caller(ANI);
    await stage.press(caller, '22125550142');
    await stage.press(caller, '1');
    expect(caller.heard).toContain('prompts/repeat-number-changed');
    caller.leg.end('party');
    await stage.agentReady('agent0');
    await stage.pass(35);
    expect(stage.dialled[0]).toMatchObject({ number: '+12125550142' });
    expect(isAsked(await stage.caller(ANI))).toBe(false);
  });

  test('is not called meanwhile; once they have hung up they are', async () => {
    const stage = await booked(1);
    const caller = await stage.caller(ANI);
    await stage.agentReady('agent0');
    await stage.press(caller, '1');
    expect(stage.dialled).toEqual([]);
    caller.leg.end('party');
    await stage.pass(35);
    expect(stage.dialled[0]).toMatchObject({ number: ANI });
  });

  test('who calls in while their telephone is being rung: that call is withdrawn, at no cost', async () => {
    const stage = await booked(1);
    stage.answers.push(RINGS);
    await stage.agentReady('agent0');
    const caller = await stage.caller(ANI);
    expect(isAsked(caller)).toBe(true);
    const [ticket] = stage.store.tickets.values();
    expect(ticket?.state.name).toBe('waiting');
    expect(ticket?.attempts.map(({ cause }) => cause)).toEqual(['withdrawn']);
    await stage.press(caller, '3');
    expect(caller.heard).toContain('prompts/repeat-cancelled');
    expect(stage.errors).toEqual([]);
  });

  test('who can not be looked up is a stranger; the log says why', async () => {
    const stage = new Stage(1, {}, () => ({
      recentTicketOf: () => Promise.reject(new Error('disk gone')),
    }));
    await stage.engine.start();
    const caller = await stage.caller(ANI);
    expect(caller.heard).toContain('prompts/main-menu');
    expect(stage.errors).toEqual(['a caller could not be looked up']);
  });
});

describe('after a missed callback', () => {
  test('who calls in is welcomed back to the front, and not asked', async () => {
    const stage = await booked(1);
    await missed(stage);
    const holder = await stage.callerInLine('+12025550155');
    const caller = await stage.caller(ANI);
    expect(isAsked(caller)).toBe(false);
    expect(caller.heard).toContain('prompts/welcome-back');
    await stage.agentReady('agent0');
    expect(caller.heard).toContain('talk');
    expect(holder.heard).not.toContain('talk');
    const fact = stage.store.facts.findLast(({ what }) => what === 'returnedToLine');
    expect(fact?.detail).toMatchObject({ grace: true });
  });

  test('and the time of grace they are asked like anybody', async () => {
    const stage = await booked(1);
    await missed(stage);
    await stage.pass(USUAL_CALLBACKS.retry.graceMinutes * 60);
    expect(isAsked(await stage.caller(ANI))).toBe(true);
  });

  test('that was the last, they are let to the front once, at the place they had', async () => {
    const retry = { ...USUAL_CALLBACKS.retry, maxAttempts: 1 };
    const stage = await booked(1, { callback: { ...USUAL_CALLBACKS, retry } });
    const [ticket] = stage.store.tickets.values();
    await missed(stage);
    expect(stage.engine.state.openTickets).toBe(0);
    await stage.callerInLine('+12025550155');
    const caller = await stage.caller(ANI);
    expect(caller.heard).toContain('prompts/welcome-back');
    const fact = stage.store.facts.findLast(({ what }) => what === 'returnedToLine');
    expect(fact?.detail).toMatchObject({ arrivedAt: ticket?.arrivedAt });
    caller.leg.end('party');
    await stage.settle();
    expect((await stage.caller(ANI)).heard).not.toContain('prompts/welcome-back');
  });

  test('and two calls of theirs at once, one is let to the front, and the other stands at the end', async () => {
    const stage = await booked(1);
    await missed(stage);
    const holder = await stage.callerInLine('+12025550155');
    const [one, other] = await Promise.all([stage.caller(ANI), stage.caller(ANI)]);
    const [, , ...both] = stage.parties;
    expect([one, other].every((each) => both.includes(each))).toBe(true);
    await stage.pass(1);
    const back = both.filter(({ heard }) => heard.includes('prompts/welcome-back'));
    expect(back).toHaveLength(1);
    const facts = stage.store.facts.filter(({ what }) => what === 'returnedToLine');
    expect(facts).toHaveLength(1);
    expect(stage.engine.floor.queues.get('refunds')?.line).toBeDefined();
    await stage.agentReady('agent0');
    expect(back[0]?.heard).toContain('talk');
    expect(holder.heard).not.toContain('talk');
    expect(stage.errors).toEqual([]);
  });

  test('they are let to the front once, also where the server was started anew meanwhile', async () => {
    const retry = { ...USUAL_CALLBACKS.retry, maxAttempts: 1 };
    const stage = await booked(1, { callback: { ...USUAL_CALLBACKS, retry } });
    await missed(stage);
    const caller = await stage.caller(ANI);
    expect(caller.heard).toContain('prompts/welcome-back');
    caller.leg.end('party');
    await stage.settle();
    await stage.restart();
    expect((await stage.caller(ANI)).heard).not.toContain('prompts/welcome-back');
  });
});
