import { describe, expect, test } from 'vitest';
import { DialFailure } from '../../../src/domain/call/failure.ts';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { OpeningHours, Week } from '../../../src/domain/hours/hours.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { OfficeRequest } from '../../../src/engine/ticket-office.ts';
import { numberPolicy } from '../../support/number-policy.ts';
import { RINGS, Stage } from './stage.ts';

const REQUEST: OfficeRequest = {
  queue: 'refunds',
  number: '2025550123',
  dnis: '+18005550100',
  language: 'en',
  isTty: false,
  slot: undefined,
  promptVersion: 'form',
  // Numbers begin anew where a line has more tickets than there are.
  again: true,
};
/** A queue in which so many customers are called at once. */
function callingAtMost(maxCallsOut: number): Partial<QueueSettings> {
  const { dial, offer } = USUAL_CALLBACKS;
  return {
    callback: {
      ...USUAL_CALLBACKS,
      dial: { ...dial, maxCallsOut },
      offer: { ...offer, maxOpenTickets: 5_000 },
    },
  };
}

/** A stage on which so many callbacks were asked for by API. */
async function stageWith(
  tickets: number,
  ...args: ConstructorParameters<typeof Stage>
): Promise<Stage> {
  const stage = new Stage(...args);
  await stage.engine.start();
  for (let count = 0; count < tickets; count += 1) {
    const created = await stage.engine.office.create({ ...REQUEST, number: numberOf(count) });
    if ('refused' in created) throw new Error(`refused: ${created.refused}`);
  }
  await stage.pass(0.1);
  return stage;
}

/** One of the numbers that are nobody's. */
function numberOf(count: number): string {
  return `20255501${String(count % 100).padStart(2, '0')}`;
}

function customersOf(stage: Stage): readonly string[] {
  return stage.dialled.flatMap((target) => (target.kind === 'customer' ? [target.number] : []));
}

function assignmentsOf(stage: Stage): number {
  return stage.what().filter((what) => what === 'assigned').length;
}

const ALL_DAY = [{ fromMinute: 0, toMinute: 1440 }];
const NEVER: Week = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
/** The stage's clock begins on a Thursday. */
const FROM_FRIDAY: OpeningHours = {
  id: 'always',
  timeZone: 'UTC',
  week: { ...NEVER, fri: ALL_DAY },
  holidays: new Set(),
};

