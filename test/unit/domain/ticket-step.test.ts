import { describe, expect, test } from 'vitest';
import { MAX_ATTEMPT_RECORDS } from '../../../src/domain/callback/retry.ts';
import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { AttemptCause, PauseReason, Ticket } from '../../../src/domain/callback/ticket.ts';
import {
  hasEnded,
  stepTicket,
  type TicketEvent,
} from '../../../src/domain/callback/ticket-step.ts';
import { IllegalMove } from '../../../src/domain/illegal-move.ts';

const settings = USUAL_CALLBACKS;

const NEW: Ticket = {
  id: 'ticket-1',
  queue: 'refunds',
  number: '+12025550123',
  dnis: '+18005550100',
  origin: {
    callId: 'call-1',
    waitingSince: 0,
    language: 'en',
    path: [],
    code: undefined,
    isTty: false,
  },
  arrivedAt: 0,
  arrivalSequence: 1,
  registeredAt: 5,
  consent: { key: '1', source: 'ani', at: 5, promptVersion: 'a1', language: 'en' },
  slot: undefined,
  state: { name: 'waiting', notBefore: 10, because: 'registered' },
  attempts: [],
};

const NOW = 1_000_000;
const DIAL: TicketEvent = { type: 'dial', agentId: 'alice' };

function after(ticket: Ticket, ...events: TicketEvent[]): Ticket {
  return events.reduce((each, event) => stepTicket(each, event, settings, NOW), ticket);
}

const BACK = { arrivedAt: NOW, arrivalSequence: 99 };

function attempt(ticket: Ticket, cause: Exclude<AttemptCause, 'choseLater'>): Ticket {
  return after(ticket, DIAL, { type: 'attemptEnded', cause, back: BACK });
}

