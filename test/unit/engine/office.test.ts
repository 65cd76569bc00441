import { describe, expect, test } from 'vitest';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { Slot } from '../../../src/domain/callback/ticket.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { NewPosition, OfficeRequest, TicketView } from '../../../src/engine/ticket-office.ts';
import { numberPolicy, SHIPPED_HOURS } from '../../support/number-policy.ts';
import { RINGS, Stage } from './stage.ts';

const REQUEST: OfficeRequest = {
  queue: 'refunds',
  number: '(202) 555-0123',
  dnis: '+18005550100',
  language: 'en',
  isTty: false,
  slot: undefined,
  promptVersion: 'form 7',
};
const QUARTER_MS = 15 * 60_000;

/** Slots of a quarter of an hour, for two customers each; at most three tickets in line. */
const WITH_SLOTS: Partial<QueueSettings> = {
  expectedHandleSeconds: 300,
  callback: {
    ...USUAL_CALLBACKS,
    offer: { ...USUAL_CALLBACKS.offer, maxOpenTickets: 3 },
    slots: {
      minutes: 15,
      bookableShare: 0.34,
      horizonHours: 4,
      forecast: [
        {
          days: ['thu', 'fri'],
          fromMinute: 0,
          toMinute: 1440,
          agents: 2,
        },
      ],
    },
  },
};

async function opened(queue: Partial<QueueSettings> = WITH_SLOTS): Promise<Stage> {
  const stage = new Stage(1, queue);
  await stage.engine.start();
  return stage;
}

async function created(stage: Stage, change: Partial<OfficeRequest> = {}): Promise<TicketView> {
  const answer = await stage.engine.office.create({ ...REQUEST, ...change });
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  return answer;
}

async function several(stage: Stage, count: number): Promise<readonly TicketId[]> {
  const ids: TicketId[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    ids.push((await created(stage, { number: `202555011${nth}` })).ticket.id);
    await stage.pass(0.1);
  }
  return ids;
}

function order(stage: Stage): readonly TicketId[] {
  const page = { after: undefined, limit: 100 };
  return stage.engine.office.list('refunds', page).map(({ ticket }) => ticket.id);
}

/** The stage's clock begins 1,000 seconds after midnight. */
function slotAt(quarter: number): Slot {
  return { from: quarter * QUARTER_MS, to: (quarter + 1) * QUARTER_MS };
}

describe('a callback asked for by a program', () => {
  test('stands at the end of the line, and is on disk when it is answered', async () => {
    const stage = await opened();
    await stage.callerInLine('+12025550155');
    const { ticket, line } = await created(stage);
    expect(stage.store.tickets.get(ticket.id)).toEqual(ticket);
    expect(ticket).toMatchObject({ number: '+12025550123', queue: 'refunds' });
    expect(ticket.consent).toMatchObject({ key: 'api', source: 'api', promptVersion: 'form 7' });
    expect(line?.ahead).toBe(1);
  });

  test('is called by the next agent who is free', async () => {
    const stage = await opened();
    await created(stage);
    await stage.agentReady('agent0');
    await stage.pass(0.1);
    expect(stage.dialled[0]).toMatchObject({ number: '+12025550123', callerId: '+18005550100' });
  });

  test.each<[string, Partial<OfficeRequest>, object]>([
    ['no such queue', { queue: 'nowhere' }, { refused: 'unknownQueue' }],
    ['none of our numbers', { dnis: '+18005550199' }, { refused: 'unknownDnis' }],
    ['no number', { number: 'call me' }, { refused: 'number', rule: 'invalid' }],
    ['a number of ours', { number: '8005550100' }, { refused: 'number', rule: 'own' }],
    ['off the grid', { slot: { from: 1, to: 2 } }, { refused: 'slotTaken' }],
    ['a slot that is over', { slot: slotAt(0) }, { refused: 'slotTaken' }],
    ['a slot too far ahead', { slot: slotAt(40) }, { refused: 'slotTaken' }],
  ])('is refused: %s', async (_name, change, refusal) => {
    const stage = await opened();
    expect(await stage.engine.office.create({ ...REQUEST, ...change })).toEqual(refusal);
    expect(stage.store.tickets.size).toBe(0);
  });

  test('is refused while registering is off, and where the line holds as many as may be', async () => {
    const stage = await opened();
    await several(stage, 3);
    expect(await stage.engine.office.create(REQUEST)).toEqual({ refused: 'tooManyTickets' });
    await stage.engine.office.turn('refunds', 'registering', false, 'flood');
    expect(await stage.engine.office.create(REQUEST)).toEqual({ refused: 'registeringOff' });
  });

  test('a number that is refused is in the ledger with its rule, without the number', async () => {
    const stage = await opened();
    await stage.engine.office.create({ ...REQUEST, number: '8005550100' });
    await stage.settle();
    const fact = stage.store.facts.find(({ what }) => what === 'numberRefused');
    expect(fact?.detail).toEqual({ rule: 'own', stage: 'registration' });
  });

  test('a slot is booked until it is full, and called in it', async () => {
    const stage = await opened();
    const slot = slotAt(3);
    const first = await created(stage, { slot });
    await created(stage, { slot });
    expect(await stage.engine.office.create({ ...REQUEST, slot })).toEqual({
      refused: 'slotTaken',
    });
    expect(stage.engine.office.slots('refunds', 0)).not.toContainEqual(slot);
    expect(first.ticket.state).toMatchObject({ notBefore: slot.from, because: 'slot' });
    await stage.agentReady('agent0');
    await stage.pass((slot.from - stage.clock.now()) / 1000 - 1);
    expect(stage.dialled).toEqual([]);
    await stage.pass(2);
    expect(stage.dialled[0]?.kind).toBe('customer');
  });
});