describe('nobody is called', () => {
  test('while dialling is switched off; the places are kept, and who holds is served', async () => {
    const stage = await stageWith(2, 1);
    await stage.engine.office.turn('refunds', 'dialling', false, 'carrier works');
    await stage.agentReady('agent0');
    await stage.pass(300);
    expect(customersOf(stage)).toEqual([]);
    expect(assignmentsOf(stage)).toBe(0);
    const holder = await stage.callerInLine('+12025550155');
    expect(holder.heard).toContain('talk');
    const served = stage.store.facts.find(({ what }) => what === 'assigned');
    expect(served?.detail).toMatchObject({ overtook: 2, unexplained: 0, held: 'dialling' });
    holder.leg.end('party');
    await stage.engine.office.turn('refunds', 'dialling', true, 'works over');
    await stage.pass(1);
    expect(customersOf(stage)).toEqual(['+12025550100']);
  });

  test('while the queue is closed; at the opening the first in line is', async () => {
    const stage = await stageWith(2, 1);
    await stage.reload({ hours: new Map([['always', FROM_FRIDAY]]) });
    await stage.agentReady('agent0');
    await stage.pass(3600);
    expect(assignmentsOf(stage)).toBe(0);
    await stage.pass(23 * 3600);
    expect(customersOf(stage)[0]).toBe('+12025550100');
  });

  test('while a stop is awaited', async () => {
    const stage = await stageWith(1, 1);
    stage.engine.drain();
    await stage.agentReady('agent0');
    await stage.pass(120);
    expect(customersOf(stage)).toEqual([]);
  });

  test('at night where they are, until it is day for them', async () => {
    const stage = await stageWith(1, 1);
    // The stage's clock begins at a quarter past seven in the evening in New York.
    const day = [{ fromMinute: 8 * 60, toMinute: 19 * 60 }];
    const usual: Week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
    const callingHours = {
      usual,
      byRegion: new Map(),
      holidays: new Set<string>(),
      unplacedTimeZones: ['America/New_York'],
    };
    await stage.reload({ numbers: numberPolicy({ callingHours }) });
    await stage.agentReady('agent0');
    await stage.pass(3600);
    expect(customersOf(stage)).toEqual([]);
    expect(assignmentsOf(stage)).toBe(1);
    // Whoever watches the ticket sees why, and until when; once.
    const told = stage.happenings.flatMap((each) => (each.what === 'ticketMoved' ? [each] : []));
    const notBefore = Date.parse('1970-01-01T13:00:00Z');
    expect(told.slice(1).map(({ ticket }) => ticket.state)).toEqual([
      { name: 'waiting', because: 'calledHours', notBefore },
    ]);
    await stage.pass(24 * 3600);
    expect(customersOf(stage)[0]).toBe('+12025550100');
  });

  test('whose number the rules refuse by now: the ticket ends with the rule in the ledger', async () => {
    const stage = await stageWith(2, 1);
    const denied = numberPolicy({ ownNumbers: new Set(['+12025550100'] as const) });
    await stage.reload({ numbers: denied });
    await stage.agentReady('agent0');
    expect(customersOf(stage)).toEqual(['+12025550101']);
    const [ticket] = stage.store.tickets.values();
    expect(ticket?.state).toMatchObject({ name: 'cancelled', because: 'numberRefused' });
    const fact = stage.store.facts.find(({ what }) => what === 'numberRefused');
    expect(fact?.detail).toEqual({ rule: 'own', stage: 'dialling' });
  });
});

describe('as many are called at once as may be', () => {
  test('and the next once one of them has ended', async () => {
    const stage = await stageWith(3, 9, callingAtMost(2));
    stage.answers.push(RINGS, new DialFailure('busy'));
    await stage.agentReady('agent0');
    await stage.agentReady('agent3');
    expect(customersOf(stage)).toEqual(['+12025550100', '+12025550101', '+12025550102']);
  });

  test('which a line of thousands does not notice: no agent is kept in vain', async () => {
    const stage = await stageWith(2_000, 30, callingAtMost(2));
    stage.answers.push(RINGS, RINGS, RINGS, RINGS);
    for (const agent of [0, 3, 6, 9, 12, 15]) await stage.agentReady(`agent${agent}`);
    await stage.pass(60);
    expect(customersOf(stage)).toHaveLength(2);
    expect(assignmentsOf(stage)).toBe(2);
    expect(stage.errors).toEqual([]);
  });

  test('who talks with an agent is not called any more', async () => {
    const stage = await stageWith(2, 9, callingAtMost(1));
    await stage.agentReady('agent0');
    const customer = stage.lastParty();
    await stage.pass(5);
    await stage.agentReady('agent3');
    expect(customersOf(stage)).toHaveLength(1);
    await stage.press(customer, '1');
    expect(stage.what()).toContain('talking');
    await stage.pass(3);
    expect(customersOf(stage)).toHaveLength(2);
  });

  test('and who holds is not kept waiting by those who can not be called', async () => {
    const stage = await stageWith(3, 9, callingAtMost(1));
    stage.answers.push(RINGS);
    await stage.agentReady('agent0');
    await stage.agentReady('agent3');
    const holder = await stage.callerInLine('+12025550155');
    expect(holder.heard).toContain('talk');
  });

  test('by what the trunks can carry, looked at again and again', async () => {
    const stage = await stageWith(500, 9);
    stage.capacity = 0;
    for (const agent of [0, 3, 6]) await stage.agentReady(`agent${agent}`);
    await stage.pass(60);
    expect(customersOf(stage)).toEqual([]);
    expect(assignmentsOf(stage)).toBeLessThanOrEqual(3);
    stage.capacity = 10;
    stage.answers.push(RINGS, RINGS, RINGS);
    await stage.pass(3);
    expect(customersOf(stage)).toHaveLength(3);
  });

  test('by what the trunks can carry for all queues, those who are about to be called with them', async () => {
    const stage = await stageWith(3, 9, {
      callback: { ...USUAL_CALLBACKS, dial: { ...USUAL_CALLBACKS.dial, order: 'agentFirst' } },
    });
    stage.capacity = 2;
    // The agents' phones ring: no customer's call has left.
    stage.answers.push(RINGS, RINGS, RINGS);
    for (const agent of [0, 3, 6]) await stage.agentReady(`agent${agent}`);
    expect(assignmentsOf(stage)).toBe(2);
    const left = [...stage.engine.floor.queues.values()].map(({ calls }) => calls.left);
    expect(left).toEqual(left.map(() => 0));
    stage.capacity = 3;
    await stage.pass(3);
    expect(assignmentsOf(stage)).toBe(3);
  });

  test('by the ceiling for all numbers together, which the line waits for as one', async () => {
    const stage = await stageWith(500, 9);
    const ceilings = { ...numberPolicy({}).ceilings, attemptsPerMinute: 2 };
    await stage.reload({ numbers: numberPolicy({ ceilings }) });
    stage.answers.push(new DialFailure('busy'), new DialFailure('busy'));
    await stage.agentReady('agent0');
    await stage.pass(30);
    expect(customersOf(stage)).toHaveLength(2);
    expect(assignmentsOf(stage)).toBe(3);
    stage.answers.push(RINGS);
    await stage.pass(60);
    // The one for whom an agent was kept in vain keeps the place.
    expect(customersOf(stage)[2]).toBe('+12025550102');
  });
});

