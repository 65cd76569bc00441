import { describe, expect, test } from 'vitest';
import { Told, WRAP_UP_MS } from './told-floor.ts';

const LEAD_MS = 8_000;

/** Alice rests after a conversation; customers are called eight seconds before such a rest ends. */
function resting(): Told {
  const told = new Told({ alice: ['refunds'] });
  told.tell({ type: 'leadMeasured', queue: 'refunds', leadMs: LEAD_MS });
  return told.ready('alice').holder('0').afterTalk('alice', 'call-0');
}

/** So many milliseconds before the end of the rest. */
function soon(told: Told, beforeMs = LEAD_MS): Told {
  const rest = told.effects.findLast((effect) => effect.type === 'startWrapUp');
  told.now = (rest?.until ?? 0) - beforeMs - 1;
  return told.tell({ type: 'wrapUpEndsSoon', agentId: 'alice' });
}

function restOver(told: Told): Told {
  told.now += LEAD_MS;
  return told.tell({ type: 'wrapUpEnded', agentId: 'alice' });
}

describe('calling ahead', () => {
  test('is thought of the lead before the rest ends', () => {
    const rest = resting().effects.findLast((effect) => effect.type === 'startWrapUp');
    expect((rest?.until ?? 0) - (rest?.soonAt ?? 0)).toBe(LEAD_MS);
  });

  test('not at all until it was measured', () => {
    const told = new Told({ alice: ['refunds'] }).ready('alice').holder('0');
    told.afterTalk('alice', 'call-0').ticket('1');
    const rest = told.effects.findLast((effect) => effect.type === 'startWrapUp');
    expect(rest?.soonAt).toBeUndefined();
    expect(soon(told).assignments).toEqual(['alice:call-0']);
  });

  test('keeps the resting agent for the first ticket, who is told once the rest is over', () => {
    const told = soon(resting().ticket('1').ticket('2'));
    expect(told.lastAssigned).toMatchObject({ ready: false, entry: { id: 'ticket-1' } });
    expect(told.activity('alice')).toBe('wrapUp');
    restOver(told);
    expect(told.effects.at(-1)).toEqual({
      type: 'agentReady',
      agentId: 'alice',
      entryId: 'ticket-1',
    });
    expect(told.activity('alice')).toBe('reserved');
  });

  test.each<[string, (told: Told) => Told]>([
    ['a holder whose turn is next: they are there already', (told) => told.holder('1').ticket('2')],
    ['nobody', (told) => told],
  ])('not for %s', (_name, line) => {
    expect(soon(line(resting())).assignments).toEqual(['alice:call-0']);
  });

  test('not long before the end of the rest', () => {
    expect(soon(resting().ticket('1'), LEAD_MS + 5).assignments).toEqual(['alice:call-0']);
  });

  test('nobody else is given the agent meanwhile', () => {
    const told = soon(resting().ticket('1')).holder('2').ticket('3');
    restOver(told);
    expect(told.assignments).toEqual(['alice:call-0', 'alice:ticket-1']);
  });

  test('a customer who is not reached lets the agent rest, and the next be called', () => {
    const told = soon(resting().ticket('1').ticket('2'));
    told.tell({ type: 'deferred', entryId: 'ticket-1', pause: 'unreachable' });
    expect(told.activity('alice')).toBe('wrapUp');
    told.tell({ type: 'wrapUpEndsSoon', agentId: 'alice' });
    expect(told.assignments.at(-1)).toBe('alice:ticket-2');
  });

  test('a break chosen meanwhile begins after the customer who is being called', () => {
    const told = soon(resting().ticket('1'));
    const presence = { name: 'break', since: told.now, reason: 'chosen' } as const;
    told.tell({ type: 'chose', agentId: 'alice', presence });
    expect(told.agentOf('ticket-1')).toBe('alice');
    restOver(told);
    expect(told.activity('alice')).toBe('reserved');
    told.tell({ type: 'deferred', entryId: 'ticket-1', pause: 'unreachable' });
    expect(told.activity('alice')).toBe('break');
  });

  test('ready again before the end: the customer is joined now, and no break follows', () => {
    const told = soon(resting().ticket('1'));
    const since = told.now;
    told.tell(
      { type: 'chose', agentId: 'alice', presence: { name: 'break', since, reason: 'chosen' } },
      { type: 'chose', agentId: 'alice', presence: { name: 'ready', since } },
    );
    expect(told.effects.at(-1)?.type).toBe('agentReady');
    told.afterTalk('alice', 'ticket-1');
    told.now += WRAP_UP_MS;
    told.tell({ type: 'wrapUpEnded', agentId: 'alice' });
    expect(told.activity('alice')).toBe('ready');
  });

  test('not for an agent whose telephone has gone', () => {
    const leaving = resting().ticket('1');
    leaving.tell({ type: 'reachable', agentId: 'alice', reachable: false });
    expect(soon(leaving).assignments).toEqual(['alice:call-0']);
  });

  test('not while nobody may be called', () => {
    const told = resting().ticket('1');
    const calls = { left: 0, because: 'closed' } as const;
    told.tell({ type: 'callsAllowed', queue: 'refunds', calls });
    expect(soon(told).assignments).toEqual(['alice:call-0']);
  });
});

