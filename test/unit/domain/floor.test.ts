import { describe, expect, test } from 'vitest';
import type { AgentPresence } from '../../../src/domain/agent/agent.ts';
import { valueAt } from '../../../src/domain/collections/ordered-map.ts';
import type { CallId, TicketId } from '../../../src/domain/ids.ts';
import { IllegalMove } from '../../../src/domain/illegal-move.ts';
import type { FloorEvent } from '../../../src/domain/queue/floor.ts';
import type { Entry } from '../../../src/domain/queue/line.ts';
import { READY, Told } from './told-floor.ts';

const call = (id: string): CallId => `call-${id}`;

describe('the floor', () => {
  test('serves in order of arrival', () => {
    const told = new Told({ alice: ['refunds'] }).holder('1').holder('2').ready('alice');
    expect(told.assignments).toEqual(['alice:call-1']);
  });

  test('gives a caller to the agent idle longest', () => {
    const told = new Told({ alice: ['refunds'], bob: ['refunds'] });
    told.ready('bob').ready('alice').holder('1');
    expect(told.assignments).toEqual(['bob:call-1']);
  });

  test('gives an agent of two queues the earliest arrival of both', () => {
    const told = new Told({ alice: ['refunds', 'general'] });
    told.holder('1', 'general').holder('2', 'refunds').ready('alice');
    expect(told.assignments).toEqual(['alice:call-1']);
  });

  test('offers nothing to an agent without a telephone, on break, or logged out', () => {
    const told = new Told({ alice: ['refunds'], bob: ['refunds'], carol: ['refunds'] });
    told.tell({ type: 'chose', agentId: 'alice', presence: READY });
    told.ready('bob').tell({
      type: 'chose',
      agentId: 'bob',
      presence: { name: 'break', since: 0, reason: 'chosen' },
    });
    told.holder('1');
    expect(told.assignments).toEqual([]);
    told.tell({ type: 'reachable', agentId: 'alice', reachable: true });
    expect(told.assignments).toEqual(['alice:call-1']);
  });

  test('after no answer: the agent is on break, the caller goes to the next agent', () => {
    const told = new Told({ alice: ['refunds'], bob: ['refunds'] }).ready('alice').ready('bob');
    told
      .holder('1')
      .tell(
        { type: 'agentRinging', entryId: call('1') },
        { type: 'agentMissed', entryId: call('1'), reason: 'ringNoAnswer' },
      );
    expect(told.assignments).toEqual(['alice:call-1', 'bob:call-1']);
    expect(told.activity('alice')).toBe('break');
    expect(told.effects).toContainEqual({
      type: 'presenceChanged',
      agentId: 'alice',
      presence: { name: 'break', since: told.now, reason: 'ringNoAnswer' },
    });
  });

  test('a caller whose agent did not answer keeps the place before later arrivals', () => {
    const told = new Told({ alice: ['refunds'], bob: ['refunds'] }).ready('alice').holder('1');
    told
      .holder('2')
      .tell(
        { type: 'agentRinging', entryId: call('1') },
        { type: 'agentMissed', entryId: call('1'), reason: 'ringNoAnswer' },
      );
    told.ready('bob');
    expect(told.assignments).toEqual(['alice:call-1', 'bob:call-1']);
  });

  test('a hang-up while the agent rings gives the agent to the next caller', () => {
    const told = new Told({ alice: ['refunds'] }).ready('alice').holder('1').holder('2');
    told.tell({ type: 'agentRinging', entryId: call('1') }, { type: 'left', entryId: call('1') });
    expect(told.assignments).toEqual(['alice:call-1', 'alice:call-2']);
  });

  test('after talk the agent rests, then takes the next caller', () => {
    const told = new Told({ alice: ['refunds'] }).ready('alice').holder('1').holder('2');
    told.tell(
      { type: 'agentRinging', entryId: call('1') },
      { type: 'agentAnswered', entryId: call('1') },
      { type: 'conversationEnded', agentId: 'alice', queue: 'refunds' },
    );
    expect(told.activity('alice')).toBe('wrapUp');
    const wrapUp = told.effects.find(({ type }) => type === 'startWrapUp');
    expect(wrapUp).toEqual({ type: 'startWrapUp', agentId: 'alice', until: told.now + 20_000 });
    const early = told.effects.length;
    told.tell({ type: 'wrapUpEnded', agentId: 'alice' });
    expect(told.activity('alice')).toBe('wrapUp');
    expect(told.effects.slice(early)).toEqual([wrapUp]);
    told.now += 20_000;
    told.tell({ type: 'wrapUpEnded', agentId: 'alice' });
    expect(told.assignments).toEqual(['alice:call-1', 'alice:call-2']);
  });

  test('a break chosen in talk begins after the rest', () => {
    const told = new Told({ alice: ['refunds'] }).ready('alice').holder('1');
    const presence: AgentPresence = { name: 'break', since: 5, reason: 'chosen' };
    told.tell(
      { type: 'agentAnswered', entryId: call('1') },
      { type: 'chose', agentId: 'alice', presence },
      { type: 'conversationEnded', agentId: 'alice', queue: 'refunds' },
    );
    told.now += 20_000;
    told.tell({ type: 'wrapUpEnded', agentId: 'alice' }).holder('2');
    expect(told.activity('alice')).toBe('break');
    expect(told.assignments).toEqual(['alice:call-1']);
  });

  test('a break chosen in talk is forgotten when the agent ends the rest as ready', () => {
    const told = new Told({ alice: ['refunds'] }).ready('alice').holder('1');
    told.tell(
      { type: 'agentAnswered', entryId: 'call-1' },
      { type: 'chose', agentId: 'alice', presence: { name: 'break', since: 0, reason: 'chosen' } },
      { type: 'conversationEnded', agentId: 'alice', queue: 'refunds' },
      { type: 'chose', agentId: 'alice', presence: READY },
    );
    told.holder('2').tell({ type: 'left', entryId: 'call-2' });
    expect(valueAt(told.floor.agents, 'alice')?.agent.activity.name).toBe('ready');
  });

  test('a ticket stands where its caller stood, and is served once it is due', () => {
    const told = new Told({ alice: ['refunds'] }).holder('1').holder('2');
    const placed = valueAt(told.floor.entries, call('1'));
    const ticketId: TicketId = 'ticket-1';
    if (placed === undefined) throw new Error('call-1 is not in line');
    const entry: Entry = { ...placed.entry, id: ticketId, kind: 'ticket' };
    told.tell(
      { type: 'replaced', callId: call('1'), entry, pause: 'registered' },
      { type: 'due', entryId: ticketId },
    );
    told.ready('alice');
    expect(told.assignments).toEqual(['alice:ticket-1']);
    told.tell({ type: 'deferred', entryId: ticketId, pause: 'unreachable' });
    expect(told.assignments).toEqual(['alice:ticket-1', 'alice:call-2']);
    expect(valueAt(told.floor.entries, ticketId)).toBeDefined();
  });

  test('a new configuration loses nobody', () => {
    const told = new Told({ alice: ['refunds'], bob: ['refunds'] }).ready('alice').holder('1');
    told.holder('2').tell({ type: 'agentAnswered', entryId: call('1') });
    told.tell({ type: 'configured', queues: [], agents: [], presences: new Map() });
    expect(told.activity('alice')).toBe('talking');
    expect(told.activity('bob')).toBeUndefined();
    expect(valueAt(told.floor.entries, call('2'))).toBeDefined();
  });

  test.each<[string, FloorEvent]>([
    ['somebody enters twice', { type: 'entered', entry: entryOf('1'), pause: undefined }],
    ['an unknown caller leaves', { type: 'left', entryId: 'call-unknown' }],
    ['an agent answers nobody', { type: 'agentAnswered', entryId: call('1') }],
    ['a conversation ends that never began', conversationEnded('alice')],
  ])('throws when %s', (_name, event) => {
    const told = new Told({ alice: ['refunds'] });
    told.tell({ type: 'entered', entry: entryOf('1'), pause: undefined });
    expect(() => told.tell(event)).toThrow(IllegalMove);
  });
});

function entryOf(id: string): Entry {
  return {
    id: call(id),
    kind: 'holder',
    queue: 'refunds',
    arrivedAt: 1,
    arrivalSequence: 1,
    skills: [],
  };
}

function conversationEnded(agentId: string): FloorEvent {
  return { type: 'conversationEnded', agentId, queue: 'refunds' };
}