describe('a slot when it is night where the number rings', () => {
  /** 21:00 in the District of Columbia. */
  const NINE_PM = 8;

  test('is not to be had, neither at first nor in exchange', async () => {
    const stage = await opened();
    await stage.reload({ numbers: numberPolicy({ callingHours: SHIPPED_HOURS }) });
    const slot = slotAt(NINE_PM);
    const { office } = stage.engine;
    expect(await office.create({ ...REQUEST, slot })).toEqual({ refused: 'slotTaken' });
    const { ticket } = await created(stage, { slot: slotAt(NINE_PM - 1) });
    expect(await office.reschedule(ticket.id, slot)).toEqual({ refused: 'slotTaken' });
    expect(await office.reschedule(ticket.id, slotAt(NINE_PM - 2))).toHaveProperty('ticket');
  });
});

describe('a ticket is changed', () => {
  test('cancelled: it leaves the line, and is not called', async () => {
    const stage = await opened();
    const [first = 'ticket-', second] = await several(stage, 2);
    const answer = await stage.engine.office.cancel(first, 'api');
    expect(answer).toMatchObject({ ticket: { state: { name: 'cancelled', by: 'api' } } });
    expect(order(stage)).toEqual([second]);
    await stage.agentReady('agent0');
    await stage.pass(0.1);
    expect(stage.dialled[0]).toMatchObject({ number: '+12025550111' });
    expect(stage.errors).toEqual([]);
  });

  test('to another time, and back to now at the same place', async () => {
    const stage = await opened();
    const [first = 'ticket-', second = 'ticket-'] = await several(stage, 2);
    const later = await stage.engine.office.reschedule(first, slotAt(4));
    expect(later).toMatchObject({ ticket: { state: { because: 'slot' } } });
    stage.answers.push(RINGS, RINGS);
    await stage.agentReady('agent0');
    expect(stage.dialled[0]).toMatchObject({ number: '+12025550111' });
    expect(await stage.engine.office.reschedule(second, slotAt(4))).toMatchObject({
      refused: 'notWaiting',
      state: 'dialling',
    });
    await stage.engine.office.reschedule(first, undefined);
    await stage.pass(0.1);
    expect(order(stage)).toEqual([first, second]);
    expect(stage.store.tickets.get(first)?.slot).toBeUndefined();
  });

  test.each<[string, (ids: readonly TicketId[]) => NewPosition, readonly number[]]>([
    ['to the front', () => ({ to: 'front' }), [2, 0, 1]],
    ['to the back', () => ({ to: 'back' }), [0, 1, 2]],
    ['before another', (ids) => ({ to: 'before', ticket: ids[1] ?? 'ticket-' }), [0, 2, 1]],
  ])('moved %s, and nothing else of it; the reason is in the ledger', async (_name, to, then) => {
    const stage = await opened();
    const ids = await several(stage, 3);
    const last = ids[2] ?? 'ticket-';
    const before = stage.store.tickets.get(last);
    await stage.engine.office.move(last, to(ids), 'oxygen');
    expect(order(stage)).toEqual(then.map((index) => ids[index]));
    const after = stage.store.tickets.get(last);
    const { arrivedAt, arrivalSequence } = after ?? {};
    expect(after).toEqual({ ...before, arrivedAt, arrivalSequence });
    const fact = stage.store.facts.find(({ what }) => what === 'ticketMoved');
    expect(fact?.detail).toMatchObject({ by: 'operator', reason: 'oxygen' });
    await stage.agentReady('agent0');
    await stage.pass(0.1);
    expect(stage.dialled[0]).toMatchObject({ number: `+1202555011${then[0]}` });
  });

  test('not before one of another queue, or of none', async () => {
    const stage = await opened();
    const [first = 'ticket-'] = await several(stage, 1);
    const { ticket } = await created(stage, { queue: 'general' });
    for (const other of [ticket.id, 'ticket-none'] as const) {
      const answer = await stage.engine.office.move(first, { to: 'before', ticket: other }, 'why');
      expect(answer).toEqual({ refused: 'unknownTicket' });
    }
  });

  test.each(['cancel', 'reschedule', 'move'] as const)(
    '%s is refused while it is called, after its end, and if there is none',
    async (act) => {
      const stage = await opened();
      const { office } = stage.engine;
      const change = (id: TicketId) => {
        if (act === 'cancel') return office.cancel(id, 'api');
        if (act === 'move') return office.move(id, { to: 'front' }, 'why');
        return office.reschedule(id, undefined);
      };
      const [first = 'ticket-', second = 'ticket-'] = await several(stage, 2);
      stage.answers.push(RINGS);
      await stage.agentReady('agent0');
      expect(await change(first)).toEqual({ refused: 'notWaiting', state: 'dialling' });
      await office.cancel(second, 'operator');
      expect(await change(second)).toEqual({ refused: 'unknownTicket' });
      expect(await change('ticket-none')).toEqual({ refused: 'unknownTicket' });
      expect(stage.errors).toEqual([]);
    },
  );

  test('found at any age, with a place only while it waits', async () => {
    const stage = await opened();
    const [first = 'ticket-'] = await several(stage, 1);
    expect((await stage.engine.office.find(first))?.line?.ahead).toBe(0);
    await stage.engine.office.cancel(first, 'operator');
    const found = await stage.engine.office.find(first);
    expect(found).toMatchObject({ ticket: { state: { by: 'operator' } }, line: undefined });
    expect(await stage.engine.office.find('ticket-none')).toBeUndefined();
  });
});