describe('as many as may be called', () => {
  const allow = (told: Told, left: number): Told =>
    told.tell({ type: 'callsAllowed', queue: 'refunds', calls: { left, because: 'dialling' } });

  test('and no more: agents stay free for who holds', () => {
    const told = allow(new Told({ alice: ['refunds'], bob: ['refunds'] }), 1);
    told.ready('alice').ready('bob').ticket('1').ticket('2');
    expect(told.assignments).toEqual(['alice:ticket-1']);
    told.holder('3');
    expect(told.lastAssigned).toMatchObject({
      agentId: 'bob',
      entry: { id: 'call-3' },
      overtook: { count: 2, unexplained: 0 },
      held: 'dialling',
    });
  });

  test('more are called in their order once there is room', () => {
    const told = allow(new Told({ alice: ['refunds'], bob: ['refunds'] }), 0);
    told.ready('alice').ready('bob').ticket('1').ticket('2').ticket('3');
    expect(told.assignments).toEqual([]);
    expect(allow(told, 5).assignments).toEqual(['alice:ticket-1', 'bob:ticket-2']);
  });

  test('a customer on the telephone whose agent did not come is not held back', () => {
    const told = new Told({ alice: ['refunds'], bob: ['refunds'] }).ready('alice').ticket('1');
    allow(told, 0).tell(
      { type: 'agentRinging', entryId: 'ticket-1' },
      { type: 'agentMissed', entryId: 'ticket-1', reason: 'ringNoAnswer' },
    );
    expect(told.ready('bob').assignments).toEqual(['alice:ticket-1', 'bob:ticket-1']);
  });

  test('of one queue says nothing of another', () => {
    const told = allow(new Told({ alice: ['refunds', 'general'] }), 0);
    told.ticket('1').ticket('2', 'general').ready('alice');
    expect(told.assignments).toEqual(['alice:ticket-2']);
  });
});

describe('places', () => {
  test('a caller who gives up their ticket stands where it stood', () => {
    const told = new Told({ alice: ['refunds'] }).ticket('1').holder('2');
    const place = { arrivedAt: 1_000, arrivalSequence: 1 };
    const entry = { id: 'call-9', kind: 'holder', queue: 'refunds', skills: [], ...place } as const;
    told.tell({ type: 'returned', ticketId: 'ticket-1', entry }).ready('alice');
    expect(told.assignments).toEqual(['alice:call-9']);
  });

  test('one who is moved is served there; one who is with an agent stays', () => {
    const told = new Told({ alice: ['refunds'] }).holder('1').holder('2').ticket('3');
    const front = { arrivedAt: 1, arrivalSequence: 0 };
    told.tell({ type: 'moved', entryId: 'ticket-3', place: front }).ready('alice');
    expect(told.assignments).toEqual(['alice:ticket-3']);
    told.tell({
      type: 'moved',
      entryId: 'ticket-3',
      place: { arrivedAt: 9e9, arrivalSequence: 0 },
    });
    told.tell({ type: 'agentMissed', entryId: 'ticket-3', reason: 'ringNoAnswer' });
    expect(told.ready('alice').assignments.at(-1)).toBe('alice:ticket-3');
  });

  test('one who is moved in a pause stays in it', () => {
    const told = new Told({ alice: ['refunds'] }).ticket('1').ready('alice');
    told.tell({ type: 'deferred', entryId: 'ticket-1', pause: 'unreachable' });
    told.tell({ type: 'moved', entryId: 'ticket-1', place: { arrivedAt: 1, arrivalSequence: 0 } });
    expect(told.assignments).toHaveLength(1);
    expect(told.tell({ type: 'due', entryId: 'ticket-1' }).assignments).toHaveLength(2);
  });
});