test('a customer who pressed 1 gets another agent though no more may be called', async () => {
  const stage = await stageWith(3, 9, callingAtMost(1));
  await stage.agentReady('agent0');
  const customer = stage.lastParty();
  await stage.pass(5);
  stage.answers.push(new DialFailure('noAnswer'));
  await stage.press(customer, '1');
  expect(customer.heard).toContain('prompts/callback-apology');
  await stage.agentReady('agent3');
  expect(customer.heard).toContain('talk');
  expect(stage.dialled.at(-1)).toMatchObject({ agentId: 'agent3' });
});

describe('a customer for whom no agent comes', () => {
  /** Pressed 1; the agent who was kept does not answer, and nobody else works. */
  async function alone(): Promise<Stage> {
    const stage = await stageWith(1, 1);
    await stage.agentReady('agent0');
    stage.answers.push(new DialFailure('noAnswer'));
    await stage.press(stage.lastParty(), '1');
    return stage;
  }

  test('hears an apology, and after some minutes that we will call again; it costs nothing', async () => {
    const stage = await alone();
    const customer = stage.lastParty();
    await stage.pass(400);
    expect(customer.heard.slice(-4)).toEqual([
      'prompts/callback-apology',
      'music',
      'prompts/callback-later',
      'hung up',
    ]);
    const [ticket] = stage.store.tickets.values();
    expect(ticket?.attempts.map(({ cause }) => cause)).toEqual(['ourFailure']);
    expect(ticket?.state).toMatchObject({ name: 'waiting', because: 'fault' });
    await stage.agentReady('agent0');
    await stage.pass(60);
    expect(customersOf(stage)).toHaveLength(2);
  });

  test('meets the first who comes, though late', async () => {
    const stage = await alone();
    const customer = stage.lastParty();
    await stage.pass(120);
    await stage.agentReady('agent0');
    expect(customer.heard.at(-1)).toBe('talk');
    await stage.pass(400);
    expect(customer.leg.isUp).toBe(true);
  });
});