describe('the list', () => {
  test('goes on behind a place, though the ticket that stood there has ended', async () => {
    const stage = await opened({});
    const ids = await several(stage, 6);
    const first = stage.engine.office.list('refunds', { after: undefined, limit: 3 });
    const last = first.at(-1)?.ticket;
    if (last === undefined) throw new Error('the list is empty');
    await stage.engine.office.cancel(last.id, 'operator');
    const rest = stage.engine.office.list('refunds', { after: last, limit: 3 });
    expect([...first, ...rest].map(({ ticket }) => ticket.id)).toEqual(ids);
  });

  test('shows tickets alone, and nothing of a queue that does not exist', async () => {
    const stage = await opened({});
    await stage.callerInLine('+12025550155');
    const ids = await several(stage, 2);
    expect(order(stage)).toEqual(ids);
    expect(stage.engine.office.list('nowhere', { after: undefined, limit: 9 })).toEqual([]);
  });
});

describe('a switch', () => {
  test.each(['offering', 'registering', 'dialling'] as const)(
    '%s is turned for one queue, with its reason in the ledger',
    async (which) => {
      const stage = await opened();
      const answer = await stage.engine.office.turn('refunds', which, false, 'storm');
      expect(answer).toMatchObject({ switches: { [which]: false } });
      const general = stage.engine.office.queues().find(({ queue }) => queue === 'general');
      expect(general?.switches[which]).toBe(true);
      const fact = stage.store.facts.find(({ what }) => what === 'switchTurned');
      expect(fact).toMatchObject({
        about: 'refunds',
        detail: { which, on: false, reason: 'storm' },
      });
    },
  );

  test('stays turned over a restart, and is unknown for a queue that does not exist', async () => {
    const stage = await opened();
    await stage.engine.office.turn('refunds', 'dialling', false, 'storm');
    await stage.restart();
    const refunds = stage.engine.office.queues().find(({ queue }) => queue === 'refunds');
    expect(refunds?.switches).toEqual({ offering: true, registering: true, dialling: false });
    expect(await stage.engine.office.turn('nowhere', 'dialling', true, '')).toEqual({
      refused: 'unknownQueue',
    });
  });

  test('is given back to the configuration, over a restart too', async () => {
    const stage = await opened();
    await stage.engine.office.turn('refunds', 'dialling', false, 'storm');
    const answer = await stage.engine.office.turn('refunds', 'dialling', undefined, 'calm');
    expect(answer).toMatchObject({ switches: { dialling: true } });
    const { queues } = stage.plan;
    const refundsQueue = queues.get('refunds');
    if (refundsQueue === undefined) throw new Error('no such queue');
    const callback = { ...refundsQueue.callback, dialling: false };
    const changed = new Map(queues).set('refunds', { ...refundsQueue, callback });
    await stage.reload({ queues: changed });
    await stage.restart();
    const refunds = stage.engine.office.queues().find(({ queue }) => queue === 'refunds');
    expect(refunds?.switches.dialling).toBe(false);
    const fact = stage.store.facts.findLast(({ what }) => what === 'switchTurned');
    expect(fact?.detail).toMatchObject({ on: 'configured', reason: 'calm' });
  });

  test('counts only once it is on disk', async () => {
    const stage = new Stage(1, {}, (real) => ({
      commit: (changes) =>
        changes.some(({ kind }) => kind === 'switch')
          ? Promise.reject(new Error('disk full'))
          : real.commit(changes),
    }));
    await stage.engine.start();
    const turned = stage.engine.office.turn('refunds', 'dialling', false, 'storm');
    await expect(turned).rejects.toThrow('disk full');
    expect(stage.engine.office.queues()[0]?.switches.dialling).toBe(true);
  });
});

test('queues are told as they stand', async () => {
  const stage = await opened();
  await several(stage, 2);
  await stage.callerInLine('+12025550155');
  expect(stage.engine.office.queues()[0]).toMatchObject({
    queue: 'refunds',
    holders: 1,
    tickets: 2,
    staffed: 0,
    free: 0,
  });
});