describe('a ticket', () => {
  test('is connected after the customer confirmed', () => {
    const ticket = after(NEW, DIAL, { type: 'confirmed' }, { type: 'connected' });
    expect(ticket.state).toEqual({ name: 'connected', agentId: 'alice', at: NOW });
    expect(ticket.attempts).toEqual([
      { startedAt: NOW, endedAt: NOW, cause: 'connected', agentId: 'alice' },
    ]);
    expect(hasEnded(ticket)).toBe(true);
  });

  test.each<[string, TicketEvent[]]>([
    ['dialling', [DIAL]],
    ['reached', [DIAL, { type: 'confirmed' }]],
  ])('is %s as before when another agent is kept', (name, events) => {
    const before = after(NEW, ...events);
    const event: TicketEvent = { type: 'agentChanged', agentId: 'bob' };
    const { state } = stepTicket(before, event, settings, NOW + 5000);
    expect(before.state.name).toBe(name);
    expect(state).toEqual({ ...before.state, agentId: 'bob' });
  });

  test.each<[Exclude<AttemptCause, 'choseLater'>, number, PauseReason]>([
    ['busy', 5, 'unreachable'],
    ['noAnswer', 10, 'unreachable'],
    ['unreachable', 10, 'unreachable'],
    ['declined', 15, 'unreachable'],
    ['machine', 15, 'unreachable'],
    ['noKey', 15, 'unreachable'],
    ['hungUp', 15, 'unreachable'],
    ['congestion', 1, 'fault'],
    ['carrierFailure', 1, 'fault'],
    ['ourFailure', 1, 'fault'],
    ['interrupted', 0, 'registered'],
    ['withdrawn', 0, 'registered'],
  ])('waits after %s for %i minutes: %s', (cause, minutes, because) => {
    const ticket = attempt(NEW, cause);
    const notBefore = NOW + minutes * 60_000;
    expect(ticket.state).toEqual({ name: 'waiting', notBefore, because });
    expect(ticket.attempts.map((each) => each.cause)).toEqual([cause]);
  });

  test('waits as long as the customer asked', () => {
    const ticket = after(NEW, DIAL, { type: 'choseLater', minutes: 40 });
    const notBefore = NOW + 40 * 60_000;
    expect(ticket.state).toEqual({ name: 'waiting', notBefore, because: 'choseLater' });
    expect(ticket.attempts.map((each) => each.cause)).toEqual(['choseLater']);
  });

  test('is not called later for ever', () => {
    let ticket = NEW;
    for (let count = 0; count < MAX_ATTEMPT_RECORDS; count += 1) {
      ticket = after(ticket, DIAL, { type: 'choseLater', minutes: 10 });
    }
    expect(ticket.state).toEqual({ name: 'exhausted', at: NOW, cause: 'choseLater' });
  });

  test('an invalid number is not tried again', () => {
    expect(attempt(NEW, 'invalidNumber').state.name).toBe('exhausted');
  });

  test('a rule may count its own kind, and send to the end of the line', () => {
    const busy = { attempts: 2, pauseMinutes: 1, place: 'back' } as const;
    const { retry } = settings;
    const strict = { ...settings, retry: { ...retry, rules: { ...retry.rules, busy } } };
    const event: TicketEvent = { type: 'attemptEnded', cause: 'busy', back: BACK };
    const once = stepTicket(after(NEW, DIAL), event, strict, NOW);
    expect(once).toMatchObject(BACK);
    const twice = stepTicket(stepTicket(once, DIAL, strict, NOW), event, strict, NOW);
    expect(twice.state).toEqual({ name: 'exhausted', at: NOW, cause: 'busy' });
  });

  test('ends after the configured attempts, with the last cause', () => {
    const twice = attempt(attempt(NEW, 'busy'), 'noAnswer');
    expect(twice.state.name).toBe('waiting');
    expect(attempt(twice, 'noKey').state).toEqual({ name: 'exhausted', at: NOW, cause: 'noKey' });
  });

  test.each([['carrierFailure'], ['interrupted']] as const)(
    '%s costs no attempt, however often it comes, and few bytes',
    (cause) => {
      let ticket = NEW;
      for (let count = 0; count < 300; count += 1) ticket = attempt(ticket, cause);
      expect(ticket.state.name).toBe('waiting');
      expect(ticket.attempts).toEqual([
        { startedAt: NOW, endedAt: NOW, cause, agentId: 'alice', times: 300 },
      ]);
      expect(attempt(attempt(ticket, 'busy'), cause).attempts).toHaveLength(3);
    },
  );

  test('outlasts an outage of days, yet is tried again a minute after a short one', () => {
    let ticket = NEW;
    const pausesMs: number[] = [];
    while (ticket.state.name === 'waiting' && pausesMs.length < 200) {
      ticket = attempt(ticket, pausesMs.length % 2 === 0 ? 'ourFailure' : 'congestion');
      if (ticket.state.name === 'waiting') pausesMs.push(ticket.state.notBefore - NOW);
    }
    expect(pausesMs.slice(0, 3)).toEqual([60_000, 120_000, 240_000]);
    expect(pausesMs.reduce((sum, each) => sum + each)).toBeGreaterThan(48 * 3_600_000);
  });

  test('after another cause the pause for faults is short again', () => {
    const ticket = attempt(attempt(attempt(NEW, 'ourFailure'), 'busy'), 'ourFailure');
    expect(ticket.state).toEqual({ name: 'waiting', notBefore: NOW + 60_000, because: 'fault' });
  });

  test('is cancelled by the customer', () => {
    expect(attempt(NEW, 'choseCancel').state).toEqual({
      name: 'cancelled',
      at: NOW,
      by: 'callee',
      because: 'asked',
    });
  });

  test('keeps its place and who it is for through every attempt', () => {
    const { state: _state, attempts: _attempts, ...kept } = attempt(NEW, 'busy');
    expect(NEW).toMatchObject(kept);
  });

  test.each<[string, Ticket, TicketEvent]>([
    ['dialled twice at once', after(NEW, DIAL), DIAL],
    ['connected while waiting', NEW, { type: 'connected' }],
    ['confirmed while waiting', NEW, { type: 'confirmed' }],
    ['dialled after its end', attempt(NEW, 'choseCancel'), DIAL],
    [
      'cancelled by an operator while dialling',
      after(NEW, DIAL),
      { type: 'cancelled', by: 'operator', because: 'asked' },
    ],
  ])('can not be %s', (_name, ticket, event) => {
    expect(() => after(ticket, event)).toThrow(IllegalMove);
  });
});
