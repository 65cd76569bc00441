import { describe, expect, test } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import { lineFactOf } from '../../../src/domain/queue/line-fact.ts';
import {
  EMPTY_HISTORY,
  isInLine,
  type LineHistory,
  type Overtake,
  stepHistory,
} from '../../../src/domain/queue/overtake.ts';
import { RINGS, Stage } from './stage.ts';

/** The line as the ledger of a stage tells of it. */
function readLedger(stage: Stage): { history: LineHistory; overtakes: readonly Overtake[] } {
  let history = EMPTY_HISTORY;
  const overtakes: Overtake[] = [];
  for (const recorded of stage.store.facts) {
    const fact = lineFactOf(recorded);
    if (fact === undefined) continue;
    const step = stepHistory(history, fact);
    history = step.history;
    overtakes.push(...step.overtakes);
  }
  return { history, overtakes };
}

async function withTickets(count: number): Promise<Stage> {
  const stage = new Stage(4);
  await stage.engine.start();
  for (let nth = 0; nth < count; nth += 1) {
    await stage.engine.office.create({
      queue: 'refunds',
      number: `202555013${nth}`,
      dnis: '+18005550100',
      language: 'en',
      isTty: false,
      slot: undefined,
      promptVersion: 'form',
    });
    await stage.pass(0.1);
  }
  return stage;
}

describe('the ledger tells why somebody was served first', () => {
  test('dialling was off', async () => {
    const stage = await withTickets(2);
    await stage.engine.office.turn('refunds', 'dialling', false, 'works');
    await stage.callerInLine('+12025550155');
    await stage.agentReady('agent0');
    expect(readLedger(stage).overtakes.map(({ reason }) => reason)).toEqual([
      'dialling',
      'dialling',
    ]);
  });

  test('they were being called, or could not be reached', async () => {
    const stage = await withTickets(2);
    stage.answers.push(new DialFailure('busy'), RINGS);
    await stage.agentReady('agent0');
    await stage.callerInLine('+12025550155');
    await stage.agentReady('agent3');
    const reasons = readLedger(stage).overtakes.map(({ reason }) => reason);
    expect(reasons).toEqual(['unreachable', 'unreachable', 'beingCalled']);
  });

  test('a supervisor moved the other to the front', async () => {
    const stage = await withTickets(3);
    const [, , last] = stage.store.tickets.keys();
    await stage.engine.office.move(last ?? 'ticket-', { to: 'front' }, 'oxygen');
    stage.answers.push(RINGS);
    await stage.agentReady('agent0');
    expect(readLedger(stage).overtakes.map(({ reason }) => reason)).toEqual(['moved', 'moved']);
  });

  test('and has nobody in line at the end who has left', async () => {
    const stage = await withTickets(1);
    const holder = await stage.callerInLine('+12025550155');
    const [ticketId = 'ticket-'] = stage.store.tickets.keys();
    await stage.engine.office.cancel(ticketId, 'operator');
    holder.leg.end('party');
    await stage.settle();
    const { history } = readLedger(stage);
    expect(isInLine(history, ticketId)).toBe(false);
    expect(history.standing).toEqual(EMPTY_HISTORY.standing);
  });
});

describe('after a kill', () => {
  test('who held is in nobody’s way any more', async () => {
    const stage = await withTickets(0);
    await stage.callerInLine('+12025550155');
    await stage.restart();
    const [call] = stage.store.calls.values();
    expect(call?.end?.outcome).toBe('failed');
    expect(isInLine(readLedger(stage).history, call?.id ?? 'call-none')).toBe(false);
  });

  test('a ticket whose pause was over is ready again: who goes first needs a reason', async () => {
    const stage = await withTickets(1);
    stage.answers.push(new DialFailure('busy'));
    await stage.agentReady('agent0');
    const killed = stage.engine;
    stage.clock.set(3_600_000);
    await stage.restart();
    killed.stop();
    const [ticketId] = stage.store.tickets.keys();
    const { history } = readLedger(stage);
    expect(ticketId && valueAt(history.standing, ticketId)?.status).toBe('ready');
  });
});
